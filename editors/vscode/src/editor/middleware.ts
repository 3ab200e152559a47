import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import { REGISTRIES, RESTRICTED, SETTINGS } from "../generated/server";
import { settled } from "../confirmations";
import { complaint, isOfPackage, lead, led, marked } from "../marks";
import { tree } from "../settings";

export const SECTION = "registry-lsp";

/** Told of what is under way. */
export interface Watcher {
  begun(token: string | number, title: string, message: string): void;
  reported(token: string | number, message: string): void;
  ended(token: string | number): void;
}

/** Tells the server, where it runs. */
export type Notify = (method: string, params: unknown) => Promise<void>;

/** What is changed of what passes between VS Code and the server. */
export function middleware(notify: Notify, watcher: Watcher): Middleware {
  let lenses = 0; // that were clicked, and are not done
  return {
    workspace: {
      configuration: (params) =>
        params.items.map((item) =>
          item.section === SECTION ? settingsOf(item.scopeUri ?? undefined) : null,
        ),
      handleApplyEdit: (params, next) => {
        const edit = lenses > 0 ? settled(params.edit) : params.edit;
        return next({ ...params, edit }, new vscode.CancellationTokenSource().token);
      },
      // Only that something has changed: the server asks for what holds, without our own settings.
      didChangeConfiguration: async () => {
        await notify("workspace/didChangeConfiguration", { settings: null });
      },
    },

    provideCompletionItem: async (document, position, context, token, next) => {
      const found = await next(document, position, context, token);
      if (found !== null && found !== undefined) {
        for (const item of marked(Array.isArray(found) ? found : found.items)) {
          fromQuote(document, item);
        }
      }
      return found;
    },

    // VS Code has an outline of JSON itself, and would show both.
    provideDocumentSymbols: (document, token, next) =>
      /^jsonc?$/.test(document.languageId) ? [] : next(document, token),

    // What is done about one dependency says in its title what that may break: nobody is asked again.
    resolveCodeAction: async (item, token, next) => {
      const action = await next(item, token);
      const isForAll = action?.kind !== undefined && vscode.CodeActionKind.Source.contains(action.kind);
      if (action?.edit !== undefined && !isForAll) {
        action.edit = withoutQuestions(action.edit);
      }
      return action;
    },

    provideHover: async (document, position, token, next) => {
      const hover = await next(document, position, token);
      const [first] = hover?.contents ?? [];
      const text = first instanceof vscode.MarkdownString ? first.value : "";
      if (isOfPackage(text, Object.keys(REGISTRIES))) {
        hover?.contents.push(detailsLink(document.uri, position));
      }
      return hover;
    },

    executeCommand: async (command, args, next) => {
      lenses += 1;
      const answer: unknown = await Promise.resolve(next(command, args)).finally(() => {
        lenses -= 1;
      });
      const message = complaint(answer);
      if (message !== undefined) {
        void vscode.window.showWarningMessage(message);
      }
      return answer;
    },

    // The status bar has an item of ours; a second one for each progress would be too many.
    handleWorkDoneProgress: (token, params, next) => {
      switch (params.kind) {
        case "begin":
          watcher.begun(token, params.title, params.message ?? "");
          break;
        case "report":
          watcher.reported(token, params.message ?? "");
          break;
        case "end":
          watcher.ended(token);
          next(token, params);
          break;
      }
    },
  };
}

/** The settings that hold for the folder *uri*, or for none. */
export function settingsOf(uri: string | undefined): Record<string, unknown> {
  const scope = uri === undefined ? null : vscode.Uri.parse(uri);
  const configuration = vscode.workspace.getConfiguration(SECTION, scope);
  const inspect = (name: string): ReturnType<typeof configuration.inspect> =>
    configuration.inspect(name);
  return tree(SETTINGS, new Set(RESTRICTED), inspect, vscode.workspace.isTrusted);
}

/**
 * Has the item replace the quotation mark and operator before it as well. The npm extension's
 * completions do, and VS Code puts first whatever matches more of what stands before the cursor.
 */
function fromQuote(document: vscode.TextDocument, item: vscode.CompletionItem): void {
  const { insertText, range } = item;
  if (!(range instanceof vscode.Range) || typeof insertText !== "string") {
    return;
  }
  if (document.languageId !== "json") {
    return;
  }
  const before = lead(document.getText(range.with(range.start.with({ character: 0 }), range.start)));
  if (before !== "") {
    item.filterText = led(before, item);
    item.insertText = before + insertText;
    item.range = range.with(range.start.translate(0, -before.length));
  }
}

/** *edit*, of texts only, made without VS Code's refactor preview. */
function withoutQuestions(edit: vscode.WorkspaceEdit): vscode.WorkspaceEdit {
  const plain = new vscode.WorkspaceEdit();
  for (const [uri, edits] of edit.entries()) {
    plain.set(uri, edits);
  }
  return plain;
}

/** A link below a hover, in a string of its own: what registries say is never trusted. */
function detailsLink(uri: vscode.Uri, position: vscode.Position): vscode.MarkdownString {
  const command = "registryLsp.packageDetails";
  const place = { uri: uri.toString(), line: position.line, character: position.character };
  const link = new vscode.MarkdownString(
    `[Package details](command:${command}?${encodeURIComponent(JSON.stringify([place]))}) · registry-lsp`,
  );
  link.isTrusted = { enabledCommands: [command] };
  return link;
}
