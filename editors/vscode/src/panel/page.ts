/** The page of a package: what it is, how it is used, its releases and its people. */
import { REGISTRIES } from "../generated/server";
import { Html, html, link, webAddress } from "./html";
import { downloadsPlot, releasesPlot } from "./plots";
import {
  date,
  isFields,
  list,
  number,
  text,
  type Answer,
  type Downloads,
  type Fields,
  type Person,
  type Release,
  type Releases,
} from "./records";

const MOST_ROWS = 50;

/** All that is known of a package. */
export interface Details {
  readonly registry: string;
  readonly name: string;
  readonly about: Answer<Fields>;
  readonly releases: Answer<Releases>;
  readonly people: Answer<readonly Person[]>;
  readonly downloads: Answer<Downloads>;
}

/** The page of *details*. `nonce` is new for each page; no script and nothing from elsewhere runs or
 * loads in it. */
export function page(details: Details, nonce: string): string {
  const { about, registry } = details;
  const fields = "value" in about ? about.value : undefined;
  const name = text(fields?.name) ?? details.name;
  const body = html`<header>
      <h1>${name} <span class="version">${text(fields?.version)}</span></h1>
      <p class="origin">${registry}${at(fields)}</p>
    </header>
    ${"error" in about ? failure(about.error) : overview(about.value, runtime(details))}
    ${"error" in about ? undefined : rest(details)}`;
  return framed(`${name} (${registry})`, body, nonce);
}

/** The page while it is being asked for. */
export function waiting(registry: string, name: string, nonce: string): string {
  const body = html`<header><h1>${name}</h1><p class="origin">${registry}</p></header>
    <p>Asking…</p>`;
  return framed(`${name} (${registry})`, body, nonce);
}

/** The policy of the page: its own style sheet, and nothing else. */
export function policy(nonce: string): string {
  return `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
}

function framed(title: string, body: Html, nonce: string): string {
  return html`<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy(nonce)}">
    <title>${title}</title>
    <style nonce="${nonce}">${STYLE}</style>
  </head>
  <body>
    ${body}
  </body>
