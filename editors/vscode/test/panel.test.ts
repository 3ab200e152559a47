import assert from "node:assert/strict";
import { test } from "node:test";
import { escape, html, link } from "../src/panel/html";
import { page, policy, waiting, type Details } from "../src/panel/page";
import { downloadsPlot, releasesPlot, short } from "../src/panel/plots";
import { answered, downloads, joined, people, releases, together } from "../src/panel/records";

const EVIL = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;\u202e`;
const NONCE = "0123abcd";

/** Everything that a registry says is *text*. */
function details(text: string): Details {
  return {
    registry: "npm",
    name: text,
    about: {
      value: {
        registry_url: "https://registry.example/npm/",
        name: text,
        version: text,
        description: text,
        license: text,
        homepage: `https://home.example/${text}`,
        repository: `javascript:${text}`,
        status: text,
        status_reason: text,
        yanked: true,
        yanked_reason: text,
        deprecated: text,
        requires: text,
        keywords: [text],
        dist_tags: { [text]: text },
        published_at: "2024-01-02T00:00:00Z",
      },
    },
    releases: answered(
      {
        total: 60,
        versions: [
          { version: text, published_at: "2023-05-01T00:00:00Z", yanked: true, yanked_reason: text },
          { version: text, published_at: "2021-05-01T00:00:00Z", deprecated: text, requires: text },
        ],
      },
      releases,
    ),
    people: answered(
      { people: [{ name: text, email: text, url: `https://people.example/?${text}`, role: text }] },
      people,
    ),
    downloads: { error: text },
  };
}

function tags(text: string): string[] {
  return [...text.matchAll(/<([a-z][a-z0-9]*)/gi)].map((each) => each[1] ?? "");
}

test("nothing that a registry says becomes a tag, an attribute or an address", () => {
  const evil = page(details(EVIL), NONCE);
  assert.deepEqual(tags(evil), tags(page(details("plain"), NONCE)));
  assert.ok(!evil.includes("javascript:"));
  assert.ok(!evil.includes("\u202e"));
  assert.ok(!/<script|<img/i.test(evil));
  for (const [, href] of evil.matchAll(/href="([^"]*)"/g)) {
    assert.match(href ?? "", /^https:\/\/(home|people)\.example\//);
  }
  assert.ok(!tags(waiting(EVIL, EVIL, NONCE)).includes("script"));
});

