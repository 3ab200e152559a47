// A tour of the extension: all that is shown.
import { existsSync, rmSync } from "node:fs";
import { found, opened, stops } from "./workbench.mjs";

const options = JSON.parse(process.argv[2]);
const it = await opened(options);
const stop = stops(it);

/** The labels at the cursor, once both extensions have answered. */
async function oursAndTheirs() {
  return await it.until("ours and theirs", async () => {
    const seen = await it.completions();
    const [ours, theirs] = [/^\^?\d/, /^"/];
    if ([ours, theirs].every((sort) => seen.some((each) => sort.test(each)))) {
      return seen;
    }
    await it.page.keyboard.press("Escape");
    return undefined;
  });
}

async function trust() {
  await it.command("Workspaces: Manage Workspace Trust");
  await it.page.locator(".workspace-trust-editor a, .workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).first().click();
}

await stop("not trusted", async () => {
  await it.openFile("package.json");
  const item = await it.until("findings", async () => found(await it.item()) && (await it.item()));
  return { item, ran: existsSync(options.ran) };
});

await stop("trusted", async () => {
  const trusted = () => Promise.resolve(existsSync(options.ran));
  await trust();
  await it.until("the environment's program", trusted);
  // VS Code's own npm extension only sees that the workspace is trusted once it begins anew. VS Code
  // writes down later that it is, and a page that is loaded too early has forgotten it.
  await it.until("trust that lasts", async () => {
    rmSync(options.ran);
    await it.reload();
    await it.openFile("package.json");
    await it.until("findings", async () => found(await it.item()));
    return (await trusted()) || (await trust(), await it.until("the program again", trusted), false);
  });
  return { ran: true };
});

await stop("open", async () => {
  await it.openFile("package.json");
  const item = await it.until("findings", async () => found(await it.item()) && (await it.item()));
  const squiggles = await it.until("squiggles", async () => {
    const seen = await it.squiggles();
    return Object.keys(seen).length > 0 && seen;
  });
  const hints = await it.until("hints", async () => {
    const seen = await it.hints();
    return seen.length > 0 && seen;
  });
  const lenses = await it.until("lenses", async () => {
    const seen = await it.lenses();
    return seen.length > 0 && seen;
  });
  return { item, squiggles, hints, lenses };
});

await stop("outline", async () => {
  await it.page.keyboard.press("Control+Shift+O");
  const rows = it.page.locator(".quick-input-widget .monaco-list-row .label-name");
  const names = await it.until("symbols", async () => {
    const seen = await rows.allInnerTexts();
    return seen.length > 1 && seen;
  });
  await it.page.keyboard.press("Escape");
  return names;
});

await stop("output in front", async () => {
  const before = await it.item();
  await it.command("registry-lsp: Show Output");
  await it.page.locator(".panel .view-lines").first().waitFor();
  await it.command("registry-lsp: Show All Actions");
  await it.page.waitForSelector(".quick-input-widget .monaco-list-row");
  const actions = await it.page.locator(".quick-input-widget .monaco-list-row .label-name").allInnerTexts();
  await it.page.keyboard.press("Escape");
  const item = await it.item();
  await it.command("View: Toggle Panel Visibility");
  await it.openFile("package.json");
  return { before, item, actions: actions.map((each) => each.trim()) };
});

await stop("hover", async () => {
  await it.goTo(4, 8);
  const hover = await it.hover();
  return await it.until("ours", async () => {
    const text = await hover.innerText();
    return text.includes("Package details") && text;
  });
});

await stop("details", async () => {
  await it.page.locator(".monaco-hover:not(.hidden) a", { hasText: "Package details" }).first().click();
  const panel = await it.panel();
  const text = await panel.locator("body").innerText();
  const plots = await panel.locator("svg").evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
  const scripts = await panel.locator("body script").count();
  return { text, plots, scripts, complaints: it.complaints.filter((each) => each.includes("Content Security Policy")) };
});

await stop("completion", async () => {
  await it.openFile("package.json");
  await it.goTo(4, 16);
  for (let each = 0; each < "17.0.1".length; each += 1) {
    await it.page.keyboard.press("Delete");
  }
  const behind = await oursAndTheirs();
  await it.page.keyboard.press("Escape");
  await it.page.keyboard.press("Backspace");
  const labels = await oursAndTheirs();
  await it.shot("completion-list");
  await it.complete("^17.0.2");
  return { behind, labels, lines: await it.lines() };
});

await stop("quick fix", async () => {
  await it.goTo(5, 22);
  const actions = await it.actions();
  await it.shot("quick-fix-list");
  await it.act("Update @scope/tool to 1.0.1");
  const lines = await it.until("the new version", async () => {
    const seen = await it.lines();
    return seen.some((each) => each.includes('"1.0.1"')) && seen;
  });
  const item = await it.until("one finding less", async () => {
    const [now, squiggles] = [await it.item(), await it.squiggles()];
    return now.startsWith("1 outdated") && !("squiggly-info" in squiggles) && now;
  });
  return { actions, lines, item };
});

await stop("requirements", async () => {
  await it.openFile("requirements.txt");
  await it.until("findings", async () => found(await it.item()));
  const lens = it.page.locator(".codelens-decoration a", { hasText: "(safe)" }).first();
  await lens.waitFor();
  const bar = await it.statusBar();
  await it.shot("requirements-lens");
  await lens.click();
  const lines = await it.until("updates", async () => {
    const seen = await it.lines();
    return !seen.some((each) => each.includes("requests==2.32.0")) && seen;
  });
  return { lines, bar };
});

await stop("nothing to confirm", async () => {
  await it.openFile("package.json");
  await it.goTo(4, 16);
  await it.actions();
  await it.act("Update react to 18.2.0 (major)");
  return await it.until("the new version", async () => {
    const seen = await it.lines();
    return seen.some((each) => each.includes('"^18.2.0"')) && seen;
  });
});

await stop("a choice", async () => {
  await it.page.keyboard.press("Control+Z");
  await it.until("what was there", async () => (await it.lines()).some((each) => each.includes('"^17')));
  await it.until("findings", async () => (await it.item()).startsWith("1 outdated"));
  await it.command("registry-lsp: Update All");
  await it.choose("Choose among all updates");
  const view = it.page.locator(".refactor-preview, .bulk-edit-panel").first();
  await view.waitFor();
  await it.page.getByRole("button", { name: "Discard" }).click();
  await view.waitFor({ state: "hidden" });
  return await it.lines();
});

await stop("no name", async () => {
  await it.command("File: New Untitled Text File");
  await it.page.waitForSelector('.tab.active[data-resource-name^="Untitled-"]');
  await it.page.keyboard.type("requests==2.32.0");
  await it.command("Change Language Mode");
  await it.page.keyboard.type("Pip Requirements");
  await it.choose("Pip Requirements");
  const item = await it.until("findings", async () => found(await it.item()) && (await it.item()));
  return { item, lines: await it.lines() };
});

await stop("status", async () => {
  await it.command("registry-lsp: Status");
  return await it.until("the report", async () => {
    for (const frame of it.page.frames()) {
      const text = await frame.locator("body").innerText().catch(() => "");
      if (/registry-lsp \d/.test(text) && text.includes("manifest")) {
        return text;
      }
    }
    return undefined;
  });
});

await it.close();
