import * as vscode from "vscode";
import { inTime } from "../server/patience";

/** What we use of the Python extension's API. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      environment: { readonly path: string } | string,
    ): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/** It looks for environments all over the machine the first time. */
const PATIENCE_MS = 15_000;

/** The Pythons that the Python extension has chosen for the folders, or without one for the window;
 * none without the extension, or where it does not say so in time. */
export async function interpreters(): Promise<readonly string[]> {
  const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  if (extension === undefined) {
    return [];
  }
  return await inTime(chosen(extension), PATIENCE_MS, () => []);
}

async function chosen(extension: vscode.Extension<PythonApi>): Promise<readonly string[]> {
  try {
    const { environments } = await extension.activate();
    const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [undefined];
    const found = folders.map(async (folder) => {
      const path = environments.getActiveEnvironmentPath(folder);
      return (await environments.resolveEnvironment(path))?.executable.uri?.fsPath;
    });
    return [...new Set((await Promise.all(found)).filter((each) => each !== undefined))];
  } catch {
    return []; // an extension of another kind: the PATH is left
  }
}
