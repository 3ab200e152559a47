/** What VS Code is to ask about before an edit is made: it opens its refactor preview for that. */
import type { WorkspaceEdit } from "vscode-languageclient/node";

/**
 * *edit* without a question where it changes one place only: its title has said what that may break,
 * and there is nothing to choose among.
 */
export function settled(edit: WorkspaceEdit): WorkspaceEdit {
  const { changeAnnotations, ...rest } = edit;
  const [change, ...others] = edit.documentChanges ?? [];
  if (changeAnnotations === undefined || change === undefined || others.length > 0) {
    return edit;
  }
  const [only, ...more] = "edits" in change ? change.edits : [];
  if (!("edits" in change) || only === undefined || !("newText" in only) || more.length > 0) {
    return edit;
  }
  const { range, newText } = only;
  return { ...rest, documentChanges: [{ ...change, edits: [{ range, newText }] }] };
}
