// Charts that grow: what the kernel sends is added to the figure that is already here.
import type { ExtendMessage, Figure, Trace, Usage } from "./types";

/** Which trace each part of a message belongs to: by place where all are sent, since names may repeat; else by name. */
export function targets(names: (string | undefined)[], sent: { name: string }[]): number[] {
  const whole = names.length === sent.length && sent.every((each, at) => each.name === (names[at] ?? ""));
  return whole ? sent.map((_, at) => at) : sent.map((each) => names.indexOf(each.name));
}

/** The figure with the new points at its traces' ends and `drop` old ones gone; unknown names become traces. */
export function extend(figure: Figure, message: ExtendMessage): Figure {
  const data = [...figure.data];
  const names = data.map((each) => each.name);
  const found = targets(names, message.traces);
  const grown = (old: unknown[] | undefined, news: unknown[]) => [...(old ?? []), ...news].slice(message.drop);
  message.traces.forEach((more, at) => {
    const place = found[at] ?? -1;
    const trace = data[place];
    if (trace) data[place] = { ...trace, x: grown(trace.x, more.x), y: grown(trace.y, more.y) };
    else data.push({ ...look(figure.data[0]), name: more.name, x: more.x, y: more.y });
  });
  return { ...figure, data };
}

/** How a new trace is drawn: as its neighbour is, without the neighbour's points and colour. */
function look(trace: Trace | undefined): Trace {
  if (!trace) return { type: "scatter", mode: "lines" };
  const { x: _x, y: _y, name: _name, line, ...rest } = trace;
  const { color: _color, ...shape } = (line ?? {}) as Record<string, unknown>;
  return { ...rest, line: shape };
}

/** The usage view's figures as they stand now: the trait's, and what came after it. */
export class Figures {
  private source: Usage | null = null;
  private readonly now = new Map<string, Figure>();
  private readonly drawn = new Map<string, (message: ExtendMessage) => void>();

  /** Start again from a trait's value; the same value again changes nothing. */
  take(usage: Usage | null): void {
    if (usage === this.source) return;
    this.source = usage;
    this.now.clear();
    for (const chart of usage?.charts ?? []) this.now.set(chart.id, chart.figure);
  }

  figure(chart: string): Figure | undefined {
    return this.now.get(chart);
  }

  receive(message: ExtendMessage): void {
    const figure = this.now.get(message.chart);
    if (!figure) return;
    this.now.set(message.chart, extend(figure, message));
    this.drawn.get(message.chart)?.(message);
  }

  /** A drawn chart follows what comes. */
  follow(chart: string, draw: (message: ExtendMessage) => void): () => void {
    this.drawn.set(chart, draw);
    return () => {
      if (this.drawn.get(chart) === draw) this.drawn.delete(chart);
    };
  }
}
