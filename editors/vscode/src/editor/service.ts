import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  type CloseHandlerResult,
} from "vscode-languageclient/node";
import { MINIMUM_PYTHON } from "../generated/server";
import { discover, type Outcome, type Server } from "../server/discovery";
import { machine } from "../server/machine";
import { Restarts } from "../server/restarts";
import { SELECTOR } from "../manifests";
import { chosen } from "../settings";
import { interpreters } from "./interpreters";
import { middleware, SECTION } from "./middleware";
import type { StatusBar } from "./statusBar";

const SHOW_OUTPUT = "Show Output";
const SETTINGS = "Open Settings";
const RESTART = "Restart";
const DOWNLOAD = "Download the Server";
type Step = typeof SHOW_OUTPUT | typeof SETTINGS | typeof RESTART | typeof DOWNLOAD;

/** The server and its client: at most one, for all folders of the window. */
export class Service implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private server: Server | undefined;
  private readonly restarts = new Restarts(Date.now);
  /** Starts and stops, one after the other. */
  private queue: Promise<unknown> = Promise.resolve();
  private isWanted = false;
  /** Why there is none, once that has been told: it is not tried again before somebody says so. */
  private trouble: (() => void) | undefined;

  constructor(
    private readonly bundle: string,
    readonly output: vscode.LogOutputChannel,
    private readonly status: StatusBar,
  ) {}

  /** Starts the server, unless it is running. */
  start(): Promise<void> {
    this.isWanted = true;
    return this.inTurn(async () => {
      if (this.client === undefined && this.trouble === undefined) {
        await this.begin(await this.find());
      }
    });
  }

  /** Finds the server anew and starts it. */
  restart(): Promise<void> {
    this.isWanted = true;
    this.restarts.reset();
    return this.inTurn(async () => {
      await this.end();
      await this.begin(await this.find());
    });
  }

  stop(): Promise<void> {
    this.isWanted = false;
    return this.inTurn(() => this.end());
  }

  /** The workspace is trusted from now on: the server is told, or another one is started. */
  trusted(): Promise<void> {
    return this.inTurn(async () => {
      if (!this.isWanted) {
        return;
      }
      const outcome = await this.find();
      const [before, after] = [this.server?.command, outcome.server?.command];
      if (this.client !== undefined && JSON.stringify(before) === JSON.stringify(after)) {
        this.status.set("running");
        await this.notify("workspace/didChangeConfiguration", { settings: null });
        return;
      }
      await this.end();
      await this.begin(outcome);
    });
  }

  /** Sends a request to the server, which is started first where that is needed. */
  async request(method: string, params: unknown): Promise<unknown> {
    await this.start();
    const { client } = this;
    if (client === undefined) {
      this.trouble?.();
      return undefined;
    }
    return await client.sendRequest<unknown>(method, params);
  }

  async notify(method: string, params: unknown): Promise<void> {
    await this.client?.sendNotification(method, params);
  }

  dispose(): void {
    void this.stop();
  }

  private inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.queue.then(act);
    this.queue = turn.catch((error: unknown) => {
      this.output.error(String(error));
    });
    return turn;
  }

  private async find(): Promise<Outcome> {
    this.status.set("starting");
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

  private async begin(outcome: Outcome): Promise<void> {
    const { server } = outcome;
    this.server = server;
    this.trouble = undefined;
    if (server === undefined) {
      this.output.error(outcome.message);
      this.failed(() => void this.explain(outcome));
      return;
    }
    const name = `registry-lsp ${server.version} (${ORIGINS[server.origin]})`;
    this.output.info(`Starting ${name}: ${server.command.program}`);
    const client = this.made(server);
    this.client = client;
    try {
      await client.start();
      this.status.set("running", name);
    } catch (error) {
      this.client = undefined;
      this.output.error(String(error));
      this.failed(() => {
        this.complain("The registry-lsp server did not start. Its output says why.");
      });
    }
  }

  private async end(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.status.set("off");
    if (client !== undefined) {
      try {
        await client.stop();
      } catch (error) {
        this.output.warn(`The server did not stop in time: ${String(error)}`);
      }
      await client.dispose().catch(() => undefined);
    }
  }

  private made(server: Server): LanguageClient {
    const { program, args } = server.command;
    const client: LanguageClient = new LanguageClient(
      SECTION,
      "registry-lsp",
      { command: program, args: [...args], options: { cwd: homedir() } },
      {
        documentSelector: SELECTOR,
        outputChannel: this.output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: { workspace: { trusted: vscode.workspace.isTrusted } },
        initializationFailedHandler: () => false,
        middleware: middleware(() => this.client, this.status),
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue }),
          closed: () => this.closed(client),
        },
      },
    );
    return client;
  }

  /** The server has gone without being asked to. */
  private async closed(client: LanguageClient): Promise<CloseHandlerResult> {
    const gone = { action: CloseAction.DoNotRestart, handled: true };
    if (client !== this.client) {
      return gone;
    }
    const decision = this.restarts.crashed();
    if (decision.kind === "stop") {
      this.client = undefined;
      this.failed(() => {
        this.complain(decision.message);
      });
      return { ...gone, message: decision.message };
    }
    this.status.set("waiting");
    const seconds = decision.afterMs / 1000;
    this.output.warn(`The server has crashed and starts again in ${seconds} s.`);
    await new Promise((resolve) => setTimeout(resolve, decision.afterMs));
    if (client !== this.client) {
      return gone;
    }
    void this.whenRunning(client);
    return { action: CloseAction.Restart, handled: true, message: "The server starts again." };
  }

  private async whenRunning(client: LanguageClient): Promise<void> {
    const running = new Promise<void>((resolve) => {
      const listener = client.onDidChangeState(() => {
        if (client.isRunning()) {
          listener.dispose();
          resolve();
        }
      });
    });
    await running;
    if (client === this.client) {
      this.status.set("running");
    }
  }

  private failed(explain: () => void): void {
    this.trouble = explain;
    this.status.set("failed");
    explain();
  }

  private complain(message: string): void {
    void vscode.window.showErrorMessage(message, RESTART, SHOW_OUTPUT).then((choice) => {
      this.chosen(choice);
    });
  }

  /** Tells why there is no server, with the next step. */
  private async explain(outcome: Outcome): Promise<void> {
    const steps: Step[] = [RESTART, SHOW_OUTPUT];
    if (outcome.isSettingWrong) {
      steps.unshift(SETTINGS);
    }
    if (outcome.couldDownload) {
      steps.unshift(DOWNLOAD);
    }
    this.chosen(await vscode.window.showErrorMessage(outcome.message, ...steps));
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
