import * as vscode from "vscode";
import { TELLING_PATTERNS } from "../generated/server";
import { mayBeManifest, SELECTOR } from "../manifests";

export function isManifest(document: vscode.TextDocument): boolean {
  return (
    vscode.languages.match(SELECTOR, document) > 0 &&
    mayBeManifest({
      path: document.uri.path,
      language: document.languageId,
      text: document.getText(),
    })
  );
}

/** Whether there is a manifest in the workspace, opened or not. */
export async function hasManifest(): Promise<boolean> {
  const pattern = `{${TELLING_PATTERNS.join(",")}}`;
  const passedOver = "**/{node_modules,.venv,venv,.git}/**";
  return (await vscode.workspace.findFiles(pattern, passedOver, 1)).length > 0;
}

/** The editor that is worked in, also while what the panel says is looked at. */
export function activeEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor: active, tabGroups, visibleTextEditors } = vscode.window;
  if (active?.document.uri.scheme !== "output") {
    return active;
  }
  const { viewColumn } = tabGroups.activeTabGroup;
  return visibleTextEditors.find((each) => each.viewColumn === viewColumn);
}

/** The manifest that is being edited. */
export function activeManifest(): vscode.TextDocument | undefined {
  const document = activeEditor()?.document;
  return document !== undefined && isManifest(document) ? document : undefined;
}
