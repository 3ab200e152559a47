import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { page, waiting, type Details } from "../panel/page";
import {
  answered,
  downloads,
  isFields,
  joined,
  people,
  releases,
  together,
  type Answer,
  type Releases,
} from "../panel/records";
import type { Service } from "./service";

const [PAGE_SIZE, MOST_PAGES] = [250, 20];

/** A package, as queries name it. */
export interface Subject {
  readonly registry: string;
  readonly name: string;
}

/** The panel that shows a package: one, which the next package takes over. */
export class DetailsPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private newest: symbol | undefined;

  constructor(
    private readonly service: Service,
    private readonly icon: vscode.Uri,
  ) {}

  async show(subject: Subject): Promise<void> {
    const turn = Symbol();
    this.newest = turn;
    const panel = this.opened(`${subject.name} (${subject.registry})`);
    panel.webview.html = waiting(subject.registry, subject.name, nonce());
    const details = await this.asked(subject);
    if (turn === this.newest) {
      panel.webview.html = page(details, nonce());
    }
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private opened(title: string): vscode.WebviewPanel {
    if (this.panel !== undefined) {
      this.panel.title = title;
      this.panel.reveal(undefined, true);
      return this.panel;
    }
    const panel = vscode.window.createWebviewPanel(
      "registryLsp.details",
      title,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: false, localResourceRoots: [] },
    );
    panel.iconPath = this.icon;
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.newest = undefined;
    });
    this.panel = panel;
    return panel;
  }

  private async asked(subject: Subject): Promise<Details> {
    const ask = (operation: string, more: object = {}): Promise<unknown> =>
      this.ask(operation, { ...subject, ...more });
    const about = answered(await ask("package"), (fields) => fields);
    const none = { error: "" };
    if ("error" in about) {
      return { ...subject, about, releases: none, people: none, downloads: none };
    }
    // PyPI's counts come in one answer, npm's a period each.
    const periods = ["last-day", "last-week", "last-month", "last-year"];
    const [versions, persons, ...counts] = await Promise.all([
      this.releases(subject),
      ask("maintainer"),
      ...(subject.registry === "npm" ? periods : periods.slice(2, 3)).map((period) =>
        ask("downloads", { period }),
      ),
    ]);
    return {
      ...subject,
      about,
      releases: versions,
      people: answered(persons, people),
      downloads: together(counts.map((each) => answered(each, downloads))),
    };
  }

  /** All releases: the server has them at hand after the first page. */
  private async releases(subject: Subject): Promise<Answer<Releases>> {
    const page = async (at: number): Promise<Answer<Releases>> => {
      const parameters = { ...subject, page: at, page_size: PAGE_SIZE };
      return answered(await this.ask("versions", parameters), releases);
    };
    const first = await page(1);
    const count = "value" in first ? Math.min(first.value.pages, MOST_PAGES) : 1;
    const others = Array.from({ length: Math.max(0, count - 1) }, (_, at) => page(at + 2));
    return joined([first, ...(await Promise.all(others))]);
  }

  private async ask(operation: string, parameters: object): Promise<unknown> {
    const command = `registry-lsp.${operation}`;
    try {
      const params = { command, arguments: [parameters] };
      return await this.service.request("workspace/executeCommand", params);
    } catch (error) {
      return { error: { message: String(error) } };
    }
  }
}

function nonce(): string {
  return randomBytes(16).toString("hex");
}

/** A place in a document, as the link of a hover names it. */
export interface Place {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

interface OutlineItem {
  readonly name: string;
  readonly range: { start: Point; end: Point };
  readonly children?: readonly OutlineItem[];
}

interface Point {
  readonly line: number;
  readonly character: number;
}

/** The dependencies of a manifest that is open, by the server's own outline. */
export async function dependencies(
  service: Service,
  uri: string,
): Promise<{ registry: string; symbols: readonly OutlineItem[] } | undefined> {
  const params = { textDocument: { uri } };
  const [outline, status] = await Promise.all([
    service.request("textDocument/documentSymbol", params),
    service.request("workspace/executeCommand", { command: "registry-lsp.status", arguments: [] }),
  ]);
  const documents = isFields(status) ? status.documents : undefined;
  const document = Array.isArray(documents)
    ? documents.filter(isFields).find((each) => each.uri === uri)
    : undefined;
  const registry = document?.ecosystem;
  if (typeof registry !== "string" || !Array.isArray(outline)) {
    return undefined;
  }
  const all = outline as OutlineItem[];
  const symbols = all.flatMap((each) => each.children ?? [each]);
  return { registry, symbols };
}

/** The name of the dependency at *place*. */
export function nameAt(symbols: readonly OutlineItem[], place: Point): string | undefined {
  const isBefore = (one: Point, other: Point): boolean =>
    one.line < other.line || (one.line === other.line && one.character <= other.character);
  return symbols.find(
    ({ range }) => isBefore(range.start, place) && isBefore(place, range.end),
  )?.name;
}
