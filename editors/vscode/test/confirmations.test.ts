import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "../src/confirmations";

const textDocument = { uri: "file:///shop/package.json", version: 3 };
const range = { start: { line: 3, character: 14 }, end: { line: 3, character: 21 } };
const changeAnnotations = { "breaking-0": { label: "Update react", needsConfirmation: true } };
const major = { range, newText: "^18.2.0", annotationId: "breaking-0" };

test("nothing is asked about an edit of one place: it was chosen by its title", () => {
  const edit = { documentChanges: [{ textDocument, edits: [major] }], changeAnnotations };
  assert.deepEqual(settled(edit), {
    documentChanges: [{ textDocument, edits: [{ range, newText: "^18.2.0" }] }],
  });
});

test("of several there is something to choose", () => {
  const edits = [major, { range, newText: "1.0.1" }];
  const edit = { documentChanges: [{ textDocument, edits }], changeAnnotations };
  assert.equal(settled(edit), edit);
});

test("an edit without a question is left as it is", () => {
  const edit = { documentChanges: [{ textDocument, edits: [{ range, newText: "1.0.1" }] }] };
  assert.equal(settled(edit), edit);
});
