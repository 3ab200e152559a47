import assert from "node:assert/strict";
import { test } from "node:test";
import { discover, type Origin, type Wish } from "../src/server/discovery";
import { scripted, type Table } from "./machines";

const SAYS = { "--version": "registry-lsp 1.2.3" };
const START = "/extension/bundled/start.py";
const WHICH = "-I -c import sys; print('%d.%d' % sys.version_info[:2])";
const PYTHON = {
  [WHICH]: "3.12",
  [`-I ${START} --version`]: "registry-lsp 1.2.3",
};
const OLD_PYTHON = { [WHICH]: "3.9" };

/** `pipx run` downloads, whatever pipx has installed. */
const PIPX = {
  "environment --value PIPX_BIN_DIR": "/home/ada/.local/bin",
  "run registry-lsp --version": "registry-lsp 9.9.9",
};

/** Every place that has a server, in the order in which they count. */
const PLACES: [Origin, string, Record<string, string>][] = [
  ["setting", "/opt/registry-lsp", SAYS],
  ["environment", "/code/.venv/bin/registry-lsp", SAYS],
  ["environment", "/code/venv/bin/registry-lsp", SAYS],
  ["path", "/usr/bin/registry-lsp", SAYS],
  ["uvx", "/usr/bin/uvx", { "--offline registry-lsp --version": "registry-lsp 1.2.3" }],
  ["pipx", "/home/ada/.local/bin/registry-lsp", SAYS],
  ["bundled", "/usr/bin/python3", PYTHON],
];

function wish(changes: Partial<Wish> = {}): Wish {
  return {
    path: "",
    mayDownload: false,
    folders: ["/code"],
    isTrusted: true,
    interpreters: () => Promise.resolve([]),
    bundle: { start: START, python: [3, 10] },
    ...changes,
  };
}

PLACES.forEach(([origin, program], from) => {
  test(`of all that are left, ${program} is taken`, async () => {
    const left = PLACES.slice(from).map(([, path, says]) => [path, says] as const);
    const programs = Object.fromEntries([...left, ["/usr/bin/pipx", PIPX]]);
    const path = origin === "setting" ? program : "";
    const { server } = await discover(scripted({ programs }), wish({ path }));
    assert.equal(server?.origin, origin);
    assert.equal(server.command.program, program);
    assert.equal(server.version, "1.2.3");
  });
});

test("a setting that does not run is told, and nothing else is taken", async () => {
  const machine = scripted({ programs: { "/usr/bin/registry-lsp": SAYS, "/opt/x": {} } });
  const outcome = await discover(machine, wish({ path: "/opt/x" }));
  assert.equal(outcome.server, undefined);
  assert.equal(
    outcome.message,
    "registry-lsp.server.path is /opt/x, which is no server: no such thing. Correct or clear the setting.",
  );
  assert.ok(outcome.isSettingWrong);
});

for (const [path, program] of [
  ["~/bin/rl", "/home/ada/bin/rl"],
  ["${userHome}/bin/rl", "/home/ada/bin/rl"],
  ["${env:TOOLS}/rl", "/tools/rl"],
  ["tools/rl", "/code/tools/rl"],
  ["${workspaceFolder}/my tools/rl", "/other/my tools/rl"],
  ["rl", "/usr/bin/rl"],
] as const) {
  test(`a setting of ${path} means ${program}`, async () => {
    const machine = scripted({
      programs: { [program]: SAYS, "/code/rl": SAYS },
      environment: { PATH: "/usr/bin", TOOLS: "/tools" },
    });
    const outcome = await discover(machine, wish({ path, folders: ["/code", "/other"] }));
    assert.equal(outcome.server?.command.program, program);
  });
}

for (const [path, folders, why] of [
  ["rl", ["/code"], "is not on the PATH"],
  ["tools/rl", [], "is a relative path, and no folder is open"],
  ["${workspaceFolder}/rl", [], "is a relative path, and no folder is open"],
  ["/opt/nothing", ["/code"], "is no program that is there and may be run"],
  ["/opt/ancient", [], "is no server: 0.0.9 is too old, it has to be 0.1 or newer"],
] as const) {
  test(`of a setting it is said that it ${why}: ${path}`, async () => {
    const programs = { "/opt/ancient": { "--version": "registry-lsp 0.0.9" } };
    const outcome = await discover(scripted({ programs }), wish({ path, folders }));
    const end = "Correct or clear the setting.";
    assert.equal(outcome.message, `registry-lsp.server.path is ${path}, which ${why}. ${end}`);
    assert.ok(outcome.isSettingWrong);
  });
}

