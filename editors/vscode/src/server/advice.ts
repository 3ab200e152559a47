/** What is told where no server was found: what happened, and what to do. */

const OWN = "set registry-lsp.server.path to a server of your own";

/** Which Pythons there were, each with its version and path; none where there was none of the kind. */
export interface Pythons {
  readonly tooOld: string | undefined;
  /** One that is new enough, and does not run the copy in the extension. */
  readonly failing: string | undefined;
}

export function withoutServer(oldest: string, { tooOld, failing }: Pythons): string {
  if (failing !== undefined) {
    return (
      `The server in the extension does not run on ${failing}: the output says why.` +
      ` Install another Python and restart, or ${OWN}.`
    );
  }
  const found = tooOld === undefined ? "found none" : `found only ${tooOld}`;
  return (
    `registry-lsp needs Python ${oldest} or newer, and ${found}.` +
    ` Install Python and open VS Code anew, or ${OWN}.`
  );
}

export function wrongSetting(path: string, why: string): string {
  const end = why.endsWith(".") ? "" : ".";
  return `registry-lsp.server.path is ${path}, which ${why}${end} Correct or clear the setting.`;
}
