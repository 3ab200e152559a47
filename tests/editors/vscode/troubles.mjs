// What goes wrong: a server that is killed, and manifests that have no folder around them.
import { readdirSync, readFileSync } from "node:fs";
import { found, opened, stops } from "./workbench.mjs";

const options = JSON.parse(process.argv[2]);
const it = await opened(options);
const stop = stops(it);

/** Whether the process is the server that the extension brings along, and not only asked its version. */
function runs(pid) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf-8").split("\0");
    return words.some((each) => each.startsWith(options.extensions) && each.endsWith("start.py")) &&
      !words.includes("--version");
  } catch {
    return false; // it has ended meanwhile
  }
}

/** The servers of this window: a page that was loaded anew may leave its own behind for a while. */
function pids() {
  const all = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && runs(pid));
  const parents = new Map(all.map((pid) => [pid, parentOf(pid)]));
  const newest = Math.max(...parents.values());
  return all.filter((pid) => parents.get(pid) === newest);
}

function parentOf(pid) {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf-8"))?.[1]);
  } catch {
    return 0; // it has ended meanwhile
  }
}

/** Kills the server, and does something; the servers that run then, with what the item says. */
async function killed(act) {
  const [before] = pids();
  process.kill(Number(before), "SIGKILL");
  await act();
  await it.until("another process", () => Promise.resolve(pids().some((each) => each !== before)));
  const item = await it.until("findings again", async () => {
    const seen = await it.item();
    return seen.includes("outdated") && seen.includes("other") && seen;
  });
  return { count: pids().length, item };
}

await it.openFile("package.json");
await it.until("findings", async () => found(await it.item()));

await stop("crash", async () => await killed(() => it.openFile("package.json")));

await stop("restart after a crash", async () => await killed(() => it.command("registry-lsp: Restart the Server")));

await stop("a question after a crash", async () => {
  const after = await killed(() => it.command("registry-lsp: Ask the Registries Anew"));
  return { ...after, dialogs: await it.page.locator(".monaco-dialog-box").count() };
});

await stop("alone", async () => {
  const items = {};
  for (const path of options.alone) {
    await it.alone(path);
    items[path.split("/").at(-1)] = await it.until("findings", async () => found(await it.item()) && (await it.item()));
    await it.command("View: Close All Editors");
  }
  return items;
});

await it.close();
