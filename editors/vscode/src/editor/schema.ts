import * as vscode from "vscode";

/**
 * The scheme of a schema that admits every JSON. `package.json` in `contributes.jsonValidation` names
 * it for the manifests: VS Code asks for it when one is looked at, with a folder around it or
 * without, and starts the extension for that. No activation event tells files of a language apart.
 */
const SCHEME = "registry-lsp-schema";

/** Answers for the schema. */
export function provideSchema(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: () => "{}",
  });
}
