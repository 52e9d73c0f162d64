import { storage } from "../../parts/storage";
import type { Key } from "../../wire/words";
import type { SortKey } from "./rows";

export type ColumnId = "name" | "namespace" | "status" | "ready" | "revision" | "images" | "cpu" | "memory" | "age";

export interface Column {
  id: ColumnId;
  title: Key;
  width: string;
  /** The width where there is little room. */
  narrow?: string;
  sort?: SortKey;
  /** The view's width below which it gives way. */
  from: number;
}

export const COLUMNS: Column[] = [
  { id: "name", title: "name", width: "minmax(140px, 2fr)", sort: "name", from: 0 },
  { id: "namespace", title: "namespace", width: "minmax(96px, 1fr)", sort: "namespace", from: 900 },
  {
    id: "status",
    title: "status",
    width: "minmax(192px, 1.5fr)",
    narrow: "minmax(148px, 1.5fr)",
    sort: "status",
    from: 0,
  },
  { id: "ready", title: "ready", width: "96px", narrow: "88px", sort: "ready", from: 0 },
  { id: "revision", title: "revision", width: "104px", from: 820 },
  { id: "images", title: "images", width: "minmax(120px, 1.8fr)", from: 1040 },
  { id: "cpu", title: "cpu", width: "124px", narrow: "64px", sort: "cpu", from: 720 },
  { id: "memory", title: "memory", width: "132px", narrow: "72px", sort: "memory", from: 720 },
  { id: "age", title: "age", width: "64px", sort: "age", from: 560 },
];

const STORED = "stswidgets.browse.hidden";

/** Columns that the reader has put away, remembered in this browser. */
export function hiddenColumns(): Set<ColumnId> {
  return new Set((storage()?.getItem(STORED) ?? "").split(",").filter(Boolean) as ColumnId[]);
}

export function rememberHidden(hidden: ReadonlySet<ColumnId>): void {
  storage()?.setItem(STORED, [...hidden].join(","));
}
