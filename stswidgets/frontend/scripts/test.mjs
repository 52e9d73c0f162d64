// Builds every test/*.test.ts(x) into one module each and runs them with Node's own runner.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { options, root } from "./bundles.mjs";

const out = join(root, "node_modules/.cache/stswidgets-tests");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const wanted = process.argv[2] ?? "";
const tests = readdirSync(join(root, "test")).filter((name) => /\.test\.tsx?$/.test(name) && name.includes(wanted));
await build(
  options("", {
    entryPoints: tests.map((name) => `test/${name}`),
    write: true,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    minify: false,
    sourcemap: "inline",
    platform: "node",
    external: ["happy-dom"],
  }),
);
const built = tests.map((name) => join(out, name.replace(/\.tsx?$/, ".mjs")));
const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...built], { stdio: "inherit" });
process.exit(run.status ?? 1);
