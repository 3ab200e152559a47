import { posix, win32 } from "node:path";
import type { Machine } from "./machine";

/** The rules for paths of the machine that is asked about, which need not be this one. */
export function rules(machine: Machine): typeof posix {
  return machine.platform === "win32" ? win32 : posix;
}

/** Whether *path* lies in one of *folders*, by its name or by where its links lead. */
export async function isWithin(
  machine: Machine,
  path: string,
  folders: readonly string[],
): Promise<boolean> {
  const real = await machine.real(path);
  for (const folder of folders) {
    const others = [folder, await machine.real(folder)];
    if (others.some((each) => holds(machine, each, path) || holds(machine, each, real))) {
      return true;
    }
  }
  return false;
}

function holds(machine: Machine, folder: string, path: string): boolean {
  const paths = rules(machine);
  const way = paths.relative(folder, path);
  return way !== ".." && !way.startsWith(`..${paths.sep}`) && !paths.isAbsolute(way);
}

/** The program called *name* on the PATH, as the system would find it but for relative folders,
 * which mean the workspace, and for *forbidden* ones. */
export async function onPath(
  machine: Machine,
  name: string,
  forbidden: readonly string[] = [],
): Promise<string | undefined> {
  for await (const path of allOnPath(machine, name, forbidden)) {
    return path;
  }
  return undefined;
}

/** Every program called *name* on the PATH, in its order. */
export async function* allOnPath(
  machine: Machine,
  name: string,
  forbidden: readonly string[] = [],
): AsyncGenerator<string> {
  const paths = rules(machine);
  const file = machine.platform === "win32" ? `${name}.exe` : name;
  for (const folder of searchPath(machine).split(paths.delimiter)) {
    if (!paths.isAbsolute(folder)) {
      continue;
    }
    const path = paths.join(folder, file);
    if ((await machine.isProgram(path)) && !(await isWithin(machine, path, forbidden))) {
      yield path;
    }
  }
}

/** PATH; Windows has it under any case. */
export function searchPath(machine: Machine): string {
  const name =
    machine.platform === "win32"
      ? (Object.keys(machine.environment).find((each) => each.toUpperCase() === "PATH") ?? "PATH")
      : "PATH";
  return machine.environment[name] ?? "";
}

/** What programs may be called that are a Python, the likeliest first. */
export function pythonNames({ platform }: Machine): readonly string[] {
  return platform === "win32" ? ["py", "python", "python3"] : POSIX_PYTHONS;
}

const POSIX_PYTHONS = [
  "python3",
  "python",
  "python3.14",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
] as const;
