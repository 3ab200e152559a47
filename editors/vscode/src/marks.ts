/** What tells our answers apart from those of VS Code's own npm extension, and puts them first. */

const NAME = "registry-lsp";

export interface Item {
  readonly label: unknown;
  detail?: string;
  sortText?: string;
  filterText?: string;
}

/**
 * *items* with our name in what is told beside them, and a word that sorts before others: a space
 * comes before the quotation mark that the npm extension's completions begin with.
 */
export function marked<T extends Item>(items: readonly T[]): readonly T[] {
  for (const item of items) {
    item.detail = item.detail ? `${item.detail} · ${NAME}` : NAME;
    item.sortText = ` ${item.sortText ?? ""}`;
  }
  return items;
}

/** Whether a hover is about a package of a registry: its title says of which. */
export function isOfPackage(markdown: string, registries: readonly string[]): boolean {
  const [title = ""] = markdown.split("\n", 1);
  return title.split(" · ").some((part, at) => at > 0 && registries.includes(part));
}

/** What the npm extension's completions replace before a version: the quotation mark and operator at
 * the end of *before*; empty where there is no such thing. */
export function lead(before: string): string {
  return /"[~^<>=]*$/.exec(before)?.[0] ?? "";
}

/** What an item is found by where *lead* is part of what it replaces. */
export function led(lead: string, item: Item): string {
  const label = typeof item.label === "string" ? item.label : labelOf(item.label);
  return lead + (item.filterText ?? label);
}

function labelOf(label: unknown): string {
  return typeof label === "object" && label !== null && "label" in label ? String(label.label) : "";
}

/**
 * The message of a command's answer that holds an error; undefined of any other answer, and where
 * the server has shown it already.
 */
export function complaint(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) {
    return undefined;
  }
  const { error } = answer;
  if (typeof error !== "object" || error === null || ("shown" in error && error.shown === true)) {
    return undefined;
  }
  if ("message" in error) {
    return typeof error.message === "string" ? error.message : undefined;
  }
  return undefined;
}
