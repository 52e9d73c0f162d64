// Searching, filtering and sorting of the list: all of it here, since all rows are here.
import type { SetRow } from "../../wire/types";

export type SortKey = "name" | "namespace" | "status" | "ready" | "cpu" | "memory" | "age";

export interface Query {
  search: string;
  status: string;
  sort: SortKey;
  down: boolean;
}

/** Words must all be found: in the name, the alias, the namespace, an image, or a label as `key=value`. */
export function matches(row: SetRow, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = haystack(row);
  return words.every((word) => text.includes(word));
}

function haystack(row: SetRow): string {
  const labels = Array.isArray(row.labels) ? row.labels : Object.entries(row.labels ?? {});
  const parts = [
    row.name,
    row.alias ?? "",
    row.namespace,
    ...row.images,
    ...labels.map(([key, value]) => `${key}=${value}`),
  ];
  return parts.join("\n").toLowerCase();
}

const TROUBLE = ["stuck", "updating", "waiting", "terminating", "running", "stopped"];

function last(points: readonly (number | null)[] | undefined): number {
  for (let at = (points?.length ?? 0) - 1; at >= 0; at -= 1) {
    const point = points?.[at];
    if (point !== null && point !== undefined) return point;
  }
  return -1;
}

const VALUES: Record<SortKey, (row: SetRow) => string | number> = {
  name: (row) => row.name,
  namespace: (row) => row.namespace,
  status: (row) => TROUBLE.indexOf(row.status.tone ?? ""),
  ready: (row) => (row.desired > 0 ? row.ready / row.desired : 2),
  cpu: (row) => last(row.cpu?.points),
  memory: (row) => last(row.memory?.points),
  age: (row) => -Date.parse(row.created ?? "") || 0,
};

export function select(rows: Iterable<SetRow>, query: Query): SetRow[] {
  const value = VALUES[query.sort];
  const way = query.down ? -1 : 1;
  return [...rows]
    .filter((row) => hasStatus(row, query.status) && matches(row, query.search))
    .sort((a, b) => way * compare(value(a), value(b)) || compare(a.name, b.name) || compare(a.namespace, b.namespace));
}

function hasStatus({ status }: SetRow, wanted: string): boolean {
  return wanted === "" || [status.phase, status.word, status.tone].includes(wanted);
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
