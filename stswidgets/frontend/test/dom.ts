// A page for tests of parts: happy-dom's window as globals, and a model that only records.
import { Window } from "happy-dom";

const window = new Window({ url: "http://127.0.0.1/" });
const wanted = [
  "document",
  "HTMLElement",
  "HTMLInputElement",
  "Node",
  "Event",
  "KeyboardEvent",
  "MutationObserver",
  "ResizeObserver",
];
for (const name of wanted) {
  const value = (window as unknown as Record<string, unknown>)[name];
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
Object.defineProperty(globalThis, "window", { value: window, configurable: true, writable: true });
Object.defineProperty(globalThis, "requestAnimationFrame", {
  value: (run: () => void) => setTimeout(run, 0),
  configurable: true,
});

type Listener = (...args: never[]) => void;

export class RecordingModel {
  readonly sent: { kind: string; id: string; name: string; args: Record<string, unknown> }[] = [];
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(private readonly traits: Record<string, unknown> = {}) {}

  get = (name: string): unknown => this.traits[name];
  on = (event: string, listener: Listener): void => {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  };
  off = (event: string, listener: Listener): void => {
    this.listeners.get(event)?.delete(listener);
  };
  send = (message: never): void => {
    this.sent.push(message);
  };
  set(name: string, value: unknown): void {
    this.traits[name] = value;
    for (const listener of [...(this.listeners.get(`change:${name}`) ?? [])]) listener();
  }
  receive(message: unknown): void {
    for (const listener of [...(this.listeners.get("msg:custom") ?? [])])
      (listener as (...args: unknown[]) => void)(message, []);
  }
  commands(name: string) {
    return this.sent.filter((each) => each.kind === "command" && each.name === name);
  }
}

/** Until the condition holds, or the deadline fails the test. */
export async function until(holds: () => boolean, what: string, deadline = 3000): Promise<void> {
  const end = Date.now() + deadline;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function element(): HTMLElement {
  document.body.replaceChildren();
  const el = document.createElement("div");
  document.body.append(el);
  return el;
}
