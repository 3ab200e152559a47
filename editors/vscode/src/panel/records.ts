/** The server's answers to package queries, as far as they are what they should be. */

export interface Person {
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly url: string | undefined;
  readonly role: string | undefined;
}

export interface Release {
  readonly version: string;
  readonly published: Date | undefined;
  readonly isPrerelease: boolean;
  /** Why it should not be used; undefined where nothing speaks against it. */
  readonly withdrawn: string | undefined;
  readonly runtime: string | undefined;
}

export interface Downloads {
  readonly lastDay: number | undefined;
  readonly lastWeek: number | undefined;
  readonly lastMonth: number | undefined;
  readonly lastYear: number | undefined;
}

/** An answer, or the message of its error. */
export type Answer<T> = { readonly value: T } | { readonly error: string };

export type Fields = Readonly<Record<string, unknown>>;

/** What *answer* says, read by *read*. */
export function answered<T>(answer: unknown, read: (fields: Fields) => T): Answer<T> {
  if (!isFields(answer)) {
    return { error: "The server gave no answer." };
  }
  const error = answer.error;
  if (error !== undefined) {
    const message = isFields(error) ? text(error.message) : undefined;
    return { error: message ?? "The server could not answer." };
  }
  return { value: read(answer) };
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function date(value: unknown): Date | undefined {
  const moment = new Date(text(value) ?? "");
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** People, each once, with all of their roles. */
export function people(fields: Fields): readonly Person[] {
  const found = new Map<string, Person>();
  for (const each of list(fields.people).filter(isFields)) {
    const person = {
      name: text(each.name),
      email: text(each.email),
      url: text(each.url),
      role: text(each.role),
    };
    const key = (person.name ?? person.email ?? "").toLowerCase();
    if (key === "") {
      continue;
    }
    const before = found.get(key);
    const roles = new Set([before?.role, person.role].filter((role) => role !== undefined));
    found.set(key, {
      name: before?.name ?? person.name,
      email: before?.email ?? person.email,
      url: before?.url ?? person.url,
      role: [...roles].join(", ") || undefined,
    });
  }
  return [...found.values()];
}

export interface Releases {
  readonly total: number;
  readonly pages: number;
  readonly releases: readonly Release[];
}

export function releases(fields: Fields): Releases {
  const found = list(fields.versions).filter(isFields).map(release);
  return {
    total: number(fields.total) ?? found.length,
    pages: number(fields.pages) ?? 1,
    releases: found,
  };
}

/** The releases of all *pages* together, as far as they were told. */
export function joined(pages: readonly Answer<Releases>[]): Answer<Releases> {
  const told = pages.flatMap((each) => ("value" in each ? [each.value] : []));
  const [first] = told;
  if (first === undefined) {
    return pages[0] ?? { error: "Nobody was asked." };
  }
  return { value: { ...first, releases: told.flatMap((each) => each.releases) } };
}

function release(fields: Fields): Release {
  const reason = text(fields.yanked_reason);
  const yanked = reason === undefined ? "yanked" : `yanked: ${reason}`;
  const deprecated = text(fields.deprecated);
  const isYanked = fields.yanked === true;
  return {
    version: text(fields.version) ?? "?",
    published: date(fields.published_at),
    isPrerelease: fields.prerelease === true,
    withdrawn: isYanked ? yanked : deprecated === undefined ? undefined : `deprecated: ${deprecated}`,
    runtime: text(fields.requires),
  };
}

export function downloads(fields: Fields): Downloads {
  return {
    lastDay: number(fields.last_day),
    lastWeek: number(fields.last_week),
    lastMonth: number(fields.last_month),
    lastYear: number(fields.last_year),
  };
}

/** What several answers say together: of npm, each period is a question of its own. */
export function together(all: readonly Answer<Downloads>[]): Answer<Downloads> {
  const told = all.flatMap((each) => ("value" in each ? [each.value] : []));
  const [first] = all;
  if (told.length === 0) {
    return first ?? { error: "Nobody was asked." };
  }
  const pick = (of: keyof Downloads): number | undefined =>
    told.map((each) => each[of]).find((each) => each !== undefined);
  return {
    value: {
      lastDay: pick("lastDay"),
      lastWeek: pick("lastWeek"),
      lastMonth: pick("lastMonth"),
      lastYear: pick("lastYear"),
    },
  };
}
