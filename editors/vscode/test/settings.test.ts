import assert from "node:assert/strict";
import { test } from "node:test";
import { RESTRICTED, SETTINGS } from "../src/generated/server";
import { chosen, tree, type Inspected } from "../src/settings";

const restricted = new Set(RESTRICTED);

function told(values: Record<string, Inspected>, isTrusted = true): unknown {
  return tree(SETTINGS, restricted, (name) => values[name], isTrusted);
}

test("what nobody has set is not told, so that a variable may stand in its place", () => {
  assert.deepEqual(told({ "cache.enabled": {} }), { workspace: { trusted: true } });
});

test("what is set is told, nested", () => {
  const values = {
    "diagnostics.severity.vulnerable": { globalValue: "warning" },
    "network.timeoutSeconds": { workspaceValue: 3 },
    "inlayHints.enabled": { globalValue: false },
    ignore: { workspaceFolderValue: ["npm:left-pad"] },
  };
  assert.deepEqual(told(values), {
    diagnostics: { severity: { vulnerable: "warning" } },
    network: { timeoutSeconds: 3 },
    inlayHints: { enabled: false },
    ignore: ["npm:left-pad"],
    workspace: { trusted: true },
  });
});

test("the nearest value counts", () => {
  const all = { globalValue: 1, workspaceValue: 2, workspaceFolderValue: 3 };
  assert.equal(chosen(all, true), 3);
  assert.equal(chosen({ globalValue: 1, workspaceValue: 2 }, true), 2);
  assert.equal(chosen(all, false), 1);
  assert.equal(chosen({ workspaceValue: 2 }, false), undefined);
  assert.equal(chosen(undefined, true), undefined);
});

test("a workspace that is not trusted says nobody whom to ask", () => {
  const url = { workspaceValue: "http://127.0.0.1:1/", globalValue: "http://127.0.0.1:2/" };
  const values = { "registries.npm.url": url, "services.osv.url": { workspaceFolderValue: "http://127.0.0.1:1/" } };
  assert.deepEqual(told(values, false), {
    registries: { npm: { url: "http://127.0.0.1:2/" } },
    workspace: { trusted: false },
  });
});

test("nor does it undo that nobody is asked", () => {
  const asks = { workspaceValue: true, globalValue: false };
  const values = {
    "network.offline": { workspaceValue: false, globalValue: true },
    "services.osv.enabled": asks,
    "services.npmDownloads.enabled": asks,
  };
  assert.deepEqual(told(values, false), {
    network: { offline: true },
    services: { osv: { enabled: false }, npmDownloads: { enabled: false } },
    workspace: { trusted: false },
  });
});

test("trust is VS Code's, whatever a setting of that name says", () => {
  const values = { "workspace.trusted": { workspaceValue: true, globalValue: true } };
  assert.deepEqual(told(values, false), { workspace: { trusted: false } });
  assert.ok(!SETTINGS.includes("workspace.trusted"));
});
