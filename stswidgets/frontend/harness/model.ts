// A model as anywidget hands it over, with a small kernel behind it that answers from fixtures.
import type { FormNode, FormTree, Traits } from "../src/app/wire/types";
import type { Fixture } from "./fixtures";

type Listener = (...args: unknown[]) => void;
type Message = { kind: string; id: string; name: string; feed: string; args: Record<string, string> };

const DELAY_MS = 60;

export class FakeModel {
  readonly sent: Message[] = [];
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly traits: Record<string, unknown>;

  constructor(
    private readonly fixture: Fixture,
    private readonly library: (name: string) => Promise<ArrayBuffer>,
  ) {
    this.traits = { ...fixture.traits };
  }

  get(name: string): unknown {
    return this.traits[name];
  }

  on(event: string, listener: Listener): void {
    const known = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, known.add(listener));
  }

  off(event: string, listener: Listener): void {
    this.listeners.get(event)?.delete(listener);
  }

  set<K extends keyof Traits>(name: K, value: Traits[K]): void {
    this.traits[name] = value;
    this.emit(`change:${name}`);
  }

  receive(message: unknown, buffers: unknown[] = []): void {
    this.emit("msg:custom", message, buffers);
  }

  send(message: Message): void {
    this.sent.push(message);
    if (message.kind === "library") {
      void this.library(message.name).then((bytes) => {
        this.receive({ kind: "library", name: message.name, hash: "" }, [new DataView(bytes)]);
      });
    } else setTimeout(() => this.answer(message), DELAY_MS);
  }

  private emit(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(...args);
  }

  private answer(message: Message): void {
    if (message.kind === "sync") {
      const rows = this.fixture.feeds[message.feed];
      if (rows) this.receive({ kind: "feed", feed: message.feed, seq: 1, reset: true, upsert: rows, remove: [] });
    } else if (message.kind === "command") {
      this.run(message.name, message.args);
      this.receive({ kind: "done", id: message.id, error: null, result: null });
    }
  }

  private run(name: string, args: Record<string, string>): void {
    const { later } = this.fixture;
    if (name === "open") this.set("route", args as unknown as Traits["route"]);
    else if (name === "set_options") this.set("options", { ...(this.get("options") as Traits["options"]), ...args });
    else if (name === "set")
      this.set("form", changed(this.get("form") as FormTree, args["path"] ?? "", args["text"] ?? ""));
    else if (name === "plan" || name.startsWith("plan_")) this.set("plan", later.plan ?? null);
    else if (name === "cancel_plan") this.set("plan", null);
    else if (name === "apply") {
      const plan = this.get("plan") as NonNullable<Traits["plan"]>;
      this.set("rollout", later.rollout ?? null);
      this.set("plan", { ...plan, applied: { severity: "success", text: "Applied." } });
    }
  }
}

function changed(form: FormTree, path: string, text: string): FormTree {
  const walk = (nodes: FormNode[]): FormNode[] =>
    nodes.map((node) => {
      if (node.type === "field") return node.path === path ? { ...node, value: text } : node;
      if (node.type === "list")
        return { ...node, items: node.items.map((each) => ({ ...each, nodes: walk(each.nodes) })) };
      if (node.type === "map") {
        return { ...node, entries: node.entries.map((each) => (each.path === path ? { ...each, value: text } : each)) };
      }
      return node;
    });
  return { ...form, sections: form.sections.map((section) => ({ ...section, nodes: walk(section.nodes) })) };
}
