import { NAMELESS_LANGUAGES, PATTERNS } from "./generated/server";

/** What stands for documents: those of a scheme whose path fits, or of a language. */
export interface Filter {
  readonly scheme: string;
  readonly pattern?: string;
  readonly language?: string;
}

/** What somebody may call a file of pip's that another one includes, whatever its name. */
const REQUIREMENTS = "pip-requirements";

/** The documents that the server is told of: manifests on disk and such as will be saved there,
 * those in pip's language, and those without a name whose language may make them one. */
export const SELECTOR: Filter[] = [
  ...["file", "untitled"].flatMap((scheme) => PATTERNS.map((pattern) => ({ scheme, pattern }))),
  { scheme: "file", language: REQUIREMENTS },
  ...NAMELESS_LANGUAGES.map((language) => ({ scheme: "untitled", language })),
];

/** The line that begins inline metadata (PEP 723). */
const METADATA = /^# \/\/\/ script\s*$/m;

/** What is in each manifest of a language; the server looks closer. */
const MARKS: Readonly<Record<string, RegExp>> = {
  json: /"(d|devD|peerD|optionalD)ependencies"/,
  jsonc: /"(d|devD|peerD|optionalD)ependencies"/,
  toml: /^\s*\[(project|dependency-groups|build-system|tool)\b/m,
  python: METADATA,
};

/** A document, as far as it tells whether it is a manifest. */
export interface Candidate {
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

/**
 * Whether a document that the selector admits may be a manifest, and is not only one of a language
 * that has some: most Python files have no metadata, and most texts without a name are none.
 */
export function mayBeManifest({ path, language, text }: Candidate): boolean {
  const isNameless = !/[/\\.]/.test(path);
  const mark = isNameless ? MARKS[language] : path.endsWith(".py") ? METADATA : undefined;
  return mark?.test(text) ?? true;
}
