/** The line that begins inline metadata (PEP 723). */
const METADATA = /^# \/\/\/ script\s*$/m;

/** Whether a document of this name is a manifest, and not only one of a language that may hold one:
 * most Python files have no metadata. */
export function isWorthStarting(path: string, text: string): boolean {
  return !path.endsWith(".py") || METADATA.test(text);
}
