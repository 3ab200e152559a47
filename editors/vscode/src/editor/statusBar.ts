import * as vscode from "vscode";
import { count, shown, type Phase, type State } from "../status";
import { activeManifest } from "./manifests";
import type { Watcher } from "./middleware";

const SOURCE = "registry-lsp";

/** The item in the status bar. */
export class StatusBar implements Watcher, vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly running = new Map<string | number, { title: string; message: string }>();
  private readonly listeners: vscode.Disposable[];
  private phase: Phase = "off";
  private server = "";
  private wasManifest = false;

  constructor() {
    this.item = vscode.window.createStatusBarItem(
      "registry-lsp.status",
      vscode.StatusBarAlignment.Right,
      100,
    );
    this.item.name = "registry-lsp";
    this.item.command = "registryLsp.menu";
    this.listeners = [
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.show();
      }),
      vscode.languages.onDidChangeDiagnostics(() => {
        this.show();
      }),
    ];
    this.show();
  }

  /** Which server it is that starts. */
  named(server: string): void {
    this.server = server;
  }

  set(phase: Phase): void {
    this.phase = phase;
    if (phase !== "running") {
      this.running.clear();
    }
    this.show();
  }

  /** Whether there is no server, and none will start by itself. */
  get isFailed(): boolean {
    return this.phase === "failed";
  }

  /** What is under way now, the newest last. */
  get tokens(): readonly (string | number)[] {
    return [...this.running.keys()];
  }

  begun(token: string | number, title: string, message: string): void {
    this.running.set(token, { title, message });
    this.show();
  }

  reported(token: string | number, message: string): void {
    const before = this.running.get(token);
    if (before !== undefined) {
      this.running.set(token, { ...before, message });
      this.show();
    }
  }

  ended(token: string | number): void {
    this.running.delete(token);
    this.show();
  }

  dispose(): void {
    this.item.dispose();
    for (const each of this.listeners) {
      each.dispose();
    }
  }

  private show(): void {
    const state = this.state();
    const { text, tooltip, spoken, isVisible, isError } = shown(state);
    const isManifest = state.counts !== undefined;
    if (isManifest !== this.wasManifest) {
      this.wasManifest = isManifest;
      void vscode.commands.executeCommand("setContext", "registryLsp.isManifest", isManifest);
    }
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: spoken };
    this.item.backgroundColor = isError
      ? new vscode.ThemeColor("statusBarItem.errorBackground")
      : undefined;
    if (isVisible) {
      this.item.show();
    } else {
      this.item.hide();
    }
  }

  private state(): State {
    const document = activeManifest();
    return {
      phase: this.phase,
      progress: [...this.running.values()].at(-1),
      counts: document === undefined ? undefined : count(codes(document.uri)),
      server: this.server,
    };
  }
}

function codes(uri: vscode.Uri): string[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((each) => each.source === SOURCE)
    .map(({ code }) => String(typeof code === "object" ? code.value : code));
}
