import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
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
      return false;
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
      execFile(
        command.program,
        [...command.args],
        { cwd: homedir(), timeout: timeoutMs, windowsHide: true },
        (error, stdout, stderr) => {
          const said = `${stdout}\n${stderr}`.trim();
          resolve({ ok: error === null, output: said || (error?.message ?? "") });
        },
      );
    });
  },
};
