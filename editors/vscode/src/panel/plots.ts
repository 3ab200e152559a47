/** Plots as SVG that stands in the page itself, with their numbers for who does not see them. Colours
 * come from the page's style sheet. */
import { html, type Html } from "./html";
import type { Downloads, Release } from "./records";

const LONGEST_BAR = 220;
const ROW = 26;

/** Downloads a day, on average, over each period that is counted; undefined where none is. */
export function downloadsPlot(counts: Downloads): Html | undefined {
  const periods: [string, number | undefined, number][] = [
    ["last day", counts.lastDay, 1],
    ["last week", counts.lastWeek, 7],
    ["last month", counts.lastMonth, 30],
    ["last year", counts.lastYear, 365],
  ];
  const bars = periods.flatMap(([name, total, days]) =>
    total === undefined ? [] : [{ name, total, daily: total / days }],
  );
  const most = Math.max(0, ...bars.map((each) => each.daily));
  if (bars.length === 0) {
    return undefined;
  }
  const rows = bars.map(({ name, total, daily }, at) => {
    const width = most === 0 ? 0 : Math.max(1, Math.round((daily / most) * LONGEST_BAR));
    const [top, middle] = [at * ROW + 4, at * ROW + ROW / 2 + 4];
    return html`<g>
      <title>${inAll(total, name)}</title>
      <text class="label" x="76" y="${middle}" text-anchor="end">${name}</text>
      <rect class="bar" x="84" y="${top}" width="${width}" height="${ROW - 8}" rx="2"/>
      <text class="value" x="${92 + width}" y="${middle}">${short(daily)} a day</text>
    </g>`;
  });
  const height = bars.length * ROW;
  const spoken = bars.map(({ name, total }) => inAll(total, name)).join(", ");
  return html`<svg role="img" aria-label="Downloads: ${spoken}." width="420" height="${height}"
    viewBox="0 0 420 ${height}">${rows}</svg>`;
}

function inAll(total: number, period: string): string {
  return `${total.toLocaleString("en")} in the ${period}`;
}

const COLUMNS_HEIGHT = 90;

/** How many releases there were in each year; undefined where fewer than two years are known.
 * `isWhole` is false where there were more before. */
export function releasesPlot(releases: readonly Release[], isWhole: boolean): Html | undefined {
  const years = new Map<number, number>();
  for (const { published } of releases) {
    const year = published?.getUTCFullYear();
    if (year !== undefined) {
      years.set(year, (years.get(year) ?? 0) + 1);
    }
  }
  const [first, last] = [Math.min(...years.keys()), Math.max(...years.keys())];
  if (years.size < 2 || last - first > 60) {
    return undefined;
  }
  const most = Math.max(...years.values());
  const count = last - first + 1;
  const step = Math.max(14, Math.min(44, Math.floor(420 / count)));
  const spoken: string[] = [];
  const columns = Array.from({ length: count }, (_, at) => {
    const [year, some] = [first + at, years.get(first + at) ?? 0];
    const height = some === 0 ? 0 : Math.max(1, Math.round((some / most) * COLUMNS_HEIGHT));
    const [x, top] = [at * step, COLUMNS_HEIGHT + 16 - height];
    const middle = x + (step - 4) / 2;
    const words = step >= 36 ? String(year) : `’${String(year % 100).padStart(2, "0")}`;
    const isMore = !isWhole && at === 0;
    const title = `${some}${isMore ? " or more" : ""} in ${year}`;
    spoken.push(title);
    return html`<g>
      <title>${title}</title>
      <rect class="bar" x="${x}" y="${top}" width="${step - 4}" height="${height}" rx="2"/>
      <text class="value" x="${middle}" y="${top - 4}" text-anchor="middle">${some || ""}${isMore ? "+" : ""}</text>
      <text class="label" x="${middle}" y="${COLUMNS_HEIGHT + 32}" text-anchor="middle">${
        step >= 24 || at % 2 === 0 ? words : ""
      }</text>
    </g>`;
  });
  const [width, height] = [count * step, COLUMNS_HEIGHT + 38];
  return html`<svg role="img" aria-label="Releases: ${spoken.join(", ")}." width="${width}" height="${height}"
    viewBox="0 0 ${width} ${height}">${columns}</svg>`;
}

/** A number for people: 1234567 is 1.2M. */
export function short(value: number): string {
  for (const [size, unit] of [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (value >= size) {
      const scaled = value / size;
      return `${scaled >= 100 ? scaled.toFixed(0) : scaled.toFixed(1)}${unit}`;
    }
  }
  return value >= 10 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}
