import * as vscode from "vscode";
import { PATTERNS, TELLING_PATTERNS } from "../generated/server";
import { isWorthStarting } from "../manifests";

/** The documents that the server is told of. */
export const SELECTOR: { scheme: string; pattern: string }[] = PATTERNS.map((pattern) => ({
  scheme: "file",
  pattern,
}));

export function isManifest(document: vscode.TextDocument): boolean {
  return vscode.languages.match(SELECTOR, document) > 0;
}

/** Whether *document* is a reason to start the server. */
export function needsServer(document: vscode.TextDocument): boolean {
  return isManifest(document) && isWorthStarting(document.fileName, document.getText());
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
