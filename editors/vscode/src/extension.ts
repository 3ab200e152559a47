import * as vscode from "vscode";
import { register } from "./editor/commands";
import { DetailsPanel } from "./editor/details";
import { hasManifest, isManifest } from "./editor/manifests";
import { provideSchema } from "./editor/schema";
import { Service } from "./editor/service";
import { StatusBar } from "./editor/statusBar";

let service: Service | undefined;

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(provideSchema());
  const output = vscode.window.createOutputChannel("registry-lsp", { log: true });
  const status = new StatusBar();
  const bundle = context.asAbsolutePath("bundled/start.py");
  const its = new Service(bundle, output, status);
  service = its;
  const icon = vscode.Uri.joinPath(context.extensionUri, "icon.png");
  const panel = new DetailsPanel(its, icon);

  const startFor = (document: vscode.TextDocument): void => {
    if (isManifest(document)) {
      void its.start();
    }
  };
  context.subscriptions.push(
    output,
    status,
    panel,
    ...register(its, status, panel),
    vscode.workspace.onDidOpenTextDocument(startFor),
    vscode.workspace.onDidSaveTextDocument(startFor),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.isUntitled) {
        startFor(document);
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => its.reconsider()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("registry-lsp.server")) {
        void its.reconsider();
      }
    }),
  );
  vscode.workspace.textDocuments.forEach(startFor);
  void hasManifest().then((is) => (is ? its.start() : undefined));
}

export async function deactivate(): Promise<void> {
  await service?.stop();
}
