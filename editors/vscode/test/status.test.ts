import assert from "node:assert/strict";
import { test } from "node:test";
import { count, shown, type State } from "../src/status";

const NONE = { outdated: 0, vulnerable: 0, other: 0 };
const RUNNING: State = {
  phase: "running",
  progress: undefined,
  counts: NONE,
  server: "registry-lsp 1.2.3 (from the PATH)",
};

test("findings are counted by their codes", () => {
  const codes = ["outdated-major", "outdated-patch", "vulnerable", "yanked"];
  assert.deepEqual(count(codes), { outdated: 2, vulnerable: 1, other: 1 });
});

test("the gravest findings stand first", () => {
  const text = (counts: State["counts"]): string => shown({ ...RUNNING, counts }).text;
  assert.equal(text(NONE), "$(package) registry-lsp");
  assert.equal(
    text({ outdated: 3, vulnerable: 1, other: 2 }),
    "$(package) 1 vulnerable, 3 outdated, 2 other findings",
  );
  assert.equal(text({ ...NONE, other: 1 }), "$(package) 1 other finding");
});

test("what is under way is said in place of the counts", () => {
  const progress = { title: "Looking up the packages of package.json", message: "3 of 12" };
  const { text, tooltip } = shown({ ...RUNNING, progress });
  assert.equal(text, "$(sync~spin) 3 of 12");
  assert.match(tooltip, /1\.2\.3 .*is running\.\nLooking up the packages of package\.json$/);
});

test("it stands there with a manifest, or where something is wrong", () => {
  assert.ok(shown(RUNNING).isVisible);
  assert.ok(!shown({ ...RUNNING, counts: undefined }).isVisible);
  const failed = shown({ ...RUNNING, phase: "failed", counts: undefined });
  assert.ok(failed.isVisible && failed.isError);
});

test("a screen reader is told whose item it is, and what the icons say", () => {
  const spoken = (changes: Partial<State>): string => shown({ ...RUNNING, ...changes }).spoken;
  assert.equal(spoken({}), "registry-lsp: no findings");
  assert.equal(spoken({ counts: { ...NONE, outdated: 3 } }), "registry-lsp: 3 outdated");
  const progress = { title: "Looking up packages", message: "3 of 12" };
  assert.equal(spoken({ progress }), "registry-lsp: Looking up packages, 3 of 12");
  assert.equal(spoken({ phase: "waiting" }), "registry-lsp has crashed and starts again soon.");
});
