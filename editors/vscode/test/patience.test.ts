import assert from "node:assert/strict";
import { test } from "node:test";
import { inTime } from "../src/server/patience";

const never = new Promise<string>(() => undefined);

test("what is done in time counts, its failure too", async () => {
  assert.equal(await inTime(Promise.resolve("done"), 60_000, () => "late"), "done");
  const failed = inTime(Promise.reject(new Error("No.")), 60_000, () => "late");
  await assert.rejects(failed, /^Error: No\.$/);
});

test("nobody waits longer", async () => {
  assert.equal(await inTime(never, 1, () => "late"), "late");
  const late = (): never => {
    throw new Error("It was late.");
  };
  await assert.rejects(inTime(never, 1, late), /It was late\./);
});
