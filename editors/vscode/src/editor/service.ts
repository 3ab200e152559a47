import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
} from "vscode-languageclient/node";
import { MINIMUM_PYTHON } from "../generated/server";
import { discover, type Outcome, type Server } from "../server/discovery";
import { machine } from "../server/machine";
import { inTime } from "../server/patience";
import { Restarts } from "../server/restarts";
import { Supervisor, type Hands, type Trouble } from "../server/supervisor";
import { SELECTOR } from "../manifests";
import { chosen } from "../settings";
import { interpreters } from "./interpreters";
import { middleware, SECTION } from "./middleware";
import type { StatusBar } from "./statusBar";
import { traced } from "./trace";

const SHOW_OUTPUT = "Show Output";
const SETTINGS = "Open Settings";
const RESTART = "Restart";
const DOWNLOAD = "Download the Server";
const GONE = "The registry-lsp server has ended before it answered. Ask again: it is started anew.";
/** How long a server may take to begin: a slow disk, and a Python that compiles everything first. */
const START_MS = 60_000;
type Step = typeof SHOW_OUTPUT | typeof SETTINGS | typeof RESTART | typeof DOWNLOAD;

/** What goes wrong is told by us, with the next step: the client's own messages are only written down. */
class Client extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** The server and its client: at most one, for all folders of the window. */
export class Service implements vscode.Disposable {
  private readonly supervisor: Supervisor<LanguageClient>;

  constructor(
    private readonly bundle: string,
    readonly output: vscode.LogOutputChannel,
    private readonly status: StatusBar,
  ) {
    const hands: Hands<LanguageClient> = {
      find: () => this.find(),
      connect: (server, gone) => this.connect(server, gone),
      end: (client) => this.end(client),
      later: (act, afterMs) => {
        const timer = setTimeout(act, afterMs);
        return () => {
          clearTimeout(timer);
        };
      },
      show: (phase) => {
        status.set(phase);
      },
      note: (line) => {
        output.warn(line);
      },
      tell: (trouble) => void this.explain(trouble),
    };
    this.supervisor = new Supervisor(hands, new Restarts(Date.now));
  }

  /** Starts the server, unless it is running. */
  start(): Promise<void> {
    return this.supervisor.start();
  }

  /** Finds the server anew and starts it. */
  restart(): Promise<void> {
    return this.supervisor.restart();
  }

  stop(): Promise<void> {
    return this.supervisor.stop();
  }

  /** The workspace is trusted from now on, or settings of the server have changed: it is told, or
   * another one is started. */
  async reconsider(): Promise<void> {
    if (await this.supervisor.reconsider()) {
      await this.notify("workspace/didChangeConfiguration", { settings: null });
    }
  }

  /** Sends a request to the server, which is started first where that is needed. */
  async request(method: string, params: unknown): Promise<unknown> {
    const client = await this.supervisor.ready();
    try {
      return await client?.sendRequest<unknown>(method, params);
    } catch (error) {
      if (client?.isRunning() === true) {
        throw error;
      }
      void vscode.window.showWarningMessage(GONE);
      return undefined;
    }
  }

  async notify(method: string, params: unknown): Promise<void> {
    const client = this.supervisor.current;
    if (client?.isRunning() === true) {
      await client.sendNotification(method, params);
    }
  }

  dispose(): void {
    void this.stop();
  }

  private async find(): Promise<Outcome> {
    const { workspaceFolders, isTrusted } = vscode.workspace;
    const configuration = vscode.workspace.getConfiguration(SECTION);
    const path = chosen(configuration.inspect("server.path"), isTrusted);
    const mayDownload = chosen(configuration.inspect("server.download"), false);
    const outcome = await discover(machine, {
      path: typeof path === "string" ? path.trim() : "",
      mayDownload: mayDownload === true,
      folders: (workspaceFolders ?? [])
        .filter(({ uri }) => uri.scheme === "file")
        .map(({ uri }) => uri.fsPath),
      isTrusted,
      interpreters,
      bundle: { start: this.bundle, python: MINIMUM_PYTHON },
    });
    for (const line of outcome.tried) {
      this.output.info(`Tried ${line}`);
    }
    return outcome;
  }

  private async connect(server: Server, gone: () => void): Promise<LanguageClient> {
    const { program, args } = server.command;
    const name = `registry-lsp ${server.version} (${ORIGINS[server.origin]})`;
    this.output.info(`Starting ${name}: ${program}`);
    this.status.named(name);
    const client: LanguageClient = new Client(
      SECTION,
      "registry-lsp",
      { command: program, args: [...args], options: { cwd: homedir() } },
      {
        documentSelector: SELECTOR,
        outputChannel: this.output,
        traceOutputChannel: traced(this.output),
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: { workspace: { trusted: vscode.workspace.isTrusted } },
        initializationFailedHandler: () => false,
        middleware: middleware((method, params) => this.notify(method, params), this.status),
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue }),
          closed: () => {
            gone();
            const message = "The server has ended.";
            return { action: CloseAction.DoNotRestart, handled: true, message };
          },
        },
      },
    );
    await inTime(client.start(), START_MS, () => {
      void client.stop().catch(() => undefined); // which ends the program, though it says it cannot
      throw new Error(`The server has not answered for ${START_MS / 1000} s.`);
    });
    return client;
  }

  private async end(client: LanguageClient): Promise<void> {
    try {
      await client.stop();
    } catch (error) {
      this.output.warn(`The server did not stop in time: ${String(error)}`);
    }
    await client.dispose().catch(() => undefined);
  }

  /** Tells why there is no server, with the next step. */
  private async explain(trouble: Trouble): Promise<void> {
    const steps: Step[] = [RESTART, SHOW_OUTPUT];
    if (trouble.isSettingWrong) {
      steps.unshift(SETTINGS);
    }
    if (trouble.couldDownload) {
      steps.unshift(DOWNLOAD);
    }
    this.chosen(await vscode.window.showErrorMessage(trouble.message, ...steps));
  }

  private chosen(choice: Step | undefined): void {
    switch (choice) {
      case RESTART:
        void this.restart();
        break;
      case SHOW_OUTPUT:
        this.output.show();
        break;
      case SETTINGS:
        void vscode.commands.executeCommand("workbench.action.openSettings", `${SECTION}.server`);
        break;
      case DOWNLOAD:
        // The extension restarts the server where this setting changes.
        void vscode.workspace
          .getConfiguration(SECTION)
          .update("server.download", true, vscode.ConfigurationTarget.Global);
        break;
      case undefined:
        break;
    }
  }
}

const ORIGINS = {
  setting: "by its setting",
  environment: "from the project's environment",
  path: "from the PATH",
  uvx: "by uvx",
  pipx: "by pipx",
  bundled: "the extension's own",
} as const;
