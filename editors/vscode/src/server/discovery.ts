/**
 * Where the server is found. The order: the setting, the project's virtual environment, the PATH,
 * uvx and pipx where they have it already, the copy in this extension, and where the user has
 * allowed that, what uvx or pipx download.
 *
 * In a workspace that is not trusted nothing is run that lies in it.
 */
import { withoutServer, wrongSetting, type Pythons } from "./advice";
import type { Command, Machine } from "./machine";
import { allOnPath, isWithin, onPath, pythonNames, rules, searchPath } from "./paths";
import { meaning } from "./setting";

const NAME = "registry-lsp";
const ASK_MS = 20_000;
const DOWNLOAD_MS = 180_000;
const VERSION = /^registry-lsp (\d\S*)/m;
/** The oldest server that does what the extension asks of it. */
const OLDEST = [0, 1] as const;
const NOT_TRUSTED = "is not run, as this workspace is not trusted";

/** What discovery needs to know. */
export interface Wish {
  /** `registry-lsp.server.path`, empty where it is not set. */
  readonly path: string;
  /** `registry-lsp.server.download`. */
  readonly mayDownload: boolean;
  readonly folders: readonly string[];
  readonly isTrusted: boolean;
  /** The Pythons that the Python extension has chosen for the folders. */
  interpreters(): Promise<readonly string[]>;
  /** The file that starts the copy in this extension, and the oldest Python that runs it. */
  readonly bundle: { readonly start: string; readonly python: readonly [number, number] };
}

export type Origin = "setting" | "environment" | "path" | "uvx" | "pipx" | "bundled";

/** A server that has answered. */
export interface Server {
  readonly command: Command;
  readonly origin: Origin;
  readonly version: string;
}

/** A server, or what to tell the user; and what was tried, a line each. */
export interface Outcome {
  readonly server: Server | undefined;
  readonly message: string;
  /** Whether a setting names what does not run: that is to be put right before all else. */
  readonly isSettingWrong: boolean;
  /** Whether a download could help that has not been allowed yet. */
  readonly couldDownload: boolean;
  readonly tried: readonly string[];
}

export async function discover(machine: Machine, wish: Wish): Promise<Outcome> {
  const search = new Search(machine, wish);
  return await search.outcome();
}

class Search {
  private readonly tried: string[] = [];
  private chosen: Promise<readonly string[]> | undefined;
  private readonly pythons: { -readonly [each in keyof Pythons]: Pythons[each] } = {
    tooOld: undefined,
    failing: undefined,
  };

  constructor(
    private readonly machine: Machine,
    private readonly wish: Wish,
  ) {}

  async outcome(): Promise<Outcome> {
    if (this.wish.path !== "") {
      return await this.fromSetting();
    }
    const server =
      (await this.fromEnvironment()) ??
      (await this.fromPath()) ??
      (await this.fromUvx(false)) ??
      (await this.fromPipx(false)) ??
      (await this.fromBundle());
    if (server !== undefined) {
      return this.found(server);
    }
    const runners = [await this.program("uvx"), await this.program("pipx")];
    const hasRunner = runners.some((each) => each !== undefined);
    if (this.wish.mayDownload && hasRunner) {
      const fetched = (await this.fromUvx(true)) ?? (await this.fromPipx(true));
      if (fetched !== undefined) {
        return this.found(fetched);
      }
    }
    const names = [NAME, "uvx", "pipx", ...pythonNames(this.machine)].join(", ");
    this.tried.push(`the PATH for ${names}: ${searchPath(this.machine)}`);
    return {
      ...this.missing(withoutServer(this.wish.bundle.python.join("."), this.pythons)),
      couldDownload: hasRunner && !this.wish.mayDownload,
    };
  }

  private async fromSetting(): Promise<Outcome> {
    const { path, folders, isTrusted } = this.wish;
    const meant = await meaning(this.machine, path, isTrusted ? folders : [], this.forbidden);
    if (!("paths" in meant)) {
      return this.wrong(isTrusted ? meant.why : NOT_TRUSTED);
    }
    for (const program of meant.paths) {
      if (!(await this.isAllowed(program))) {
        return this.wrong(NOT_TRUSTED);
      }
      if (await this.machine.isProgram(program)) {
        const server = await this.ask({ program, args: [] }, "setting");
        const said = this.tried.at(-1)?.slice(`${program}: `.length) ?? "";
        return server === undefined ? this.wrong(`is no server: ${said}`) : this.found(server);
      }
      this.tried.push(`${program}: is no program`);
    }
    return this.wrong("is no program that is there and may be run");
  }

  private wrong(why: string): Outcome {
    return { ...this.missing(wrongSetting(this.wish.path, why)), isSettingWrong: true };
  }

  private async fromEnvironment(): Promise<Server | undefined> {
    const asked = new Set<string>();
    for await (const program of this.inEnvironments()) {
      if (!asked.has(program) && (await this.isAllowed(program))) {
        asked.add(program);
        const server = await this.askIfThere(program, "environment");
        if (server !== undefined) {
          return server;
        }
      }
    }
    return undefined;
  }

  /** Where environments have the server: those in the folders, and that which the Python extension
   * has chosen, wherever it lies. */
  private async *inEnvironments(): AsyncGenerator<string> {
    const paths = rules(this.machine);
    const isWindows = this.machine.platform === "win32";
    for (const folder of this.wish.isTrusted ? this.wish.folders : []) {
      for (const environment of [".venv", "venv"]) {
        yield paths.join(folder, environment, isWindows ? "Scripts" : "bin", this.file);
      }
    }
    for (const interpreter of await this.interpreters()) {
      yield paths.join(paths.dirname(interpreter), this.file);
      if (isWindows) {
        yield paths.join(paths.dirname(interpreter), "Scripts", this.file); // conda's
      }
    }
  }

