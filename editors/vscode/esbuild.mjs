// Bundles the extension into dist/, or with --tests each test into build/tests/.
import { readdirSync, rmSync } from "node:fs";
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
    sourcemap: "inline",
  });
} else {
  await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
    minify: true,
    legalComments: "eof",
  });
}