test("the page loads nothing and runs nothing", () => {
  const text = page(details("plain"), NONCE);
  assert.ok(text.includes(`content="${escape(policy(NONCE))}"`));
  assert.match(policy(NONCE), /^default-src 'none'; style-src 'nonce-0123abcd';/);
  assert.ok(!policy(NONCE).includes("script-src"));
  assert.ok(!/ style="| on\w+="|src=|url\(/.test(text));
});

test("what is put into a template is escaped, and our own HTML is not", () => {
  assert.equal(html`<b>${"<"}${html`<i>${'"'}</i>`}${undefined}</b>`.text, "<b>&lt;<i>&quot;</i></b>");
  assert.equal(escape("a\u0000b\nc\u200b"), "ab c");
});

test("only addresses of the web are links", () => {
  assert.equal(link("https://a.example/?x=\"", "a").text, '<a href="https://a.example/?x=%22">a</a>');
  for (const address of ["javascript:alert(1)", "data:text/html,x", "command:x", "file:///etc", "//x", "", "https://u:p@a.example/"]) {
    assert.equal(link(address, "words").text, "words");
  }
});

test("downloads are plotted a day, over what is counted", () => {
  const counts = { lastDay: 1_000, lastWeek: 14_000, lastMonth: undefined, lastYear: 0 };
  const plot = downloadsPlot(counts)?.text ?? "";
  assert.equal(plot.match(/<rect/g)?.length, 3);
  assert.match(plot, /<title>14,000 in the last week<\/title>/);
  assert.match(plot, /2\.0k a day/);
  const spoken = "Downloads: 1,000 in the last day, 14,000 in the last week, 0 in the last year.";
  assert.ok(plot.includes(`role="img" aria-label="${spoken}"`));
  const widths = [...plot.matchAll(/width="(\d+)" height="18"/g)].map((each) => Number(each[1]));
  assert.deepEqual(widths, [110, 220, 1]);
  const none = { lastDay: undefined, lastWeek: undefined, lastMonth: undefined, lastYear: undefined };
  assert.equal(downloadsPlot(none), undefined);
});

test("releases are plotted by their years, those without one too", () => {
  const found = ["2019-01-01", "2021-06-01", "2021-07-01"].map((day) => ({
    version: "1",
    published: new Date(day),
    isPrerelease: false,
    withdrawn: undefined,
    runtime: undefined,
  }));
  const plot = releasesPlot(found, true)?.text ?? "";
  assert.deepEqual(
    [...plot.matchAll(/<title>(.*?)<\/title>/g)].map((each) => each[1]),
    ["1 in 2019", "0 in 2020", "2 in 2021"],
  );
  assert.ok(plot.includes('aria-label="Releases: 1 in 2019, 0 in 2020, 2 in 2021."'));
  assert.match(releasesPlot(found, false)?.text ?? "", /<title>1 or more in 2019<\/title>/);
  assert.equal(releasesPlot(found.slice(0, 1), true), undefined);
});

test("an error stands where its part would be", () => {
  const text = page({ ...details("plain"), downloads: { error: "Nobody counts <them>." } }, NONCE);
  assert.ok(text.includes("Nobody counts &lt;them&gt;."));
  const none = page({ ...details("plain"), about: { error: "npm has no such package." } }, NONCE);
  assert.ok(none.includes("npm has no such package."));
  assert.ok(!none.includes("<h2>"));
});

test("numbers are short", () => {
  assert.deepEqual(
    [0, 0.5, 12.3, 999, 1_000, 25_300_000, 123_456_789, 2.5e9].map(short),
    ["0", "0.5", "12", "999", "1.0k", "25.3M", "123M", "2.5B"],
  );
});

test("answers that are not what they should be are no answers", () => {
  assert.deepEqual(answered(undefined, downloads), { error: "The server gave no answer." });
  assert.deepEqual(answered({ error: 3 }, downloads), { error: "The server could not answer." });
  const odd = answered({ last_day: "many", last_week: -1, last_month: 7 }, downloads);
  const value = { lastDay: undefined, lastWeek: undefined, lastMonth: 7, lastYear: undefined };
  assert.deepEqual(odd, { value });
  assert.deepEqual(people({ people: [null, {}, { name: 3 }] }), []);
});

test("a person is told once, with all roles", () => {
  const found = people({
    people: [
      { name: "Ada", email: null, url: null, role: "author" },
      { name: "ada", email: "ada@people.example", url: null, role: "maintainer" },
    ],
  });
  const email = "ada@people.example";
  assert.deepEqual(found, [{ name: "Ada", email, url: undefined, role: "author, maintainer" }]);
});

test("what periods say is put together, and an error only counts where none is told", () => {
  const week = answered({ last_week: 7 }, downloads);
  const failed = { error: "No service counts." };
  assert.deepEqual(together([failed, week]), week);
  assert.deepEqual(together([failed, failed]), failed);
});

test("pages of releases are put together, and one that fails costs no other", () => {
  const page = (version: string): ReturnType<typeof joined> =>
    answered({ total: 3, pages: 3, versions: [{ version }] }, releases);
  const all = joined([page("3"), { error: "It was late." }, page("1")]);
  assert.deepEqual("value" in all && all.value.releases.map((each) => each.version), ["3", "1"]);
  assert.deepEqual(joined([{ error: "No." }]), { error: "No." });
});

test("prereleases are counted, and listed only where there is nothing else", () => {
  const shown = (...prerelease: boolean[]): string => {
    const versions = prerelease.map((each, at) => ({ version: `v${at}`, prerelease: each }));
    const told = answered({ total: versions.length, versions }, releases);
    return page({ ...details("plain"), releases: told }, NONCE);
  };
  const mixed = shown(true, false, true);
  assert.ok(mixed.includes(">v1<") && !mixed.includes(">v0<"));
  assert.ok(mixed.includes("and 2 prereleases"));
  const only = shown(true, true);
  assert.ok(only.includes(">v0<") && only.includes("prerelease</div>"));
});