test("on Windows a setting needs no .exe", async () => {
  const programs = { "C:\\tools\\rl.exe": SAYS };
  const machine = scripted({ platform: "win32", environment: { Path: "C:\\tools" }, programs });
  for (const path of ["C:\\tools\\rl", "C:\\tools\\rl.exe", "rl", "rl.exe"]) {
    const { server } = await discover(machine, wish({ path, folders: [] }));
    assert.equal(server?.command.program, "C:\\tools\\rl.exe");
  }
});

test("a server that is too old is passed over, and said", async () => {
  const programs = {
    "/code/.venv/bin/registry-lsp": { "--version": "registry-lsp 0.0.9" },
    "/usr/bin/registry-lsp": SAYS,
  };
  const outcome = await discover(scripted({ programs }), wish());
  assert.equal(outcome.server?.origin, "path");
  assert.match(outcome.tried[0] ?? "", /: 0\.0\.9 is too old, it has to be 0\.1 or newer$/);
});

test("what does not answer as the server is passed over, and said", async () => {
  const programs = { "/code/.venv/bin/registry-lsp": {}, "/usr/bin/registry-lsp": SAYS };
  const outcome = await discover(scripted({ programs }), wish());
  assert.equal(outcome.server?.origin, "path");
  assert.deepEqual(outcome.tried, [
    "/code/.venv/bin/registry-lsp: no such thing",
    "/usr/bin/registry-lsp: 1.2.3",
  ]);
});

test("every folder's environment is looked into", async () => {
  const programs = { "/b/.venv/bin/registry-lsp": SAYS };
  const { server } = await discover(scripted({ programs }), wish({ folders: ["/a", "/b"] }));
  assert.equal(server?.command.program, "/b/.venv/bin/registry-lsp");
});

const HOSTILE: Table["programs"] = {
  "/code/.venv/bin/registry-lsp": SAYS,
  "/code/.venv/bin/python3": PYTHON,
  "/code/.venv/bin/uvx": { "--offline registry-lsp --version": "registry-lsp 1.2.3" },
  "/code/bin/registry-lsp": SAYS,
  "bin/registry-lsp": SAYS,
  "/elsewhere/registry-lsp": SAYS,
};

for (const [what, path] of [
  ["an environment", "/usr/bin"],
  ["a PATH that leads into it", "/code/.venv/bin:/code/bin"],
  ["a relative PATH", "bin:.:"],
  ["a PATH whose link leads into it", "/elsewhere"],
] as const) {
  test(`nothing of a workspace that is not trusted is run: ${what}`, async () => {
    const machine = scripted({
      programs: HOSTILE,
      environment: { PATH: path },
      links: { "/elsewhere/registry-lsp": "/code/bin/registry-lsp" },
    });
    const interpreters = (): Promise<string[]> => Promise.resolve(["/code/.venv/bin/python3"]);
    const outcome = await discover(machine, wish({ isTrusted: false, interpreters }));
    assert.equal(outcome.server, undefined);
    assert.deepEqual(machine.ran, []);
  });
}

test("nor is it where the setting leads into it", async () => {
  for (const path of ["/code/bin/registry-lsp", "bin/registry-lsp"]) {
    const machine = scripted({ programs: HOSTILE });
    const outcome = await discover(machine, wish({ isTrusted: false, path }));
    assert.match(outcome.message, /is not run, as this workspace is not trusted/);
    assert.deepEqual(machine.ran, []);
  }
});

test("a workspace that is not trusted has what lies outside of it", async () => {
  const programs = { ...HOSTILE, "/usr/bin/registry-lsp": SAYS };
  const { server } = await discover(scripted({ programs }), wish({ isTrusted: false }));
  assert.equal(server?.command.program, "/usr/bin/registry-lsp");
});

const CHOSEN = (): Promise<string[]> => Promise.resolve(["/envs/x/bin/python"]);

test("the environment that the Python extension has chosen counts, wherever it lies", async () => {
  const programs = { "/envs/x/bin/registry-lsp": SAYS, "/usr/bin/registry-lsp": SAYS };
  for (const isTrusted of [true, false]) {
    const outcome = await discover(scripted({ programs }), wish({ interpreters: CHOSEN, isTrusted }));
    assert.equal(outcome.server?.origin, "environment");
    assert.equal(outcome.server.command.program, "/envs/x/bin/registry-lsp");
  }
});

test("the Python extension's choice runs the bundled copy", async () => {
  const programs = { "/envs/x/bin/python": PYTHON, "/usr/bin/python3": PYTHON };
  const { server } = await discover(scripted({ programs }), wish({ interpreters: CHOSEN }));
  assert.deepEqual(server?.command, { program: "/envs/x/bin/python", args: ["-I", START] });
});

