import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { listFiles, PackageManager } from "@vscode/vsce";
import { machine } from "../src/server/machine";
import { onPath } from "../src/server/paths";

const MOST_BYTES = 1_000_000;

before(() => {
  execFileSync(process.execPath, ["esbuild.mjs"]);
});

/** What the .vsix holds beside the server's copy. */
const SHIPPED = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "dist/NOTICES.txt",
  "dist/extension.js",
  "icon.png",
  "language-configuration.json",
  "package.json",
];

test("what is shipped beside the server's copy is what is meant, and has less than a megabyte", async () => {
  const files = await listFiles({ packageManager: PackageManager.None });
  const own = files.filter((each) => !each.startsWith("bundled/"));
  assert.deepEqual(own.sort(), SHIPPED);
  const size = own.reduce((sum, each) => sum + statSync(each).size, 0);
  assert.ok(size < MOST_BYTES, `${size} bytes`);
});

test("the licence of each package in the bundle is told", () => {
  const text = readFileSync("dist/NOTICES.txt", "utf-8");
  for (const name of ["vscode-languageclient", "vscode-jsonrpc", "minimatch", "semver"]) {
    assert.match(text, new RegExp(`^${name} \\d`, "m"));
  }
  assert.ok(text.split("-".repeat(80)).slice(1).every((each) => /permission/i.test(each)));
});

test("the bundle asks for nothing but VS Code and Node.js", () => {
  const text = readFileSync("dist/extension.js", "utf-8");
  const asked = new Set([...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((each) => each[1]));
  const own = ["vscode", ...process.getBuiltinModule("module").builtinModules];
  const others = [...asked].filter((each) => !own.includes((each ?? "").replace(/^node:/, "")));
  assert.deepEqual(others, []);
});

test("package.json names every command that it offers, and no other", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf-8")) as {
    contributes: { commands: { command: string }[] };
  };
  const offered = manifest.contributes.commands.map((each) => each.command).sort();
  const source = readFileSync("src/editor/commands.ts", "utf-8");
  const table = /const all[^{]*\{([\s\S]*?)\n {2}\};/.exec(source)?.[1] ?? "";
  const made = [...table.matchAll(/^ {4}(\w+):/gm)].map((each) => `registryLsp.${each[1] ?? ""}`);
  assert.deepEqual(offered, made.sort());
});

test("a program of this machine is found, and run to its end", async () => {
  const node = await onPath(machine, "node");
  assert.ok(node !== undefined);
  const said = await machine.run({ program: node, args: ["--version"] }, 60_000);
  assert.match(said.output, /^v\d+/);
  assert.ok(said.ok);
  const failed = await machine.run({ program: node, args: ["-e", "process.exit(3)"] }, 60_000);
  assert.ok(!failed.ok);
});

test("what is no program is none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "registry-lsp-"));
  try {
    assert.equal(await machine.isProgram(folder), false);
    assert.equal(await machine.isProgram(join(folder, "nothing")), false);
    for (const path of [join(folder, "nothing"), join(folder, "a\0b")]) {
      assert.equal((await machine.run({ program: path, args: [] }, 1_000)).ok, false);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
