// Bundles the extension into dist/, with the licences of all that is in it, or with --tests each test
// into build/tests/.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const isFor = (what) => process.argv.includes(`--${what}`);

const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  logLevel: "warning",
};

if (isFor("tests")) {
  rmSync("build/tests", { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: readdirSync("test")
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `test/${name}`),
    outdir: "build/tests",
    external: ["@vscode/vsce"],
    sourcemap: "inline",
  });
} else {
  const { metafile } = await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
    minify: true,
    legalComments: "none",
    metafile: true,
  });
  mkdirSync("build", { recursive: true }); // vsce makes no folder for what it packages
  writeFileSync("dist/NOTICES.txt", notices(Object.keys(metafile.inputs)));
}

/** The licence of each package that a file of *inputs* comes from. */
function notices(inputs) {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  const told = [...new Set(folders)].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf-8"));
    const licence = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    if (licence === undefined) {
      throw new Error(`${name} has no licence that could be told`);
    }
    return `${name} ${version}\n\n${readFileSync(`${folder}/${licence}`, "utf-8").trim()}\n`;
  });
  const head = "dist/extension.js has parts of the packages below. Those of bundled/ have their licences\nin the folders *.dist-info beside them.\n";
  return [head, ...told].join(`\n${"-".repeat(80)}\n\n`);
}
