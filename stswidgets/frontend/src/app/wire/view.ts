// One view's connection to its kernel: traits to read, feeds, commands, a heartbeat.
import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import { Commands } from "./commands";
import { Feeds, type Table } from "./feeds";
import { Figures } from "./figures";
import { type Model, trait } from "./model";
import type { DoneMessage, ExtendMessage, FeedMessage, Traits } from "./types";
import { type Translate, translator } from "./words";

const HEARTBEAT_MS = 10_000;
/** A pause after which the kernel may have stopped sending: the machine slept, or the browser held the page's timers. */
const PAUSE_MS = 25_000;

export type Library = (name: string) => Promise<unknown>;

export class Connection {
  readonly feeds: Feeds;
  readonly commands: Commands;
  readonly figures = new Figures();
  private readonly watchers = new Set<() => void>();
  private readonly timer: ReturnType<typeof setInterval>;
  private beaten = Date.now();

  constructor(
    readonly model: Model,
    readonly library: Library,
  ) {
    const send = (message: unknown) => model.send(message);
    this.feeds = new Feeds(send);
    this.commands = new Commands(send, () => this.watchers.forEach((changed) => void changed()));
    model.on("msg:custom", this.receive);
    this.timer = setInterval(this.beat, HEARTBEAT_MS);
    document.addEventListener("visibilitychange", this.beat);
    this.beat();
  }

  watch(changed: () => void): () => void {
    this.watchers.add(changed);
    return () => {
      this.watchers.delete(changed);
    };
  }

  close(): void {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.beat);
    this.model.off("msg:custom", this.receive);
  }

  private readonly beat = (): void => {
    const pause = Date.now() - this.beaten;
    this.beaten = Date.now();
    this.model.send({ kind: "heartbeat" });
    if (pause > PAUSE_MS) this.feeds.refresh();
    else this.feeds.remind();
  };

  private readonly receive = (message: { kind?: string }): void => {
    if (message.kind === "feed") this.feeds.receive(message as FeedMessage);
    else if (message.kind === "done") this.commands.receive(message as DoneMessage);
    else if (message.kind === "extend") this.figures.receive(message as ExtendMessage);
  };
}

export const ViewContext = createContext<Connection | null>(null);

export function useView(): Connection {
  const view = useContext(ViewContext);
  if (!view) throw new Error("not inside a view");
  return view;
}

function useRedraw(): () => void {
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);
  return () => redraw(undefined);
}

export function useTrait<K extends keyof Traits>(name: K): Traits[K] {
  const { model } = useView();
  const redraw = useRedraw();
  useEffect(() => {
    model.on(`change:${name}`, redraw);
    redraw(); // a change between the first drawing and here
    return () => model.off(`change:${name}`, redraw);
  }, [model, name]);
  return trait(model, name);
}

export function useFeed<R extends { id: string }>(name: string): Table<R> {
  const { feeds } = useView();
  const redraw = useRedraw();
  useEffect(() => feeds.read(name, redraw), [feeds, name]);
  return feeds.table<R>(name);
}

/** Whether the command is under way: sent from here and not answered, or said to be busy by the kernel. */
export function useBusy(name: string): string | boolean {
  const view = useView();
  const busy = useTrait("busy");
  const redraw = useRedraw();
  useEffect(() => view.watch(redraw), [view]);
  return busy[name] || view.commands.pending(name);
}

export function useText(): Translate {
  return translator(useTrait("messages"));
}
