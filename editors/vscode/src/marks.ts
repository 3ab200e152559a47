/** What makes our answers tell themselves apart from those of VS Code's own npm extension. */

export interface Item {
  label: unknown;
  sortText?: string;
}

/**
 * *items* so that they come before those of others: a space sorts before the quotation mark that
 * VS Code's own completions of package.json begin with.
 */
export function first<T extends Item>(items: T[]): T[] {
  for (const item of items) {
    item.sortText = ` ${item.sortText ?? ""}`;
  }
  return items;
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
