import * as vscode from "vscode";
import { REGISTRIES } from "../generated/server";
import { complaint } from "../marks";
import { isFields } from "../panel/records";
import { dependencies, nameAt, type DetailsPanel, type Place, type Subject } from "./details";
import { activeEditor, activeManifest, isManifest } from "./manifests";
import type { Service } from "./service";
import type { StatusBar } from "./statusBar";

const STATUS_SCHEME = "registry-lsp-status";
const OUR_SETTINGS = "@ext:registry-lsp.registry-lsp";

/** Registers all commands of the palette. */
export function register(
  service: Service,
  status: StatusBar,
  panel: DetailsPanel,
): vscode.Disposable[] {
  const report = new StatusReport(service);
  const all: Record<string, (argument?: unknown) => unknown> = {
    restart: () => service.restart(),
    showOutput: () => {
      service.output.show();
    },
    refresh: () => execute(service, "refresh"),
    clearCache: () => execute(service, "clearCache"),
    updateAll: () => updateAll(service),
    status: () => report.show(),
    packageDetails: (place) => packageDetails(service, panel, place),
    menu: () => menu(status),
    cancel: () => cancel(service, status),
  };
  return [
    vscode.workspace.registerTextDocumentContentProvider(STATUS_SCHEME, report),
    ...Object.entries(all).map(([name, act]) =>
      vscode.commands.registerCommand(`registryLsp.${name}`, act),
    ),
  ];
}

/** Runs a command of the server, and shows what it could not do. */
async function execute(service: Service, command: string, argument?: object): Promise<unknown> {
  const answer = await service.request("workspace/executeCommand", {
    command: `registry-lsp.${command}`,
    arguments: argument === undefined ? [] : [argument],
  });
  const message = complaint(answer);
  if (message !== undefined) {
    void vscode.window.showWarningMessage(message);
  }
  return answer;
}

async function updateAll(service: Service): Promise<void> {
  const document = activeManifest();
  if (document === undefined) {
    void vscode.window.showInformationMessage("Open a manifest first: what is open is updated.");
    return;
  }
  const choice = await vscode.window.showQuickPick(
    [
      { label: "Safe updates", description: "what breaks nothing", tier: "safe" },
      { label: "All updates", description: "those that may break something too", tier: "all" },
      {
        label: "Choose among all updates…",
        description: "those that may break something are for you to tick",
        tier: "all",
        confirm: true,
      },
      { label: "Vulnerable versions only", description: "the lowest sound ones", tier: "secure" },
    ],
    { title: "Update the dependencies of this manifest" },
  );
  if (choice === undefined) {
    return;
  }
  const { tier, confirm = tier !== "all" } = choice;
  const argument = { uri: document.uri.toString(), tier, confirm };
  // where there is nothing to do the server says so
  await execute(service, "updateAll", argument);
}

async function packageDetails(
  service: Service,
  panel: DetailsPanel,
  given: unknown,
): Promise<void> {
  const subject = (await subjectAt(service, place(given))) ?? (await typedSubject());
  if (subject !== undefined) {
    await panel.show(subject);
  }
}

/** Where a hover's link leads to, else where the cursor is. */
function place(given: unknown): Place | undefined {
  if (isFields(given)) {
    const { uri, line, character } = given;
    if (typeof uri === "string" && typeof line === "number" && typeof character === "number") {
      return { uri, line, character };
    }
  }
  const editor = activeEditor();
  if (editor === undefined || !isManifest(editor.document)) {
    return undefined;
  }
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), line, character };
}

async function subjectAt(service: Service, at: Place | undefined): Promise<Subject | undefined> {
  const found = at === undefined ? undefined : await dependencies(service, at.uri);
  if (at === undefined || found === undefined) {
    return undefined;
  }
  const { registry, symbols } = found;
  const names = [...new Set(symbols.map((each) => each.name))];
  if (names.length === 0) {
    void vscode.window.showInformationMessage("This manifest has no dependencies yet.");
    return undefined;
  }
  const name =
    nameAt(symbols, at) ??
    (await vscode.window.showQuickPick(names, { title: "Details of which package?" }));
  return name === undefined ? undefined : { registry, name };
}

async function typedSubject(): Promise<Subject | undefined> {
  if (activeManifest() !== undefined) {
    return undefined;
  }
  const registry = await vscode.window.showQuickPick(Object.keys(REGISTRIES), {
    title: "Details of a package of which registry?",
  });
  const name =
    registry === undefined
      ? undefined
      : await vscode.window.showInputBox({ title: `Which package of ${registry}?` });
  return registry === undefined || !name ? undefined : { registry, name: name.trim() };
}

interface Entry extends vscode.QuickPickItem {
  readonly command: string;
  readonly argument?: string;
}

async function menu(status: StatusBar): Promise<void> {
  const ours = (label: string, name: string): Entry => {
    return { label, command: `registryLsp.${name}` };
  };
  const ofServer: Entry[] = [
    ours("$(debug-restart) Restart the server", "restart"),
    ours("$(output) Show output", "showOutput"),
    { label: "$(gear) Settings", command: "workbench.action.openSettings", argument: OUR_SETTINGS },
  ];
  const ofPackages = [
    ours("$(arrow-up) Update all…", "updateAll"),
    ours("$(package) Package details…", "packageDetails"),
    ours("$(refresh) Ask the registries anew", "refresh"),
    ours("$(clear-all) Clear the cache", "clearCache"),
    ours("$(info) Status", "status"),
  ];
  const stop = ours("$(stop-circle) Stop what is under way", "cancel");
  const choice = await vscode.window.showQuickPick(
    [
      ...(status.tokens.length > 0 ? [stop] : []),
      ...(status.isFailed ? ofServer : [...ofPackages, ...ofServer]),
    ],
    { title: "registry-lsp" },
  );
  if (choice !== undefined) {
    await vscode.commands.executeCommand(choice.command, choice.argument);
  }
}

async function cancel(service: Service, status: StatusBar): Promise<void> {
  if (status.tokens.length === 0) {
    void vscode.window.showInformationMessage("Nothing is under way.");
  }
  for (const token of status.tokens) {
    await service.notify("window/workDoneProgress/cancel", { token });
  }
}

/** The server's own report, as a Markdown document. */
class StatusReport implements vscode.TextDocumentContentProvider {
  private readonly uri = vscode.Uri.parse(`${STATUS_SCHEME}:/registry-lsp status.md`);
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private text = "";

  constructor(private readonly service: Service) {}

  provideTextDocumentContent(): string {
    return this.text;
  }

  async show(): Promise<void> {
    const answer = await execute(this.service, "status");
    if (!isFields(answer) || typeof answer.text !== "string") {
      return;
    }
    this.text = answer.text;
    this.changed.fire(this.uri);
    await vscode.commands.executeCommand("markdown.showPreview", this.uri);
  }
}
