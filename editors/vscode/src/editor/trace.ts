import * as vscode from "vscode";

const SETTING = "registry-lsp.trace.server";

/**
 * *output* for what passes between VS Code and the server. The client writes that only where its
 * channel's level is "trace"; here the setting alone is enough, and so is the level alone.
 */
export function traced(output: vscode.LogOutputChannel): vscode.LogOutputChannel {
  const isSet = (): boolean => {
    const value = vscode.workspace.getConfiguration().get<string>(SETTING, "off");
    return value !== "off";
  };
  const level = (): vscode.LogLevel =>
    isSet() || output.logLevel === vscode.LogLevel.Trace ? vscode.LogLevel.Trace : vscode.LogLevel.Off;
  return {
    ...output,
    get logLevel() {
      return level();
    },
    onDidChangeLogLevel: (listener: (level: vscode.LogLevel) => unknown) =>
      vscode.Disposable.from(
        output.onDidChangeLogLevel(() => listener(level())),
        vscode.workspace.onDidChangeConfiguration((event) => {
          if (event.affectsConfiguration(SETTING)) {
            listener(level());
          }
        }),
      ),
    trace: (message: string, ...more: unknown[]) => {
      if (isSet()) {
        output.info(message, ...more);
      } else {
        output.trace(message, ...more);
      }
    },
  };
}
