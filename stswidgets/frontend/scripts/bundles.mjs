// How the bundles are made: the same inputs give the same bytes, wherever the project stands.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const shipped = resolve(root, "../widgets/static");
export const files = ["loader.js", "app.js", "editor.js", "chart.js", "NOTICE.txt"];

const entries = { app: "src/app/index.tsx", editor: "src/editor/index.ts", chart: "src/chart/index.ts" };

/** A style sheet with its imports, minified, as the text of a module. */
const cssText = {
  name: "css-text",
  setup(host) {
    host.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const made = await build({ entryPoints: [path], bundle: true, minify: true, write: false, metafile: true });
      const watchFiles = Object.keys(made.metafile.inputs).map((input) => resolve(input));
      return { contents: made.outputFiles[0].text.trim(), loader: "text", watchFiles };
    });
  },
};

/** esbuild's options for one bundle; also what the tests and the harness are built with. */
export function options(entry, extra = {}) {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    write: false,
    metafile: true,
    legalComments: "none", // NOTICE.txt has them
    charset: "utf8",
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins: [cssText],
    ...extra,
  };
}

/** Every file that ships: its name and its bytes. */
export async function bundles() {
  const made = new Map();
  const packages = new Set();
  const hashes = {};
  for (const [name, entry] of Object.entries(entries)) {
    const result = await build(options(entry));
    const bytes = result.outputFiles[0].contents;
    made.set(`${name}.js`, bytes);
    hashes[name] = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
    for (const input of Object.keys(result.metafile.inputs)) {
      const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (found) packages.add(found[1]);
    }
  }
  // The loader knows which bundles belong to it, so that a page shares them by content and never mixes versions.
  const loader = await build(options("src/loader/index.ts", { define: { LIBRARY_HASHES: JSON.stringify(hashes) } }));
  made.set("loader.js", loader.outputFiles[0].contents);
  made.set("NOTICE.txt", Buffer.from(await notice([...packages].sort())));
  return made;
}

async function notice(packages) {
  const parts = ["The bundles in this folder contain these packages, each under its own licence."];
  for (const name of packages) {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map((each) => join(folder, each)).find(existsSync);
    const text = file ? (await readFile(file, "utf8")).replaceAll("\r\n", "\n").trim() : "";
    parts.push(`${"=".repeat(80)}\n${name} ${version} (${license})\n\n${text}`);
  }
  return `${parts.join("\n\n")}\n`;
}

export async function writeTo(folder) {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of await bundles()) {
    await writeFile(join(folder, name), bytes);
    console.log(`${name.padEnd(12)} ${(bytes.length / 1024).toFixed(1)} KiB`);
  }
}
