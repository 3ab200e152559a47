import assert from "node:assert/strict";
import { test } from "node:test";
import { mayBeManifest, SELECTOR } from "../src/manifests";

const METADATA = "#!/usr/bin/env python\n# /// script\n# ///\n";
const may = (path: string, language: string, text: string): boolean =>
  mayBeManifest({ path, language, text });

test("the server is told of manifests on disk, and of such as will be saved there", () => {
  for (const scheme of ["file", "untitled"]) {
    const patterns = SELECTOR.filter((each) => each.scheme === scheme).map((each) => each.pattern);
    assert.ok(patterns.includes("**/package.json"));
    assert.ok(patterns.includes("**/requirements*.txt"));
  }
});

test("of a language alone the server is told where there is no file, and of pip's", () => {
  const languages = SELECTOR.filter((each) => each.language !== undefined);
  const onDisk = languages.filter((each) => each.scheme !== "untitled");
  assert.deepEqual(onDisk, [{ scheme: "file", language: "pip-requirements" }]);
  assert.ok(languages.some((each) => each.language === "pip-requirements"));
});

test("a Python file may be a manifest only with inline metadata", () => {
  assert.ok(may("/a/script.py", "python", METADATA));
  assert.ok(!may("/a/module.py", "python", "import os\n"));
  assert.ok(may("/a/package.json", "json", ""));
});

test("a text without a name may be a manifest by what stands in it", () => {
  assert.ok(may("Untitled-1", "pip-requirements", ""));
  assert.ok(may("Untitled-1", "json", '{"devDependencies": {"react": "^17"}}'));
  assert.ok(!may("Untitled-1", "json", '{"name": "Ada"}'));
  assert.ok(may("Untitled-1", "toml", '[project]\nname = "shop"\n'));
  assert.ok(may("Untitled-1", "toml", "[tool.poetry]\n"));
  assert.ok(!may("Untitled-1", "toml", "[projects]\n"));
  assert.ok(may("Untitled-1", "python", METADATA));
  assert.ok(!may("Untitled-1", "python", "import os\n"));
});
