import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome, Server } from "../src/server/discovery";
import { Restarts } from "../src/server/restarts";
import { Supervisor, type Hands } from "../src/server/supervisor";

const SERVER: Server = {
  command: { program: "/usr/bin/registry-lsp", args: [] },
  origin: "path",
  version: "1.0.0",
};
const FOUND: Outcome = {
  server: SERVER,
  message: "",
  isSettingWrong: false,
  couldDownload: false,
  tried: [],
};
const NONE: Outcome = { ...FOUND, server: undefined, message: "Install Python." };

/** A window from a script: which server is found, which servers begin, and a clock that is set. */
class Window implements Hands<number> {
  outcome: Outcome = FOUND;
  /** Of the next servers, which do not begin, and which end as soon as they have begun. */
  readonly fates: ("dead" | "short")[] = [];
  readonly living = new Map<number, () => void>();
  readonly phases: string[] = [];
  readonly told: string[] = [];
  readonly waits: { act: () => void; afterMs: number }[] = [];
  readonly supervisor = new Supervisor<number>(this, new Restarts(() => 0));
  private count = 0;

  find(): Promise<Outcome> {
    return Promise.resolve(this.outcome);
  }

  connect(_: Server, gone: () => void): Promise<number> {
    const fate = this.fates.shift();
    if (fate === "dead") {
      gone();
      return Promise.reject(new Error("it ended"));
    }
    this.count += 1;
    if (fate === "short") {
      gone();
    } else {
      this.living.set(this.count, gone);
    }
    return Promise.resolve(this.count);
  }

  end(client: number): Promise<void> {
    const gone = this.living.get(client);
    this.living.delete(client);
    gone?.();
    return Promise.resolve();
  }

  later(act: () => void, afterMs: number): () => void {
    const wait = { act, afterMs };
    this.waits.push(wait);
    return () => {
      const at = this.waits.indexOf(wait);
      if (at >= 0) {
        this.waits.splice(at, 1);
      }
    };
  }

  show(phase: string): void {
    this.phases.push(phase);
  }

  note(): void {
    // nobody reads it here
  }

  tell(trouble: { message: string }): void {
    this.told.push(trouble.message);
  }

  /** The server is killed. */
  kill(client: number): void {
    const gone = this.living.get(client);
    this.living.delete(client);
    gone?.();
  }

  /** The time of the wait is over. */
  async elapse(): Promise<void> {
    const wait = this.waits.shift();
    assert.ok(wait !== undefined, "nothing is waited for");
    wait.act();
    await this.settled();
  }

  /** Waits until all that was asked for is done. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  get phase(): string | undefined {
    return this.phases.at(-1);
  }

  get running(): number[] {
    return [...this.living.keys()];
  }
}

test("one server runs, however often it is asked for", async () => {
  const window = new Window();
  await Promise.all([window.supervisor.start(), window.supervisor.start(), window.supervisor.ready()]);
  assert.deepEqual(window.running, [1]);
  assert.deepEqual(window.phases, ["starting", "running"]);
});

test("a server that is killed is started again after a while", async () => {
  const window = new Window();
  await window.supervisor.start();
  window.kill(1);
  assert.equal(window.phase, "waiting");
  assert.equal(window.supervisor.current, undefined);
  assert.deepEqual(window.waits.map((each) => each.afterMs), [1_000]);
  await window.elapse();
  assert.deepEqual(window.running, [2]);
  assert.equal(window.phase, "running");
  window.kill(2);
  assert.deepEqual(window.waits.map((each) => each.afterMs), [2_000]);
});

test("a manifest that is opened meanwhile does not cut the wait short", async () => {
  const window = new Window();
  await window.supervisor.start();
  window.kill(1);
  await window.supervisor.start();
  assert.deepEqual(window.running, []);
  assert.equal(window.waits.length, 1);
});

test("who asks for something meanwhile has it at once, and one server runs", async () => {
  const window = new Window();
  await window.supervisor.start();
  window.kill(1);
  assert.equal(await window.supervisor.ready(), 2);
  assert.equal(window.phase, "running");
  assert.equal(window.waits.length, 0);
});

test("a restart meanwhile takes the place of the one that was waited for", async () => {
  const window = new Window();
  await window.supervisor.start();
  window.kill(1);
  await window.supervisor.restart();
  assert.deepEqual(window.running, [2]);
  assert.equal(window.waits.length, 0);
  assert.deepEqual(window.told, []);
  window.kill(2);
  assert.deepEqual(window.waits.map((each) => each.afterMs), [1_000], "counted anew");
});

test("nor does the start that comes due while a restart is under way begin a second one", async () => {
  const window = new Window();
  await window.supervisor.start();
  window.kill(1);
  const [due] = window.waits;
  const restarted = window.supervisor.restart();
  due?.act();
  await restarted;
  await window.settled();
  assert.deepEqual(window.running, [2]);
});

test("after a stop nothing comes back", async () => {
  const window = new Window();
  await window.supervisor.start();
  window.kill(1);
  await window.supervisor.stop();
  assert.equal(window.waits.length, 0);
  assert.equal(window.phase, "off");
});

test("a server that crashes on and on is left alone, which is told until somebody restarts it", async () => {
  const window = new Window();
  await window.supervisor.start();
  for (let each = 1; each <= 5; each += 1) {
    window.kill(each);
    await window.elapse();
  }
  window.kill(6);
  assert.equal(window.phase, "failed");
  assert.equal(window.told.length, 1);
  assert.match(window.told[0] ?? "", /has crashed 6 times/);
  await window.supervisor.start();
  assert.deepEqual(window.running, []);
  assert.equal(await window.supervisor.ready(), undefined);
  assert.equal(window.told.length, 2);
  await window.supervisor.restart();
  assert.deepEqual(window.running, [7]);
  assert.equal(window.phase, "running");
});

test("a server that does not begin is told once", async () => {
  const window = new Window();
  window.fates.push("dead");
  await window.supervisor.start();
  assert.equal(window.phase, "failed");
  assert.deepEqual(window.told, ["The registry-lsp server did not start. Its output says why."]);
  assert.equal(window.waits.length, 0);
});

test("one that does not begin after a crash is one more crash", async () => {
  const window = new Window();
  await window.supervisor.start();
  window.kill(1);
  window.fates.push("dead", "short");
  await window.elapse();
  assert.deepEqual(window.waits.map((each) => each.afterMs), [2_000]);
  await window.elapse();
  assert.deepEqual(window.waits.map((each) => each.afterMs), [4_000]);
  assert.deepEqual(window.told, []);
});

test("where there is no server, it is told, and looked for again when somebody says so", async () => {
  const window = new Window();
  window.outcome = NONE;
  await window.supervisor.start();
  await window.supervisor.start();
  assert.deepEqual(window.told, ["Install Python."]);
  window.outcome = FOUND;
  await window.supervisor.restart();
  assert.equal(window.phase, "running");
});

test("trust changes nothing where the same server is found", async () => {
  const window = new Window();
  assert.equal(await window.supervisor.reconsider(), false, "nobody wants one");
  assert.deepEqual(window.running, []);
  await window.supervisor.start();
  assert.equal(await window.supervisor.reconsider(), true);
  assert.deepEqual(window.running, [1]);
  window.outcome = { ...FOUND, server: { ...SERVER, command: { program: "/other", args: [] } } };
  assert.equal(await window.supervisor.reconsider(), false);
  assert.deepEqual(window.running, [2]);
});
