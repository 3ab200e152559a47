// Pictures of the extension for the README: a hover, findings, and completions, each cut to what it is
// about. What is typed is not kept.
import { opened } from "./workbench.mjs";

const [WIDTH, HEIGHT, BELOW] = [800, 600, 12];
// A hover takes a quarter of its editor's height.
const TALL = 2000;

const options = JSON.parse(process.argv[2]);
const it = await opened(options);
await it.page.setViewportSize({ width: WIDTH, height: HEIGHT });
await it.page.keyboard.press("Control+B"); // no side bar

/** A picture from the top of the window to below what *selector* shows. */
async function pictured(name, selector) {
  const boxes = await it.page.locator(selector).evaluateAll((all) =>
    all.map((each) => each.getBoundingClientRect().bottom),
  );
  const height = Math.round(Math.max(...boxes)) + BELOW;
  await it.shot(name, { x: 0, y: 0, width: WIDTH, height });
}

/** Opens the file, and waits until what is known of it stands there. */
async function read(name) {
  await it.openFile(name);
  await it.until("findings", async () => /\d+ outdated/.test(await it.item()));
  await it.until("hints", async () => (await it.hints()).length > 0);
  await it.until("lenses", async () => (await it.lenses()).length > 0);
}

/** The position of *text* in the lines of the editor; both count from 1. */
async function placeOf(text) {
  const lines = await it.lines();
  const line = lines.findIndex((each) => each.includes(text));
  return [line + 1, lines[line].indexOf(text) + 1];
}

await read("requirements.txt");
await it.page.setViewportSize({ width: WIDTH, height: TALL });
const [requests, name] = await placeOf("requests");
await it.goTo(requests, name + 3);
const hover = await it.hover();
await it.until("ours", async () => (await hover.innerText()).includes("Package details"));
await pictured("vscode-hover", ".monaco-hover:not(.hidden)");
await it.page.keyboard.press("Escape");
await it.page.setViewportSize({ width: WIDTH, height: HEIGHT });

await read("pyproject.toml");
await it.page.keyboard.press("Control+Shift+M"); // the problems
await it.until("problems", async () => (await it.page.locator(".markers-panel .monaco-list-row").count()) > 3);
await pictured("vscode-findings", ".monaco-workbench");
await it.page.keyboard.press("Control+J"); // no panel

await read("package.json");
const [express, caret] = await placeOf("^4.18.2");
await it.goTo(express, caret + 1);
for (let each = 0; each < "4.18.2".length; each += 1) {
  await it.page.keyboard.press("Delete");
}
await it.until("ours", async () => {
  const seen = await it.completions();
  if (seen.some((each) => /^\^?\d/.test(each))) {
    return true;
  }
  await it.page.keyboard.press("Escape");
  return false;
});
await pictured("vscode-completion", ".suggest-widget");
await it.close();
