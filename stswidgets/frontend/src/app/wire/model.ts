import type { Traits } from "./types";

type Listener = (...args: never[]) => void;

/** What anywidget hands to a view: Backbone's model over the widget's comm. */
export interface Model {
  get(name: string): unknown;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
  send(message: unknown): void;
}

export const TRAITS = [
  "route",
  "options",
  "messages",
  "session",
  "notices",
  "busy",
  "browse",
  "form",
  "editor",
  "plan",
  "rollout",
  "detail",
  "usage",
  "history",
] as const satisfies readonly (keyof Traits)[];

const NOTHING: Traits = {
  route: { page: "browse" },
  options: {},
  messages: {},
  session: {},
  notices: [],
  busy: {},
  browse: null,
  form: null,
  editor: null,
  plan: null,
  rollout: null,
  detail: null,
  usage: null,
  history: null,
};

/** One trait, with something to show where the kernel has not sent any yet. */
export function trait<K extends keyof Traits>(model: Model, name: K): Traits[K] {
  const value = model.get(name) as Traits[K] | null | undefined;
  return value ?? NOTHING[name];
}
