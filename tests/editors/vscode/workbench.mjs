// VS Code in a browser, as somebody would use it: what is done with the keyboard and the mouse, and
// what can be read from the window.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.EDITOR_MODULES}/`);
const { chromium } = require("playwright-core");

const PATIENCE_MS = 30_000;

/** Opens the window on *folder*. */
export async function opened({ chromium: program, url, folder, shots, scale = 1 }) {
  const browser = await chromium.launch({
    executablePath: program,
    args: ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
  });
  const viewport = { width: 1280, height: 800 };
  const page = await browser.newPage({ viewport, deviceScaleFactor: scale });
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") {
      complaints.push(message.text());
    }
  });
  await page.goto(`${url}?folder=${encodeURIComponent(folder)}`);
  await page.waitForSelector(".monaco-workbench .statusbar-item");
  return new Workbench(browser, page, shots, complaints);
}

/**
 * What makes a stop of a tour: what is seen there goes to standard output, one JSON object a line.
 * Where a stop fails its error is told instead, with a picture, and the tour goes on.
 */
export function stops(it) {
  return async (name, look) => {
    const picture = name.replaceAll(" ", "-");
    let seen;
    try {
      seen = { name, seen: await look() };
      await it.shot(picture);
    } catch (error) {
      seen = { name, error: String(error) };
      await it.shot(`${picture}-failed`);
      await it.page.keyboard.press("Escape");
    }
    console.log(JSON.stringify(seen));
  };
}

/** Whether an item of the status bar counts findings. */
export function found(counts) {
  return /\d+ (outdated|vulnerable|other)/.test(counts);
}

class Workbench {
  constructor(browser, page, shots, complaints) {
    this.browser = browser;
    this.page = page;
    this.shots = shots;
    this.complaints = complaints;
  }

  /** Loads the page anew. */
  async reload() {
    await this.page.reload();
    await this.page.waitForSelector(".monaco-workbench .statusbar-item");
  }

  /** A window of no folder that shows this file. */
  async alone(path) {
    const { origin, host } = new URL(this.page.url());
    const payload = JSON.stringify([["openFile", `vscode-remote://${host}${path}`]]);
    await this.page.goto(`${origin}/?ew=true&payload=${encodeURIComponent(payload)}`);
    await this.page.waitForSelector(".editor-instance .view-line");
  }

  /** A picture of the window, or of the part of it that *clip* says. */
  async shot(name, clip = undefined) {
    await this.page.screenshot({ path: `${this.shots}/${name}.png`, clip });
  }

  async close() {
    await this.browser.close();
  }

