// Are the shipped bundles what the sources build? Compares bytes; writes nothing.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundles, shipped } from "./bundles.mjs";

const stale = [];
for (const [name, bytes] of await bundles()) {
  const there = await readFile(join(shipped, name)).catch((error) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!there?.equals(bytes)) stale.push(name);
}
if (stale.length > 0) {
  console.error(`not what the sources build: ${stale.join(", ")}. Run \`npm run build\` and commit the result.`);
  process.exit(1);
}
console.log("the shipped bundles are current");
