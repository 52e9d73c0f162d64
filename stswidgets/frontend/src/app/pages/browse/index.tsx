import { useEffect, useMemo, useState } from "preact/hooks";
import { Button } from "../../parts/button";
import { option } from "../../parts/choice";
import { Icon } from "../../parts/icon";
import { Notice } from "../../parts/notice";
import { Empty, Skeleton } from "../../parts/place";
import { Select } from "../../parts/select";
import { useWidth } from "../../parts/width";
import { useRun } from "../../wire/run";
import type { SetRow } from "../../wire/types";
import { useFeed, useText, useTrait } from "../../wire/view";
import { COLUMNS, hiddenColumns, rememberHidden } from "./columns";
import { ColumnPicker } from "./picker";
import { useQueue } from "./queue";
import { type Query, select } from "./rows";
import { SetTable } from "./table";

export function BrowsePage() {
  const t = useText();
  const run = useRun();
  const browse = useTrait("browse");
  const session = useTrait("session");
  const { rows, known } = useFeed<SetRow>("sets");
  const [query, setQuery] = useState<Query>({ search: "", status: "", sort: "name", down: false });
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [hidden, hide] = useState(hiddenColumns);
  const { box, width } = useWidth<HTMLDivElement>();
  const shown = useMemo(() => select(rows.values(), query), [rows, query]);
  const selected = [...rows.values()].filter((row) => chosen.has(row.id));
  const queue = useQueue();
  useEffect(() => rememberHidden(hidden), [hidden]);

  const single = Boolean(session.namespace);
  const fitting = COLUMNS.filter((each) => width >= each.from && !(each.id === "namespace" && single));
  const columns = fitting.filter((each) => !hidden.has(each.id));
  const loading = !known || (browse?.loading && rows.size === 0);
  const stale = session.live?.state === "stale" || session.live?.state === "lost";
  const openRow = (row: SetRow) => run("open", { page: "detail", namespace: row.namespace, name: row.name });
  const create = (look: "primary" | "plain") => (
    <Button icon="add" look={look} onClick={() => run("open", { page: "create" })}>
      {t("create")}
    </Button>
  );
  return (
    <div class="sts-page sts-browse" ref={box}>
      <div class="sts-page__head">
        <h1>{t("statefulsets")}</h1>
        {known && rows.size > 0 && <span class="sts-count">{rows.size}</span>}
        <span class="sts-grow" />
        {create("primary")}
      </div>
      {browse?.error && <Notice notice={browse.error} />}
      {loading && !browse?.error && <Skeleton rows={6} />}
      {!loading && rows.size === 0 && !browse?.error && (
        <Empty text={browse?.empty ?? t("no_sets")}>{create("plain")}</Empty>
      )}
      {rows.size > 0 && (
        <>
          <div class="sts-tools">
            {selected.length > 0 ? (
              <Chosen rows={selected} queue={queue.add} onNone={() => choose(new Set())} />
            ) : (
              <>
                <Search text={query.search} onSearch={(search) => setQuery({ ...query, search })} />
                <Select
                  label={t("status")}
                  quiet
                  value={query.status}
                  options={[{ value: "", label: t("any_status") }, ...statuses(browse?.statuses, rows.values())]}
                  onChoose={(status) => setQuery({ ...query, status })}
                />
                <span class="sts-grow" />
                <ColumnPicker columns={fitting} hidden={hidden} onHide={hide} />
              </>
            )}
          </div>
          {shown.length > 0 ? (
            <SetTable
              rows={shown}
              columns={columns}
              query={query}
              chosen={chosen}
              stale={stale}
              width={width}
              onSort={(sort) => setQuery({ ...query, ...sort })}
              onChoose={choose}
              onOpen={openRow}
              menuOf={(row) => menuOf(row)}
            />
          ) : (
            <Empty text={t("no_match")}>
              <Button onClick={() => setQuery({ ...query, search: "", status: "" })}>{t("clear_filters")}</Button>
            </Empty>
          )}
        </>
      )}
    </div>
  );

  function menuOf(row: SetRow) {
    const where = { namespace: row.namespace, name: row.name };
    const item = (id: string, label: string, name: string, args: Record<string, unknown> = {}, danger = false) => ({
      id,
      label,
      danger,
      onChoose: () => run(name, { ...where, ...args }),
    });
    return [
      item("edit", t("edit_settings"), "edit"),
      item("restart", t("restart"), "plan_restart"),
      row.desired > 0
        ? item("stop", t("stop"), "plan_scale", { replicas: 0 })
        : item("start", t("start"), "plan_scale", { replicas: 1 }),
      item("usage", t("usage"), "open", { page: "usage" }),
      item("history", t("revisions"), "open", { page: "history" }),
      item("delete", t("delete"), "plan_delete", {}, true),
    ];
  }
}

/** What can be filtered by: the kernel's list, or the statuses that there are. */
function statuses(listed: Parameters<typeof option>[0][] | undefined, rows: Iterable<SetRow>) {
  if (listed && listed.length > 0) return listed.map(option);
  return [...new Set([...rows].map((row) => row.status.word))].sort().map(option);
}

function Search({ text, onSearch }: { text: string; onSearch(text: string): void }) {
  const t = useText();
  return (
    <span class="sts-input sts-search">
      <Icon name="search" />
      <input
        type="search"
        value={text}
        aria-label={t("search")}
        placeholder={t("search_hint")}
        spellcheck={false}
        onInput={(event) => onSearch(event.currentTarget.value)}
      />
    </span>
  );
}

/** What can be done with several sets: each one is planned and confirmed, one after the other. */
function Chosen({
  rows,
  queue,
  onNone,
}: {
  rows: SetRow[];
  queue(commands: { name: string; args: Record<string, unknown> }[]): void;
  onNone(): void;
}) {
  const t = useText();
  const each =
    (name: string, args: Record<string, unknown> = {}) =>
    () => {
      queue(rows.map((row) => ({ name, args: { namespace: row.namespace, name: row.name, ...args } })));
      onNone();
    };
  return (
    <div class="sts-chosen" role="toolbar" aria-label={t("chosen", { n: rows.length })}>
      <strong>{t("chosen", { n: rows.length })}</strong>
      <Button onClick={each("plan_restart")}>{t("restart")}</Button>
      <Button onClick={each("plan_scale", { replicas: 0 })}>{t("stop")}</Button>
      <Button look="danger" onClick={each("plan_delete")}>
        {t("delete")}
      </Button>
      <span class="sts-grow" />
      <Button look="quiet" onClick={onNone}>
        {t("deselect")}
      </Button>
    </div>
  );
}
