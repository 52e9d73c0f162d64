import { shipped, writeTo } from "./bundles.mjs";

await writeTo(process.argv[2] ?? shipped);
