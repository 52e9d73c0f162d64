// Tables that arrive as deltas. Sequence numbers make a lost message visible: the feed then asks for everything again.
import type { FeedMessage } from "./types";

interface Row {
  id: string;
}

export interface Table<R extends Row = Row> {
  seq: number;
  rows: ReadonlyMap<string, R>;
  /** Whether the first answer is there: an empty table is not the same as none yet. */
  known: boolean;
}

export const EMPTY: Table<never> = { seq: 0, rows: new Map<string, never>(), known: false };

export type Step<R extends Row> = { table: Table<R>; gap: boolean };

/** The table after one message. A message after a gap changes nothing: `gap` asks for a sync. */
export function apply<R extends Row>(table: Table<R>, message: FeedMessage): Step<R> {
  if (message.reset) {
    const rows = new Map((message.upsert as R[]).map((row) => [row.id, row]));
    return { table: { seq: message.seq, rows, known: true }, gap: false };
  }
  if (table.known && message.seq <= table.seq) return { table, gap: false }; // seen: a sync overtook it
  if (!table.known || message.seq !== table.seq + 1) return { table, gap: true };
  const rows = new Map(table.rows);
  for (const id of message.remove) rows.delete(id);
  for (const row of message.upsert as R[]) rows.set(row.id, row);
  return { table: { seq: message.seq, rows, known: true }, gap: false };
}

const RESYNC_MS = 1500;
const FIRST_ANSWER_MS = 5000;

/** The feeds of one view. A feed starts with its first reader and then follows the kernel's messages. */
export class Feeds {
  private readonly tables = new Map<string, Table>();
  private readonly readers = new Map<string, Set<() => void>>();
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly send: (message: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  table<R extends Row>(feed: string): Table<R> {
    return (this.tables.get(feed) ?? EMPTY) as Table<R>;
  }

  read(feed: string, changed: () => void): () => void {
    const readers = this.readers.get(feed) ?? new Set();
    this.readers.set(feed, readers);
    readers.add(changed);
    if (!this.table(feed).known) this.sync(feed);
    return () => {
      readers.delete(changed);
    };
  }

  receive(message: FeedMessage): void {
    const before = this.table(message.feed);
    const { table, gap } = apply(before, message);
    if (gap) {
      this.sync(message.feed);
      return;
    }
    this.asked.delete(message.feed);
    if (table === before) return;
    this.tables.set(message.feed, table);
    for (const changed of this.readers.get(message.feed) ?? []) changed();
  }

  /** Ask again for what should long have come; called by the view's heartbeat. */
  remind(): void {
    for (const [feed, readers] of this.readers) {
      if (readers.size > 0 && !this.table(feed).known) this.sync(feed, FIRST_ANSWER_MS);
    }
  }

  /** Ask for everything that is shown: after a pause the kernel may have thought that nobody is there. */
  refresh(): void {
    for (const [feed, readers] of this.readers) if (readers.size > 0) this.sync(feed);
  }

  private sync(feed: string, patience = RESYNC_MS): void {
    const last = this.asked.get(feed);
    if (last !== undefined && this.now() - last < patience) return;
    this.asked.set(feed, this.now());
    this.send({ kind: "sync", feed });
  }
}
