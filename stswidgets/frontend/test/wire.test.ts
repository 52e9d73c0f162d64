import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, routeOf } from "../src/app/wire/address";
import { CommandError, Commands } from "../src/app/wire/commands";
import { apply, EMPTY, Feeds } from "../src/app/wire/feeds";
import { extend, Figures } from "../src/app/wire/figures";
import type { FeedMessage, Usage } from "../src/app/wire/types";
import { fill, translator } from "../src/app/wire/words";

function message(seq: number, upsert: { id: string }[], more: Partial<FeedMessage> = {}): FeedMessage {
  return { kind: "feed", feed: "sets", seq, reset: false, upsert, remove: [], ...more };
}

const whole = message(4, [{ id: "a" }, { id: "b" }], { reset: true });

test("a reset makes the table what it says", () => {
  const { table, gap } = apply(EMPTY, whole);
  assert.deepEqual([[...table.rows.keys()], table.seq, table.known, gap], [["a", "b"], 4, true, false]);
});

test("the next message changes and removes rows and keeps the others' place", () => {
  const { table } = apply(apply(EMPTY, whole).table, message(5, [{ id: "c" }], { remove: ["a"] }));
  assert.deepEqual([...table.rows.keys()], ["b", "c"]);
});

test("a message after a gap changes nothing and asks for a sync", () => {
  const before = apply(EMPTY, whole).table;
  assert.deepEqual(apply(before, message(6, [{ id: "c" }])), { table: before, gap: true });
});

test("a message that a sync overtook is passed over", () => {
  const before = apply(EMPTY, whole).table;
  assert.deepEqual(apply(before, message(4, [{ id: "c" }])), { table: before, gap: false });
});

test("a feed asks once for a gap until it is answered or patience ends", () => {
  const sent: unknown[] = [];
  let now = 0;
  const feeds = new Feeds(
    (each) => sent.push(each),
    () => now,
  );
  feeds.read("sets", () => undefined);
  feeds.receive(message(2, []));
  assert.equal(sent.length, 1);
  now = 2000;
  feeds.receive(message(3, []));
  assert.equal(sent.length, 2);
  feeds.receive(whole);
  feeds.receive(message(9, []));
  assert.equal(sent.length, 3);
});

test("readers hear of changes until they leave", () => {
  const feeds = new Feeds(() => undefined);
  let heard = 0;
  const leave = feeds.read("sets", () => {
    heard += 1;
  });
  feeds.receive(whole);
  leave();
  feeds.receive(message(5, [{ id: "c" }]));
  assert.equal(heard, 1);
});

test("a command ends with its own answer, and its error is the kernel's notice", async () => {
  const sent: { id: string }[] = [];
  const commands = new Commands((each) => sent.push(each as { id: string }));
  const first = commands.run("plan");
  const second = commands.run("set", { path: "spec.replicas", text: "3" });
  assert.equal(commands.pending("plan"), true);
  commands.receive({ kind: "done", id: sent[1]?.id ?? "", error: null, result: 7 });
  commands.receive({ kind: "done", id: sent[0]?.id ?? "", error: { severity: "error", text: "No cluster." } });
  assert.equal(await second, 7);
  await assert.rejects(first, (error) => error instanceof CommandError && error.notice.text === "No cluster.");
  assert.equal(commands.pending("plan"), false);
});

const options = {
  hosts: "voila" as const,
  lang: "zh",
  pages: [
    { page: "browse" as const, title: "", href: "/voila/render/browse.ipynb" },
    { page: "detail" as const, title: "", href: "/voila/render/detail.ipynb" },
  ],
};

test("an address carries the place and the language and keeps what others put there", () => {
  const here = new URL("http://127.0.0.1/voila/render/browse.ipynb?token=t&name=old");
  const route = { page: "detail" as const, namespace: "shop", name: "db", tab: "usage" };
  assert.equal(
    addressOf(route, options, here),
    "/voila/render/detail.ipynb?token=t&namespace=shop&name=db&tab=usage&lang=zh",
  );
});

test("an address leads back to the route that it was made of", () => {
  const here = new URL("http://127.0.0.1/voila/render/browse.ipynb");
  const route = { page: "detail" as const, namespace: "shop", name: "db", tab: "usage" };
  assert.deepEqual(routeOf(new URL(addressOf(route, options, here), here), options), route);
});

test("a page without a notebook of its own is named in the address", () => {
  const here = new URL("http://127.0.0.1/voila/render/browse.ipynb");
  const address = addressOf({ page: "usage", namespace: "shop", name: "db" }, options, here);
  assert.deepEqual(routeOf(new URL(address, here), options), { page: "usage", namespace: "shop", name: "db" });
});

const figure = {
  data: [
    { name: "db-0", mode: "lines", line: { color: "#0072B2", width: 2 }, x: [1, 2, 3], y: [10, 20, 30] },
    { name: "db-1", mode: "lines", line: { color: "#E69F00", width: 2 }, x: [1, 2, 3], y: [1, null, 3] },
  ],
  layout: {},
};

test("an extended figure has the new points and has lost the dropped ones", () => {
  const more = [
    { name: "db-0", x: [4], y: [40] },
    { name: "db-1", x: [4], y: [null] },
  ];
  const grown = extend(figure, { kind: "extend", chart: "cpu", traces: more, drop: 1 });
  assert.deepEqual(
    grown.data.map((each) => [each.x, each.y]),
    [
      [
        [2, 3, 4],
        [20, 30, 40],
      ],
      [
        [2, 3, 4],
        [null, 3, null],
      ],
    ],
  );
  assert.deepEqual(figure.data[0]?.x, [1, 2, 3]);
});

test("traces of the same name are extended by their place", () => {
  const same = { data: figure.data.map((each) => ({ ...each, name: "limit" })), layout: {} };
  const more = [
    { name: "limit", x: [4], y: [1] },
    { name: "limit", x: [4], y: [2] },
  ];
  const grown = extend(same, { kind: "extend", chart: "cpu", traces: more, drop: 0 });
  assert.deepEqual(
    grown.data.map((each) => each.y?.at(-1)),
    [1, 2],
  );
});

test("a new pod's trace is drawn like the others, without their colour", () => {
  const grown = extend(figure, { kind: "extend", chart: "cpu", traces: [{ name: "db-2", x: [4], y: [5] }], drop: 0 });
  assert.deepEqual(grown.data[2], { mode: "lines", line: { width: 2 }, name: "db-2", x: [4], y: [5] });
});

test("a chart drawn later has all that came before it", () => {
  const usage: Usage = { charts: [{ id: "cpu", title: "CPU", figure }] };
  const figures = new Figures();
  figures.take(usage);
  figures.receive({ kind: "extend", chart: "cpu", traces: [{ name: "db-0", x: [4], y: [40] }], drop: 0 });
  figures.take(usage);
  assert.deepEqual(figures.figure("cpu")?.data[0]?.x, [1, 2, 3, 4]);
});

test("a sentence is filled as the catalogs are", () => {
  assert.equal(fill("{n} {n|change|changes} of {name}", { n: 1, name: "{n}" }), "1 change of {n}");
  assert.equal(fill("{n} {n|change|changes} {unknown}", { n: 0 }), "0 changes {unknown}");
});

test("labels come from the viewer's catalog", () => {
  assert.equal(translator({ "ui.next": "下一步" })("next"), "下一步");
});
