import assert from "node:assert/strict";
import { test } from "node:test";
import { duration } from "../src/app/chrome/live";
import { lookOf } from "../src/app/chrome/theme";
import { matches, select } from "../src/app/pages/browse/rows";
import { windowOf } from "../src/app/pages/browse/window";
import { option } from "../src/app/parts/choice";
import { middle } from "../src/app/parts/middle";
import { sparkPath } from "../src/app/parts/spark";
import { shown } from "../src/app/plan/value";
import type { SetRow } from "../src/app/wire/types";

test("a long name loses its middle and keeps both ends", () => {
  const name = "orders-ledger-write-ahead-replication-primary-eu-we1";
  const cut = middle(name, 20);
  assert.equal([...cut].length, 20);
  assert.match(cut, /^orders-led.*eu-we1$/);
  assert.equal(middle(name, 52), name);
});

test("letters of more than one code unit are not cut apart", () => {
  assert.equal(middle("😀😀😀😀😀", 3), "😀…😀");
});

test("only the rows in view and a few around them are drawn", () => {
  assert.deepEqual(windowOf(10_000, 48, 48_000, 480, 5), { start: 995, end: 1015, before: 47_760, after: 431_280 });
});

test("all heights together are the whole table's, wherever it is scrolled to", () => {
  for (const scrolled of [0, 1, 4799, 480_000, 9e9]) {
    const { start, end, before, after } = windowOf(10_000, 48, scrolled, 600);
    assert.equal(before + (end - start) * 48 + after, 480_000);
    assert.ok(end > start);
  }
});

test("a short table is drawn whole", () => {
  assert.deepEqual(windowOf(3, 48, 0, 600), { start: 0, end: 3, before: 0, after: 0 });
});

function row(name: string, more: Partial<SetRow> = {}): SetRow {
  return {
    id: name,
    namespace: "shop",
    name,
    status: { word: "Running", shape: "disc", tone: "running" },
    ready: 1,
    desired: 1,
    images: ["redis:7.2"],
    age: "1d",
    ...more,
  };
}

test("a search finds names, aliases, images and labels, and needs all its words", () => {
  const db = row("db", { alias: "订单", images: ["docker.io/postgres:16"], labels: { tier: "data" } });
  for (const search of ["DB", "订单", "postgres:16", "tier=data", "db tier=data", ""])
    assert.ok(matches(db, search), search);
  assert.equal(matches(db, "db redis"), false);
});

test("rows are sorted by what is chosen and by name where that is equal", () => {
  const stuck = { word: "Stuck", shape: "triangle", tone: "stuck" } as const;
  const rows = [row("c"), row("b", { status: stuck }), row("a")];
  const names = (down: boolean) =>
    select(rows, { search: "", status: "", sort: "status", down }).map((each) => each.name);
  assert.deepEqual(names(false), ["b", "a", "c"]);
  assert.deepEqual(names(true), ["a", "c", "b"]);
});

test("a status filters by its phase, whatever the language of its word", () => {
  const rows = [row("a", { status: { word: "卡住", shape: "triangle", tone: "stuck", phase: "stuck" } }), row("b")];
  const found = select(rows, { search: "", status: "stuck", sort: "name", down: false });
  assert.deepEqual(
    found.map((each) => each.name),
    ["a"],
  );
});

test("a gap in the points is a gap in the line", () => {
  assert.equal(sparkPath([1, 2, null, 1]).match(/M/g)?.length, 2);
  assert.equal(sparkPath([null, 1]), "");
});

test("choices may be bare or have words", () => {
  assert.deepEqual(option("pod"), { value: "pod", label: "pod" });
  assert.deepEqual(option({ id: "15m", title: "15 minutes" }), { value: "15m", label: "15 minutes" });
});

test("ages are written as kubectl writes them", () => {
  assert.deepEqual([5, 119, 120, 150, 700, 10_800, 200_000].map(duration), [
    "5s",
    "119s",
    "2m",
    "2m30s",
    "11m",
    "3h",
    "2d",
  ]);
});

test("Jupyter's colours are used where its theme is the wanted one", () => {
  assert.deepEqual(lookOf("auto", "notebook", "dark", "light"), { scheme: "dark", palette: "jupyter" });
  assert.deepEqual(lookOf("light", "notebook", "dark", "light"), { scheme: "light", palette: "own" });
  assert.deepEqual(lookOf("auto", "voila", "light", "dark"), { scheme: "dark", palette: "own" });
});

test("a changed value is shown on one line", () => {
  assert.equal(shown({ cpu: "1", memory: "1Gi" }), '{ "cpu": "1", "memory": "1Gi" }');
  assert.equal(shown(undefined), "");
});