  private async fromPath(): Promise<Server | undefined> {
    for await (const program of allOnPath(this.machine, NAME, this.forbidden)) {
      const server = await this.ask({ program, args: [] }, "path");
      if (server !== undefined) {
        return server;
      }
    }
    return undefined;
  }

  /** uvx is asked without the network first: what it has already is the user's own choice. */
  private async fromUvx(downloads: boolean): Promise<Server | undefined> {
    const program = await this.program("uvx");
    if (program === undefined) {
      return undefined;
    }
    const args = downloads ? [NAME] : ["--offline", NAME];
    return await this.ask({ program, args }, "uvx", downloads ? DOWNLOAD_MS : ASK_MS);
  }

  /** `pipx run` downloads even what pipx has installed: that is run from where pipx puts programs. */
  private async fromPipx(downloads: boolean): Promise<Server | undefined> {
    const program = await this.program("pipx");
    if (program === undefined) {
      return undefined;
    }
    if (downloads) {
      return await this.ask({ program, args: ["run", NAME] }, "pipx", DOWNLOAD_MS);
    }
    const args = ["environment", "--value", "PIPX_BIN_DIR"];
    const asked = await this.machine.run({ program, args }, ASK_MS);
    const paths = rules(this.machine);
    const lines = asked.ok ? asked.output.split("\n").map((each) => each.trim()) : [];
    const folder = lines.find((each) => paths.isAbsolute(each));
    const installed = folder === undefined ? undefined : paths.join(folder, this.file);
    if (installed === undefined || !(await this.machine.isProgram(installed))) {
      this.tried.push(`${program}: has no ${NAME}`);
      return undefined;
    }
    const isAllowed = await this.isAllowed(installed);
    return isAllowed ? await this.ask({ program: installed, args: [] }, "pipx") : undefined;
  }

  private async fromBundle(): Promise<Server | undefined> {
    const { start, python } = this.wish.bundle;
    for await (const program of this.everyPython()) {
      const asked = await this.machine.run({ program, args: ["-I", "-c", WHICH] }, ASK_MS);
      const version = /^(\d+)\.(\d+)$/m.exec(asked.output);
      if (!asked.ok || version === null) {
        this.tried.push(`${program}: ${lastLine(asked.output)}`);
        continue;
      }
      const found = `Python ${version[0]} (${program})`;
      if (isOlder([Number(version[1]), Number(version[2])], python)) {
        this.tried.push(`${program}: Python ${version[0]} is too old`);
        this.pythons.tooOld ??= found;
        continue;
      }
      const server = await this.ask({ program, args: ["-I", start] }, "bundled");
      if (server !== undefined) {
        return server;
      }
      this.pythons.failing ??= found;
    }
    return undefined;
  }

  private async *everyPython(): AsyncGenerator<string> {
    for (const interpreter of await this.interpreters()) {
      if ((await this.machine.isProgram(interpreter)) && (await this.isAllowed(interpreter))) {
        yield interpreter;
      }
    }
    for (const name of pythonNames(this.machine)) {
      yield* allOnPath(this.machine, name, this.forbidden);
    }
  }

  private interpreters(): Promise<readonly string[]> {
    this.chosen ??= this.wish.interpreters();
    return this.chosen;
  }

  /** What the server's program is called. */
  private get file(): string {
    return this.machine.platform === "win32" ? `${NAME}.exe` : NAME;
  }

  private get forbidden(): readonly string[] {
    return this.wish.isTrusted ? [] : this.wish.folders;
  }

  private async isAllowed(program: string): Promise<boolean> {
    return !(await isWithin(this.machine, program, this.forbidden));
  }

  private async program(name: string): Promise<string | undefined> {
    return await onPath(this.machine, name, this.forbidden);
  }

  private async askIfThere(program: string, origin: Origin): Promise<Server | undefined> {
    const isThere = await this.machine.isProgram(program);
    return isThere ? await this.ask({ program, args: [] }, origin) : undefined;
  }

  /** The server, where the command says that it is one. */
  private async ask(
    command: Command,
    origin: Origin,
    timeoutMs: number = ASK_MS,
  ): Promise<Server | undefined> {
    const asked = { ...command, args: [...command.args, "--version"] };
    const said = await this.machine.run(asked, timeoutMs);
    const version = said.ok ? VERSION.exec(said.output)?.[1] : undefined;
    const isTooOld = version !== undefined && isOlder(version.split(".").map(Number), OLDEST);
    const verdict = isTooOld
      ? `${version} is too old, it has to be ${OLDEST.join(".")} or newer`
      : (version ?? lastLine(said.output));
    this.tried.push(`${[command.program, ...command.args].join(" ")}: ${verdict}`);
    return version === undefined || isTooOld ? undefined : { command, origin, version };
  }

  private found(server: Server): Outcome {
    return { ...this.missing(""), server };
  }

  private missing(message: string): Outcome {
    return {
      server: undefined,
      message,
      isSettingWrong: false,
      couldDownload: false,
      tried: this.tried,
    };
  }
}

const WHICH = "import sys; print('%d.%d' % sys.version_info[:2])";

function isOlder(version: readonly number[], oldest: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version;
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}

function lastLine(text: string): string {
  const lines = text.split("\n").filter((each) => each.trim() !== "");
  return lines.at(-1)?.trim().slice(0, 300) ?? "says nothing";
}
