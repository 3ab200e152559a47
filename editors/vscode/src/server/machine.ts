import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, lstat, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";

/** A program with its arguments. `program` is a full path: nothing is looked up by the system. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** What a program that has ended has said. */
export interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

/** The machine that the server would run on, as far as discovery asks it. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Whether a file is there that may be run. */
  isProgram(path: string): Promise<boolean>;
  /** The path without links; the path itself where there is nothing. */
  real(path: string): Promise<string>;
  /** Runs it to its end in the user's home; never throws. */
  run(command: Command, timeoutMs: number): Promise<Ran>;
}

/** This machine. */
export const machine: Machine = {
  platform: process.platform,
  environment: process.env,
  home: homedir(),

  async isProgram(path) {
    try {
      await access(path, constants.X_OK);
      return (await stat(path)).isFile();
    } catch {
      return await isAlias(path);
    }
  },

  async real(path) {
    try {
      return await realpath(path);
    } catch {
      return path;
    }
  },

  run(command, timeoutMs) {
    return new Promise((resolve) => {
      const options = { cwd: homedir(), timeout: timeoutMs, windowsHide: true };
      const ended = (error: Error | null, stdout: string, stderr: string): void => {
        const said = `${stdout}\n${stderr}`.trim();
        resolve({ ok: error === null, output: said || (error?.message ?? "") });
      };
      try {
        execFile(command.program, [...command.args], options, ended);
      } catch (error) {
        // what cannot even be begun: a batch file on Windows, a path with a null character
        resolve({ ok: false, output: error instanceof Error ? error.message : String(error) });
      }
    });
  },
};

/** Whether it is how Windows keeps a program of its Store: it can be run, and not be looked into. */
async function isAlias(path: string): Promise<boolean> {
  try {
    return process.platform === "win32" && (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}
