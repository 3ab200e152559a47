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

/** The manifest that is being edited. */
export function activeManifest(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document !== undefined && isManifest(document) ? document : undefined;
}
