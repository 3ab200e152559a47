/** What the status bar says. */

/** How the server is doing. */
export type Phase = "off" | "starting" | "running" | "waiting" | "failed";

export interface Counts {
  readonly outdated: number;
  readonly vulnerable: number;
  readonly other: number;
}

export interface State {
  readonly phase: Phase;
  /** What is under way: its title, and how far it is. */
  readonly progress: { readonly title: string; readonly message: string } | undefined;
  /** Of the manifest that is looked at; undefined where none is. */
  readonly counts: Counts | undefined;
  /** Which server runs. */
  readonly server: string;
}

export interface Shown {
  readonly text: string;
  readonly tooltip: string;
  /** For screen readers, which see no icon and not whose item it is. */
  readonly spoken: string;
  readonly isVisible: boolean;
  readonly isError: boolean;
}

/** How many findings of each sort there are, by their codes. */
export function count(codes: Iterable<string>): Counts {
  let [outdated, vulnerable, other] = [0, 0, 0];
  for (const code of codes) {
    if (code.startsWith("outdated-")) {
      outdated += 1;
    } else if (code === "vulnerable") {
      vulnerable += 1;
    } else {
      other += 1;
    }
  }
  return { outdated, vulnerable, other };
}

/** The item for *state*: nothing where no manifest is looked at and nothing is wrong. */
export function shown(state: State): Shown {
  const isError = state.phase === "failed";
  return {
    text: text(state),
    tooltip: tooltip(state),
    spoken: state.phase === "running" ? `registry-lsp: ${doing(state)}` : tooltip(state),
    isVisible: isError || state.counts !== undefined,
    isError,
  };
}

function text(state: State): string {
  switch (state.phase) {
    case "failed":
      return "$(error) registry-lsp";
    case "off":
      return "$(circle-slash) registry-lsp";
    case "starting":
    case "waiting":
      return "$(sync~spin) registry-lsp";
    case "running":
      if (state.progress !== undefined) {
        return `$(sync~spin) ${state.progress.message || "packages"}`;
      }
      return `$(package) ${summary(state.counts) || "registry-lsp"}`;
  }
}

function doing({ progress, counts }: State): string {
  const words = progress === undefined ? [summary(counts)] : [progress.title, progress.message];
  return words.filter((each) => each !== "").join(", ") || "no findings";
}

function tooltip(state: State): string {
  const first = {
    off: "registry-lsp is not running.",
    starting: "registry-lsp is starting.",
    waiting: "registry-lsp has crashed and starts again soon.",
    failed: "registry-lsp does not run. Click for what can be done.",
    running: `${state.server} is running.`,
  }[state.phase];
  return state.progress === undefined ? first : `${first}\n${state.progress.title}`;
}

function summary(counts: Counts | undefined): string {
  if (counts === undefined) {
    return "";
  }
  const parts: [number, string][] = [
    [counts.vulnerable, "vulnerable"],
    [counts.outdated, "outdated"],
    [counts.other, counts.other === 1 ? "other finding" : "other findings"],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(", ");
}
