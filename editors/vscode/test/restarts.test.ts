import assert from "node:assert/strict";
import { test } from "node:test";
import { Restarts } from "../src/server/restarts";

test("each wait is twice the last, and then it is over", () => {
  const restarts = new Restarts(() => 0);
  const waits = Array.from({ length: 5 }, () => restarts.crashed());
  assert.deepEqual(
    waits.map((each) => (each.kind === "again" ? each.afterMs : each.kind)),
    [1_000, 2_000, 4_000, 8_000, 16_000],
  );
  assert.deepEqual(restarts.crashed(), {
    kind: "stop",
    message:
      "The registry-lsp server has crashed 6 times in three minutes and was not started again." +
      " Its output says why.",
  });
});

test("a crash after a long while counts as the first", () => {
  let now = 0;
  const restarts = new Restarts(() => now);
  for (let each = 0; each < 20; each += 1) {
    assert.deepEqual(restarts.crashed(), { kind: "again", afterMs: 1_000 });
    now += 3 * 60_000;
  }
});

test("who starts it by hand begins anew", () => {
  const restarts = new Restarts(() => 0);
  for (let each = 0; each < 6; each += 1) {
    restarts.crashed();
  }
  restarts.reset();
  assert.deepEqual(restarts.crashed(), { kind: "again", afterMs: 1_000 });
});
