import type { Command, Machine, Ran } from "../src/server/machine";

/** A machine from tables: which programs there are, what they say, and where links lead. */
export interface Table {
  readonly platform?: NodeJS.Platform;
  readonly environment?: Record<string, string>;
  /** By the program's path, what it says to each line of arguments. What is not said fails. */
  readonly programs: Record<string, Record<string, string>>;
  readonly links?: Record<string, string>;
}

export interface Scripted extends Machine {
  /** What was run, in its order. */
  readonly ran: string[];
}

export function scripted(table: Table): Scripted {
  const ran: string[] = [];
  return {
    ran,
    platform: table.platform ?? "linux",
    environment: table.environment ?? { PATH: "/usr/bin" },
    home: "/home/ada",
    isProgram: (path) => Promise.resolve(path in table.programs),
    real: (path) => Promise.resolve(table.links?.[path] ?? path),
    run: (command: Command): Promise<Ran> => {
      const args = command.args.join(" ");
      ran.push(`${command.program} ${args}`);
      const said = table.programs[command.program]?.[args];
      return Promise.resolve({ ok: said !== undefined, output: said ?? "no such thing" });
    },
  };
}