</html>
`.text;
}

function at(fields: Fields | undefined): string {
  const url = webAddress(text(fields?.registry_url) ?? "");
  return url === undefined ? "" : ` · ${new URL(url).host}`;
}

function overview(fields: Fields, runtime: string): Html {
  const withdrawn = [
    fields.yanked === true ? `The newest release was yanked. ${text(fields.yanked_reason) ?? ""}` : "",
    prefixed("Deprecated: ", text(fields.deprecated)),
    prefixed("Its registry says: ", text(fields.status), text(fields.status_reason)),
  ].filter((each) => each !== "");
  const facts: [string, string | undefined][] = [
    ["licence", text(fields.license)],
    ["published", day(date(fields.published_at))],
    ["first published", day(date(fields.created_at))],
    ["releases", number(fields.release_count)?.toLocaleString("en")],
    [`runs on ${runtime}`, text(fields.requires)],
    ["tags", tags(fields.dist_tags)],
    ["keywords", list(fields.keywords).filter((each) => typeof each === "string").join(", ")],
  ];
  const links = ["page", "homepage", "repository", "documentation", "changelog", "issues", "funding"]
    .map((each) => [each, text(fields[each])] as const)
    .flatMap(([words, url]) => (url !== undefined && webAddress(url) ? [link(url, words)] : []));
  return html`${withdrawn.map((each) => html`<p class="warning">⚠ ${each}</p>`)}
    <p class="summary">${text(fields.description)}</p>
    <p class="links">${links}</p>
    <dl>${facts.flatMap(([name, value]) => (value ? [html`<dt>${name}</dt><dd>${value}</dd>`] : []))}</dl>`;
}

function prefixed(prefix: string, first: string | undefined, second?: string): string {
  return first === undefined ? "" : `${prefix}${[first, second].filter(Boolean).join(": ")}`;
}

function tags(value: unknown): string | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const named = Object.entries(value).flatMap(([tag, version]) =>
    typeof version === "string" ? [`${tag} ${version}`] : [],
  );
  const more = named.length > 8 ? `, and ${named.length - 8} more` : "";
  return named.length === 0 ? undefined : named.slice(0, 8).join(", ") + more;
}

function runtime({ registry }: Details): string {
  return REGISTRIES[registry] ?? "";
}

function rest(details: Details): Html {
  const { downloads, releases, people } = details;
  return html`<h2>Downloads</h2>
    ${"error" in downloads ? failure(downloads.error) : downloaded(downloads.value)}
    <h2>Releases</h2>
    ${"error" in releases ? failure(releases.error) : released(releases.value, runtime(details))}
    <h2>People</h2>
    ${"error" in people ? failure(people.error) : persons(people.value)}`;
}

function counted(count: number, one: string, several: string): string {
  return count > 0 ? `${count.toLocaleString("en")} ${count === 1 ? one : several}` : "";
}

function downloaded(downloads: Downloads): Html {
  return downloadsPlot(downloads) ?? html`<p class="quiet">Nobody has counted them.</p>`;
}

/** Prereleases are left out where there are others: some packages have one a day. */
function released({ releases, total }: Releases, runtime: string): Html {
  const final = releases.filter((each) => !each.isPrerelease);
  const told = final.length > 0 ? final : releases;
  const rows = told.slice(0, MOST_ROWS);
  const rest = [
    counted(told.length - rows.length, "older one", "older ones"),
    counted(releases.length - told.length, "prerelease", "prereleases"),
    counted(total - releases.length, "that was not asked for", "that were not asked for"),
  ].filter((each) => each !== "");
  return html`${releasesPlot(told, releases.length >= total)}
    <table>
      <thead><tr><th scope="col">version</th><th scope="col">published</th><th scope="col">${runtime}</th></tr></thead>
      <tbody>${rows.map(row)}</tbody>
    </table>
    ${rest.length > 0 ? html`<p class="quiet">and ${rest.join(", ")}</p>` : undefined}`;
}

function row(release: Release): Html {
  const remark = release.withdrawn ?? (release.isPrerelease ? "prerelease" : "");
  const kind = release.withdrawn === undefined ? "" : "withdrawn";
  const below = remark === "" ? undefined : html`<div class="remark">${remark}</div>`;
  return html`<tr><td><span class="${kind}">${release.version}</span>${below}</td>
    <td class="day">${day(release.published)}</td><td>${release.runtime}</td></tr>`;
}

function persons(people: readonly Person[]): Html {
  if (people.length === 0) {
    return html`<p class="quiet">The registry names nobody.</p>`;
  }
  return html`<ul>${people.map((each) => {
    const name = each.name ?? each.email ?? "";
    const shown = each.url === undefined ? html`${name}` : link(each.url, name);
    const email = each.name !== undefined && each.email !== undefined ? ` <${each.email}>` : "";
    return html`<li>${shown}${email} <span class="quiet">${each.role}</span></li>`;
  })}</ul>`;
}

function failure(message: string): Html {
  return html`<p class="quiet">${message}</p>`;
}

function day(moment: Date | undefined): string | undefined {
  return moment?.toISOString().slice(0, 10);
}

const STYLE = new Html(`
  body { max-width: 52rem; padding: 0 1.5rem 2rem; line-height: 1.5; overflow-wrap: anywhere;
    font-family: var(--vscode-font-family); font-size: var(--vscode-font-size);
    color: var(--vscode-foreground); background: var(--vscode-editor-background); }
  h1 { margin: 1.2rem 0 0; font-size: 1.8em; font-weight: 600; }
  h1 .version { font-weight: 400; color: var(--vscode-descriptionForeground); }
  h2 { margin: 1.8rem 0 .6rem; font-size: 1.15em; font-weight: 600;
    border-bottom: 1px solid var(--vscode-widget-border, rgba(128, 128, 128, .35)); }
  a { color: var(--vscode-textLink-foreground); text-decoration: var(--text-link-decoration, none); }
  a:hover { text-decoration: underline; }
  .origin, .quiet, .remark, dt, th { color: var(--vscode-descriptionForeground); }
  .origin { margin: 0 0 .8rem; }
  .summary { font-size: 1.1em; margin: .4rem 0; }
  .links a { margin-right: 1.2rem; }
  .warning { padding: .4rem .7rem; border-left: 3px solid var(--vscode-editorWarning-foreground, #c80); }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .8rem 0; }
  dd { margin: 0; }
  table { border-collapse: collapse; margin-top: .8rem; width: 100%; }
  th { text-align: left; font-weight: 400; }
  th, td { padding: .15rem 1.2rem .15rem 0; vertical-align: top; }
  td.day { white-space: nowrap; overflow-wrap: normal; }
  .withdrawn { text-decoration: line-through; }
  ul { margin: 0; padding-left: 1.2rem; }
  svg { display: block; max-width: 100%; height: auto; overflow: visible; font-size: 12px; }
  svg .bar { fill: var(--vscode-charts-blue, #3794ff); }
  svg .label { fill: var(--vscode-descriptionForeground); }
  svg .value { fill: var(--vscode-foreground); }
`);
