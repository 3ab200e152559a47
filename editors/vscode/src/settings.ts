/** What is told to the server of VS Code's settings: what somebody has set, and trust. */

/** Where a setting has values, as `WorkspaceConfiguration.inspect` says. */
export interface Inspected {
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

export type Inspect = (name: string) => Inspected | undefined;
export type Tree = Record<string, unknown>;

/** The value that somebody has set. What the *workspace* has set does not count where it may not. */
export function chosen(inspected: Inspected | undefined, countsWorkspace: boolean): unknown {
  if (inspected === undefined) {
    return undefined;
  }
  const own = inspected.globalValue;
  return countsWorkspace
    ? (inspected.workspaceFolderValue ?? inspected.workspaceValue ?? own)
    : own;
}

/**
 * The settings *names* as the server takes them, without defaults: those it has itself, and a
 * variable of the environment may stand in their place. The workspace's own values of *restricted*
 * names count only where it is trusted.
 */
export function tree(
  names: readonly string[],
  restricted: ReadonlySet<string>,
  inspect: Inspect,
  isTrusted: boolean,
): Tree {
  const root: Tree = {};
  for (const name of names) {
    const value = chosen(inspect(name), isTrusted || !restricted.has(name));
    if (value !== undefined && value !== null) {
      put(root, name.split("."), value);
    }
  }
  put(root, ["workspace", "trusted"], isTrusted);
  return root;
}

function put(root: Tree, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) {
    return;
  }
  if (rest.length === 0) {
    root[first] = value;
    return;
  }
  const within = (root[first] ?? {}) as Tree;
  root[first] = within;
  put(within, rest, value);
}
