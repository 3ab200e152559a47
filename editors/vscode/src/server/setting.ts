/** What somebody may write in `registry-lsp.server.path`. */
import type { Machine } from "./machine";
import { allOnPath, rules } from "./paths";

/** The paths that a setting may mean, the first that is there counting; or why it means none. */
export type Meaning = { readonly paths: readonly string[] } | { readonly why: string };

/**
 * What *setting* means: a path, which may begin with `~` and have `${workspaceFolder}`,
 * `${userHome}` and `${env:NAME}` in it, and is otherwise relative to one of *folders*; or the name
 * of a program on the PATH.
 */
export async function meaning(
  machine: Machine,
  setting: string,
  folders: readonly string[],
  forbidden: readonly string[],
): Promise<Meaning> {
  const paths = rules(machine);
  const path = withVariables(machine, setting);
  if (!/[\\/]/.test(path) && !path.includes(FOLDER)) {
    const found: string[] = [];
    for await (const each of allOnPath(machine, path.replace(/\.exe$/i, ""), forbidden)) {
      found.push(each);
    }
    return found.length > 0 ? { paths: found } : { why: "is not on the PATH" };
  }
  if (paths.isAbsolute(path)) {
    return { paths: endings(machine, path) };
  }
  if (folders.length === 0) {
    return { why: "is a relative path, and no folder is open" };
  }
  return {
    paths: folders.flatMap((folder) => {
      const put = path.replaceAll(FOLDER, folder);
      return endings(machine, paths.isAbsolute(put) ? put : paths.join(folder, put));
    }),
  };
}

const FOLDER = "${workspaceFolder}";

function withVariables(machine: Machine, path: string): string {
  return path
    .replace(/^~(?=[\\/]|$)/, () => machine.home)
    .replaceAll("${userHome}", () => machine.home)
    .replace(/\$\{env:([^}]*)\}/g, (_, name: string) => machine.environment[name] ?? "");
}

/** *path*, and on Windows with the ending that need not be written. */
function endings(machine: Machine, path: string): string[] {
  const isWhole = machine.platform !== "win32" || /\.\w+$/.test(path);
  return isWhole ? [path] : [path, `${path}.exe`];
}
