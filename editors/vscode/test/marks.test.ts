import assert from "node:assert/strict";
import { test } from "node:test";
import { complaint, isOfPackage, lead, led, marked } from "../src/marks";

test("our completions come before those that begin with a quotation mark, and say whose they are", () => {
  const ours = marked([
    { label: "18.2.0", sortText: "00000", detail: "4 years ago" },
    { label: "17.0.2", sortText: "00001" },
  ]);
  assert.deepEqual(
    ours.map((each) => each.detail),
    ["4 years ago · registry-lsp", "registry-lsp"],
  );
  const texts = ours.map((each) => each.sortText);
  const all = [...texts, '"18.2.0"', '"^18.2.0"', '"~18.2.0"'].sort();
  assert.deepEqual(all.slice(0, 2), texts);
});

test("what stands before a version is its quotation mark and operator", () => {
  assert.equal(lead('    "react": "'), '"');
  assert.equal(lead('    "react": "^'), '"^');
  assert.equal(lead('    "react": ">='), '">=');
  for (const other of ["", "^", '    "react": ">=17 <', '    "react": "npm:react@', "'^"]) {
    assert.equal(lead(other), "");
  }
});

test("an item is found by what it replaces before the version, too", () => {
  assert.equal(led('"', { label: "18.2.0" }), '"18.2.0');
  assert.equal(led('"^', { label: { label: "^18" }, filterText: "18.2.0" }), '"^18.2.0');
  assert.equal(led('"', { label: { label: "^18" } }), '"^18');
});

test("an answer that is an error has a message", () => {
  assert.equal(complaint({ error: { code: "x", message: "It failed." } }), "It failed.");
  assert.equal(complaint({ error: { message: "It failed.", shown: true } }), undefined);
  for (const answer of [undefined, null, "text", {}, { updated: 1 }, { error: null }, { error: {} }]) {
    assert.equal(complaint(answer), undefined);
  }
});

test("a hover's title tells whether it is about a package", () => {
  const registries = ["npm", "pypi"];
  assert.ok(isOfPackage("**react** · npm\n\nA library.", registries));
  assert.ok(isOfPackage("**old** · an alias of react · npm · ^17", registries));
  assert.ok(!isOfPackage("**dependencies** · 5 dependencies\n\nthe npm ones", registries));
  assert.ok(!isOfPackage("", registries));
});
