import assert from "node:assert/strict";
import { test } from "node:test";
import { mount } from "../src/app/index";
import type { FieldNode, FormNode, FormTree } from "../src/app/wire/types";
import { element, RecordingModel, until } from "./dom";

function field(path: string, label: string, value: string, more: Partial<FieldNode> = {}): FieldNode {
  return { type: "field", path, label, kind: "text", value, ...more };
}

function tree(nodes: FormNode[]): FormTree {
  return {
    title: "Create",
    sections: [{ id: "basic", title: "Basic", state: "todo", nodes }],
    missing: [],
    can_plan: true,
  };
}

async function page(nodes: FormNode[]) {
  const model = new RecordingModel({
    route: { page: "create" },
    options: { lang: "en" },
    messages: {},
    form: tree(nodes),
  });
  const el = element();
  const unmount = mount(el, model, () => new Promise(() => undefined));
  await until(() => el.querySelector("form, .sts-nodes") !== null, "the form is drawn");
  const input = (label: string) => {
    const found = [...el.querySelectorAll("label")].find((each) => each.textContent?.startsWith(label));
    return document.getElementById(found?.getAttribute("for") ?? "") as HTMLInputElement;
  };
  return { el, model, unmount, input };
}

function type(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

test("a field's label, help and problem belong to its input", async () => {
  const help = field("metadata.name", "Name", "db", { help: "Pods are called after it." });
  const bad = field("spec.replicas", "Replicas", "1.5", { problem: { severity: "error", text: "A whole number." } });
  const { el, input, unmount } = await page([help, bad]);
  const described = (each: HTMLInputElement) => document.getElementById(each.getAttribute("aria-describedby") ?? "");
  assert.equal(described(input("Name"))?.textContent, "Pods are called after it.");
  assert.equal(described(input("Replicas"))?.textContent, "A whole number.");
  assert.equal(input("Replicas").getAttribute("aria-invalid"), "true");
  assert.equal(input("Replicas").value, "1.5");
  assert.equal(el.querySelectorAll("[role=alert]").length, 1);
  unmount();
});

test("typed text is sent after a moment and is not replaced by the kernel's while one types", async () => {
  const { input, model, unmount } = await page([field("metadata.name", "Name", "db")]);
  const name = input("Name");
  name.dispatchEvent(new Event("focus"));
  type(name, "db-east");
  await until(() => model.commands("set").length === 1, "the text is sent");
  assert.deepEqual(model.commands("set")[0]?.args, { path: "metadata.name", text: "db-east" });
  model.set("form", tree([field("metadata.name", "Name", "db-e")]));
  model.receive({ kind: "done", id: model.commands("set")[0]?.id, error: null });
  await until(() => input("Name") === name, "the input stays");
  assert.equal(name.value, "db-east");
  unmount();
});

test("the kernel's value is shown in a field that nobody types in", async () => {
  const { input, model, unmount } = await page([field("metadata.name", "Name", "db")]);
  model.set("form", tree([field("metadata.name", "Name", "cache")]));
  await until(() => input("Name").value === "cache", "the value is taken over");
  unmount();
});

test("leaving the page sends what was typed last", async () => {
  const { input, model, unmount } = await page([field("metadata.name", "Name", "db")]);
  type(input("Name"), "late");
  unmount();
  assert.deepEqual(
    model.commands("set").map((each) => each.args["text"]),
    ["late"],
  );
});

test("a list's item can be added and removed, by its path", async () => {
  const ports: FormNode = {
    type: "list",
    path: "ports",
    title: "Ports",
    add: "Add port",
    items: [{ path: "ports[0]", title: "http", removable: true, nodes: [field("ports[0].name", "Port", "http")] }],
  };
  const { el, model, unmount } = await page([ports]);
  const buttons = [...el.querySelectorAll<HTMLElement>("fieldset button")];
  for (const button of buttons) button.click();
  assert.deepEqual(
    model.commands("remove").map((each) => each.args["path"]),
    ["ports[0]"],
  );
  assert.deepEqual(
    model.commands("add").map((each) => each.args["path"]),
    ["ports"],
  );
  unmount();
});

test("a key is renamed where it stands", async () => {
  const labels: FormNode = {
    type: "map",
    path: "metadata.labels",
    title: "Labels",
    entries: [{ path: "metadata.labels[app]", key: "app", value: "db" }],
  };
  const { el, model, unmount } = await page([labels]);
  const [key] = [...el.querySelectorAll<HTMLInputElement>(".sts-pair input")];
  if (!key) throw new Error("no input for the key");
  type(key, "tier");
  key.dispatchEvent(new Event("blur"));
  await until(() => model.commands("rename").length === 1, "the key is sent");
  assert.deepEqual(model.commands("rename")[0]?.args, { path: "metadata.labels[app]", key: "tier" });
  unmount();
});

test("markup in a text from the cluster stays text", async () => {
  const { el, unmount } = await page([{ type: "note", severity: "info", text: "<img src=x onerror=alert(1)>" }]);
  assert.equal(el.querySelector("img"), null);
  assert.match(el.textContent ?? "", /<img src=x/);
  unmount();
});

test("a failed command is shown as a notice", async () => {
  const { el, model, unmount } = await page([field("metadata.name", "Name", "db")]);
  [...el.querySelectorAll<HTMLElement>("footer button")].at(-1)?.click();
  model.receive({ kind: "done", id: model.commands("plan")[0]?.id, error: { severity: "error", text: "No cluster." } });
  await until(() => el.querySelector(".sts-notices")?.textContent?.includes("No cluster.") ?? false, "the notice");
  unmount();
});

test("a view tells the kernel that somebody is there", async () => {
  const { model, unmount } = await page([]);
  assert.ok(model.sent.some((each) => each.kind === "heartbeat"));
  unmount();
});