test("a Python that is too old is passed over for one that is not", async () => {
  const programs = { "/usr/bin/python3": OLD_PYTHON, "/usr/bin/python3.13": PYTHON };
  const outcome = await discover(scripted({ programs }), wish());
  assert.equal(outcome.server?.command.program, "/usr/bin/python3.13");
  assert.deepEqual(outcome.tried[0], "/usr/bin/python3: Python 3.9 is too old");
});

test("where there is none at all, it is said what to do", async () => {
  const programs = { "/usr/bin/python3": OLD_PYTHON };
  const outcome = await discover(scripted({ programs }), wish());
  assert.equal(outcome.server, undefined);
  assert.equal(
    outcome.message,
    "registry-lsp needs Python 3.10 or newer, and found only Python 3.9 (/usr/bin/python3)." +
      " Install Python and open VS Code anew, or set registry-lsp.server.path to a server of your own.",
  );
  assert.match(outcome.tried.at(-1) ?? "", /^the PATH for registry-lsp, uvx, pipx, python3, .*: \/usr\/bin$/);
  assert.equal(outcome.couldDownload, false);
  const none = await discover(scripted({ programs: {} }), wish());
  assert.match(none.message, /^registry-lsp needs Python 3\.10 or newer, and found none\. Install Python/);
});

test("where the extension's own server does not run on the Python that is there, that is said", async () => {
  const programs = { "/usr/bin/python3": { [WHICH]: "3.15" } };
  const outcome = await discover(scripted({ programs }), wish());
  assert.match(
    outcome.message,
    /^The server in the extension does not run on Python 3\.15 \(\/usr\/bin\/python3\): the output says why\./,
  );
  assert.equal(outcome.tried[0], `/usr/bin/python3 -I ${START}: no such thing`);
});

test("uvx downloads only what it may, and last", async () => {
  const uvx = { "registry-lsp --version": "registry-lsp 1.2.3" };
  const alone = { "/usr/bin/uvx": uvx };
  const refused = await discover(scripted({ programs: alone }), wish());
  assert.equal(refused.server, undefined);
  assert.ok(refused.couldDownload);
  const allowed = await discover(scripted({ programs: alone }), wish({ mayDownload: true }));
  assert.deepEqual(allowed.server?.command.args, ["registry-lsp"]);
  const both = { ...alone, "/usr/bin/python3": PYTHON };
  const bundled = await discover(scripted({ programs: both }), wish({ mayDownload: true }));
  assert.equal(bundled.server?.origin, "bundled");
});

test("pipx is not run for what it would download, unless it may", async () => {
  const machine = scripted({ programs: { "/usr/bin/pipx": PIPX } });
  assert.equal((await discover(machine, wish())).server, undefined);
  assert.deepEqual(machine.ran, ["/usr/bin/pipx environment --value PIPX_BIN_DIR"]);
  const allowed = await discover(machine, wish({ mayDownload: true }));
  assert.deepEqual(allowed.server?.command, { program: "/usr/bin/pipx", args: ["run", "registry-lsp"] });
});

test("where nobody is trusted, what pipx has in the workspace is not run", async () => {
  const pipx = { "environment --value PIPX_BIN_DIR": "/code/bin" };
  const programs = { "/usr/bin/pipx": pipx, "/code/bin/registry-lsp": SAYS };
  const machine = scripted({ programs });
  assert.equal((await discover(machine, wish({ isTrusted: false }))).server, undefined);
  assert.equal((await discover(machine, wish())).server?.origin, "pipx");
});

test("on Windows programs end in .exe and environments have Scripts", async () => {
  const environment = { Path: "C:\\tools;relative" };
  const there = ["C:\\work\\.venv\\Scripts\\registry-lsp.exe", "C:\\tools\\registry-lsp.exe"];
  for (const [at, program] of there.entries()) {
    const programs = Object.fromEntries(there.slice(at).map((each) => [each, SAYS]));
    const machine = scripted({ platform: "win32", environment, programs });
    const { server } = await discover(machine, wish({ folders: ["C:\\work"] }));
    assert.equal(server?.command.program, program);
  }
  const programs = { "C:\\tools\\py.exe": PYTHON };
  const machine = scripted({ platform: "win32", environment, programs });
  assert.equal((await discover(machine, wish())).server?.command.program, "C:\\tools\\py.exe");
  const conda = { "C:\\envs\\x\\Scripts\\registry-lsp.exe": SAYS };
  const interpreters = (): Promise<string[]> => Promise.resolve(["C:\\envs\\x\\python.exe"]);
  const chosen = await discover(
    scripted({ platform: "win32", environment, programs: conda }),
    wish({ folders: ["C:\\work"], interpreters }),
  );
  assert.equal(chosen.server?.origin, "environment");
});
