/** HTML that is safe by how it is made: what is put in is escaped, unless it is HTML of ours. */

export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Html[] | undefined;

/** A template's text stands as it is; what is put in is escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((each, at) => each + (at < parts.length ? written(parts[at]) : "")).join(""),
  );
}

function written(part: Part): string {
  if (part === undefined) {
    return "";
  }
  if (part instanceof Html) {
    return part.text;
  }
  if (typeof part === "object") {
    return part.map((each) => each.text).join("");
  }
  return escape(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** *text* as it stands in HTML, between tags and in quotes. Characters that turn or hide what is
 * read (controls, marks of direction) are left out. */
export function escape(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]/gu, (each) => (each === "\n" || each === "\t" ? " " : ""))
    .replace(/[&<>"']/g, (each) => ENTITIES[each] ?? "");
}

/** A link where *address* is one of the web, without credentials; else its words alone. */
export function link(address: string, words: string): Html {
  const url = webAddress(address);
  return url === undefined ? html`${words}` : html`<a href="${url}">${words}</a>`;
}

/** *address* as browsers understand it; undefined where it is none of the web. */
export function webAddress(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  return isWeb && url.username === "" && url.password === "" ? url.href : undefined;
}
