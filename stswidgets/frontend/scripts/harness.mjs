// The front end without a kernel: fixtures behind a fake model, on loopback. `npm run harness [-- PORT]`.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { options, root, shipped } from "./bundles.mjs";

const port = Number(process.argv[2] ?? 0);
const catalogs = join(root, "../messages/catalogs");

async function answer(path) {
  if (path === "/harness.js") {
    const made = await build(options("harness/index.ts", { minify: false }));
    return [made.outputFiles[0].contents, "text/javascript"];
  }
  const bundle = /^\/static\/([a-z]+\.js)$/.exec(path);
  if (bundle) return [await readFile(join(shipped, bundle[1])), "text/javascript"];
  const catalog = /^\/messages\/(en|zh)$/.exec(path);
  if (catalog) return [await readFile(join(catalogs, `ui.${catalog[1]}.json`)), "application/json"];
  return [await readFile(join(root, "harness/index.html")), "text/html"];
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
  answer(pathname).then(
    ([body, type]) => response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(body),
    (error) => response.writeHead(500).end(String(error)),
  );
});
server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
