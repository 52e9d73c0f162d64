import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/icon";
import { Menu, type MenuItem } from "../../parts/menu";
import type { SetRow } from "../../wire/types";
import { useText } from "../../wire/view";
import { Cell } from "./cells";
import type { Column } from "./columns";
import type { Query } from "./rows";
import { windowOf } from "./window";

const ROW = 48;
const NARROW = 900;

interface TableProps {
  rows: SetRow[];
  columns: Column[];
  query: Query;
  chosen: ReadonlySet<string>;
  stale: boolean;
  /** The view's width in pixels. */
  width: number;
  onSort(query: Partial<Query>): void;
  onChoose(ids: Set<string>): void;
  onOpen(row: SetRow): void;
  menuOf(row: SetRow): MenuItem[];
}

/** The list: only the rows in view are drawn, and a changed row changes alone. */
export function SetTable(props: TableProps) {
  const { rows, columns, chosen, onChoose, onOpen, menuOf, stale, width } = props;
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ top: 0, height: 600 });
  const [cursor, setCursor] = useState(0);
  const current = Math.min(cursor, Math.max(0, rows.length - 1));
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const measure = () => setAt({ top: box.scrollTop, height: box.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    box.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", measure);
    };
  }, []);
  const shown = windowOf(rows.length, ROW, at.top, at.height);
  const narrow = width < NARROW;
  const template = `40px ${columns.map((each) => (narrow && each.narrow) || each.width).join(" ")} 40px`;
  const toggle = (row: SetRow) => {
    const next = new Set(chosen);
    if (!next.delete(row.id)) next.add(row.id);
    onChoose(next);
  };
  const go = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setCursor(next);
    const box = scroller.current;
    if (!box) return;
    const head = 36;
    const top = next * ROW;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + ROW + head > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW + head - box.clientHeight;
    requestAnimationFrame(() => box.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus({ preventScroll: true }));
  };
  const keys = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.getAttribute("role") !== "row") return;
    const page = Math.max(1, Math.floor(at.height / ROW) - 2);
    const to = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    const row = rows[current];
    if (to !== undefined) go(to);
    else if (event.key === "Enter" && row) onOpen(row);
    else if (event.key === " " && row) toggle(row);
    else return;
    event.preventDefault();
  };
  const all = rows.length > 0 && rows.every((row) => chosen.has(row.id));
  return (
    <div
      class={`sts-grid${stale ? " sts-grid--stale" : ""}${narrow ? " sts-grid--narrow" : ""}`}
      role="grid"
      aria-label={t("statefulsets")}
      aria-rowcount={rows.length + 1}
      aria-multiselectable="true"
      ref={scroller}
      onKeyDown={keys}
    >
      <div class="sts-grid__head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        <span role="columnheader">
          <input
            type="checkbox"
            aria-label={t("choose_all")}
            checked={all}
            onChange={() => onChoose(all ? new Set() : new Set(rows.map((row) => row.id)))}
          />
        </span>
        {columns.map((column) => (
          <Head key={column.id} column={column} {...props} />
        ))}
        <span role="columnheader">
          <span class="sts-hidden">{t("actions")}</span>
        </span>
      </div>
      <div style={{ height: `${shown.before}px` }} />
      {rows.slice(shown.start, shown.end).map((row, index) => {
        const place = shown.start + index;
        return (
          <div
            key={row.id}
            class="sts-grid__row"
            role="row"
            data-at={place}
            aria-rowindex={place + 2}
            aria-selected={chosen.has(row.id)}
            tabIndex={place === current ? 0 : -1}
            style={{ gridTemplateColumns: template }}
            onFocus={() => setCursor(place)}
          >
            <span role="gridcell">
              <input
                type="checkbox"
                tabIndex={-1}
                aria-label={t("choose", { name: row.name })}
                checked={chosen.has(row.id)}
                onChange={() => toggle(row)}
              />
            </span>
            {columns.map((column) => (
              <span key={column.id} role="gridcell" class={`sts-grid__cell sts-grid__cell--${column.id}`}>
                <Cell row={row} column={column.id} t={t} narrow={narrow} onOpen={onOpen} />
              </span>
            ))}
            <span role="gridcell">
              <Menu label={t("actions_of", { name: row.name })} items={menuOf(row)} />
            </span>
          </div>
        );
      })}
      <div style={{ height: `${shown.after}px` }} />
    </div>
  );
}

function Head({ column, query, onSort }: { column: Column } & TableProps) {
  const t = useText();
  const { sort } = column;
  const sorted = sort !== undefined && query.sort === sort;
  const order = sorted ? (query.down ? "descending" : "ascending") : undefined;
  return (
    <span role="columnheader" aria-sort={order} class={`sts-grid__cell--${column.id}`}>
      {sort ? (
        <button
          type="button"
          class="sts-grid__sort"
          onClick={() => onSort({ sort, down: sorted ? !query.down : false })}
        >
          {t(column.title)}
          {sorted && (
            <span class={query.down ? "" : "sts-up"}>
              <Icon name="down" />
            </span>
          )}
        </button>
      ) : (
        t(column.title)
      )}
    </span>
  );
}