  /** Waits until *look* finds what it wants, looking again whenever the window has changed. */
  async until(what, look) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found) {
        return found;
      }
      if (Date.now() > end) {
        throw new Error(`never seen: ${what}`);
      }
      await this.page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => seen())));
    }
  }

  /** Opens a file. A page that is still being shown may take the focus from the list: once more, then. */
  async openFile(name) {
    const tab = this.page.locator(`.tab.active[data-resource-name="${name}"]`).first();
    await this.until(`${name} in front`, async () => {
      try {
        await this.picked("Control+P", name, name, 5_000);
        await tab.waitFor({ timeout: 5_000 });
        return true;
      } catch {
        await this.page.keyboard.press("Escape");
        return false;
      }
    });
    await this.page.waitForSelector(".editor-instance .view-line");
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    await this.picked("F1", title, title);
  }

  async picked(key, text, label, timeout = PATIENCE_MS) {
    await this.page.keyboard.press(key);
    await this.page.waitForSelector(".quick-input-widget input", { timeout });
    await this.page.keyboard.type(text);
    await this.choose(label, timeout);
  }

  /** Chooses the entry of the list that is shown whose label begins with *label*. */
  async choose(label, timeout = PATIENCE_MS) {
    const row = this.page
      .locator(".quick-input-widget .monaco-list-row")
      .filter({ has: this.page.locator(".label-name", { hasText: label }) })
      .first();
    await row.click({ timeout });
  }

  /** Puts the cursor before the column of a line; both count from 1. */
  async goTo(line, column) {
    await this.page.keyboard.press("Control+G");
    await this.page.waitForSelector(".quick-input-widget input");
    await this.page.keyboard.type(`${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.page.waitForSelector(".quick-input-widget", { state: "hidden" });
    await this.until(`line ${line}`, async () =>
      (await this.statusBar()).includes(`Ln ${line}, Col ${column}`),
    );
  }

  /** The lines of the editor as they are shown, without what stands in them beside the text. */
  async lines() {
    return await this.page.evaluate(() => {
      const lines = [...document.querySelectorAll(".editor-instance .view-line")];
      const top = (each) => Number.parseFloat(each.style.top);
      return lines.sort((one, other) => top(one) - top(other)).map((line) => {
        const copy = line.cloneNode(true);
        for (const hint of copy.querySelectorAll('[class*="dyn-rule"]')) {
          hint.remove();
        }
        return copy.textContent.replaceAll("\u00a0", " ");
      });
    });
  }

  async hints() {
    return await this.page.evaluate(() =>
      [...document.querySelectorAll('.editor-instance .view-line [class*="dyn-rule"]')]
        .map((each) => each.textContent.replaceAll("\u00a0", " ").trim())
        .filter((text) => text !== ""),
    );
  }

  async lenses() {
    return await this.page.locator(".codelens-decoration a").allTextContents();
  }

  /** The squiggles of the editor, by their sort. */
  async squiggles() {
    return await this.page.evaluate(() => {
      const found = {};
      for (const each of document.querySelectorAll('.editor-instance [class*="squiggly-"]')) {
        const [kind] = /squiggly-\w+/.exec(each.className) ?? [];
        found[kind] = (found[kind] ?? 0) + 1;
      }
      return found;
    });
  }

  async statusBar() {
    return (await this.page.locator(".statusbar-item").allInnerTexts()).join(" | ");
  }

  /** What our item of the status bar says. */
  async item() {
    const item = this.page.locator('.statusbar-item[id="registry-lsp.registry-lsp.registry-lsp.status"]');
    return (await item.count()) === 0 ? "" : (await item.innerText()).trim();
  }

  /** What is told of the place of the cursor. */
  async hover() {
    await this.page.keyboard.press("Control+K");
    await this.page.keyboard.press("Control+I");
    const hover = this.page.locator(".monaco-hover:not(.hidden) .hover-contents");
    await hover.first().waitFor();
    return this.page.locator(".monaco-hover:not(.hidden)").first();
  }

  /** The labels of the completions at the cursor, in their order. */
  async completions() {
    await this.page.keyboard.press("Control+Space");
    await this.page.waitForSelector(".suggest-widget.visible .monaco-list-row");
    return await this.page.evaluate(() =>
      [...document.querySelectorAll(".suggest-widget .monaco-list-row")]
        .sort((one, other) => Number(one.dataset.index) - Number(other.dataset.index))
        .map((row) => row.querySelector(".label-name")?.textContent ?? ""),
    );
  }

  async complete(label) {
    const written = label.replace(/[.^]/g, "\\$&");
    const row = this.page
      .locator(".suggest-widget .monaco-list-row")
      .filter({ has: this.page.locator(".label-name", { hasText: new RegExp(`^${written}$`) }) });
    await row.first().click();
    await this.page.waitForSelector(".suggest-widget.visible", { state: "hidden" });
  }

  /** The titles of what can be done at the cursor. */
  async actions() {
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    await this.until("actions", async () => {
      await this.page.keyboard.press("Control+.");
      return await rows.first().waitFor({ timeout: 3_000 }).then(() => true, () => false);
    });
    return await rows.allInnerTexts();
  }

  async act(title) {
    await this.page
      .locator(".action-widget .monaco-list-row.action")
      .filter({ hasText: title })
      .first()
      .click();
  }

  /** The document within the panel of an extension. */
  async panel() {
    return await this.until("a panel", async () => {
      for (const frame of this.page.frames()) {
        if ((await frame.locator("svg").count().catch(() => 0)) > 0) {
          return frame.name() === "" || frame.url().includes("fake.html") ? frame : undefined;
        }
      }
      return undefined;
    });
  }
}
