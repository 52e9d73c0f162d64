import assert from "node:assert/strict";
import { test } from "node:test";
import { Typing } from "../src/app/form/typed";
import { EditorSync } from "../src/app/pages/create/sync";
import { difference } from "../src/editor/difference";

function kernel() {
  const sent: { text: string; answer(): void }[] = [];
  const commit = (text: string) =>
    new Promise<void>((resolve) => {
      sent.push({ text, answer: resolve });
    });
  return { sent, commit };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("the kernel's value waits while the field has the focus", () => {
  const shown: string[] = [];
  const typing = new Typing("db", "db", kernel().commit, (text) => shown.push(text));
  typing.focus();
  typing.take("other");
  assert.deepEqual(shown, []);
  typing.blur();
  assert.deepEqual(shown, ["other"]);
});

test("what is typed is sent when the field is left, and stays when the kernel refuses it", async () => {
  const shown: string[] = [];
  const sent: string[] = [];
  const refuse = (text: string) => {
    sent.push(text);
    return Promise.reject(new Error("no"));
  };
  const typing = new Typing("3", "3", refuse, (text) => shown.push(text));
  typing.focus();
  typing.type("1.5");
  typing.blur();
  await settled();
  assert.deepEqual(sent, ["1.5"]);
  assert.equal(typing.text, "1.5");
});

test("one message is under way at a time, and the last text is what arrives", async () => {
  const { sent, commit } = kernel();
  const typing = new Typing("", "", commit, () => undefined);
  typing.focus();
  typing.put("a");
  typing.put("ab");
  typing.put("abc");
  assert.deepEqual(
    sent.map((each) => each.text),
    ["a"],
  );
  sent[0]?.answer();
  await settled();
  assert.deepEqual(
    sent.map((each) => each.text),
    ["a", "abc"],
  );
});

test("what the kernel makes of a text is shown once the field is left", async () => {
  const { sent, commit } = kernel();
  const typing = new Typing("", "", commit, () => undefined);
  typing.focus();
  typing.put(" 3");
  typing.take("3");
  sent[0]?.answer();
  await settled();
  assert.equal(typing.text, " 3");
  typing.blur();
  assert.equal(typing.text, "3");
});

function editor() {
  const { sent, commit } = kernel();
  const versions: number[] = [];
  const shown: string[] = [];
  const send = (text: string, version: number) => {
    versions.push(version);
    return commit(text);
  };
  const sync = new EditorSync("a", send, (text) => shown.push(text));
  sync.take({ text: "a", version: 1, origin: "server" });
  return { sent, versions, shown, sync };
}

test("the form's change reaches the editor when nothing is typed", () => {
  const { shown, sync } = editor();
  sync.take({ text: "b", version: 2, origin: "form" });
  assert.deepEqual(shown, ["b"]);
});

test("typed text wins over the form's, and says which version it grew from", async () => {
  const { sent, shown, sync, versions } = editor();
  sync.typed("a1");
  sync.take({ text: "b", version: 2, origin: "form" });
  sync.flush();
  assert.deepEqual([shown, sent.map((each) => each.text), versions], [[], ["a1"], [1]]);
  sync.take({ text: "b1", version: 3, origin: "form" });
  sent[0]?.answer();
  await settled();
  assert.deepEqual(shown, ["b1"]);
});

test("the echo of what was typed does not come back, and is what the next typing grows from", async () => {
  const { sent, shown, sync, versions } = editor();
  sync.typed("a1");
  sync.flush();
  sync.typed("a12");
  sync.take({ text: "a1", version: 2, origin: "editor" });
  sent[0]?.answer();
  await settled();
  assert.deepEqual([shown, sent.map((each) => each.text), versions], [[], ["a1", "a12"], [1, 2]]);
});

test("two texts differ in one replaced range, the smallest", () => {
  assert.deepEqual(difference("replicas: 3\n", "replicas: 5\n"), { from: 10, to: 11, insert: "5" });
  assert.deepEqual(difference("aa", "aaa"), { from: 2, to: 2, insert: "a" });
  assert.equal(difference("a", "a"), null);
});
