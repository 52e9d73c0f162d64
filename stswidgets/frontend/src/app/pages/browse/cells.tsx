import { Name } from "../../parts/copy";
import { Images } from "../../parts/images";
import { SparkLine } from "../../parts/spark";
import { ReadyBar, StatusMark, toneOf } from "../../parts/status";
import type { SetRow } from "../../wire/types";
import type { Translate } from "../../wire/words";
import type { ColumnId } from "./columns";

interface CellProps {
  row: SetRow;
  column: ColumnId;
  t: Translate;
  narrow: boolean;
  onOpen(row: SetRow): void;
}

/** One cell of the list. */
export function Cell({ row, column, t, narrow, onOpen }: CellProps) {
  switch (column) {
    case "name":
      return (
        <span class="sts-two">
          <button type="button" class="sts-link sts-link--strong" tabIndex={-1} onClick={() => onOpen(row)}>
            <Name text={row.name} width={narrow ? 24 : 36} />
          </button>
          {row.alias && <span class="sts-muted sts-cut">{row.alias}</span>}
        </span>
      );
    case "namespace":
      return <span class="sts-cut">{row.namespace}</span>;
    case "status":
      return (
        <span class="sts-two">
          <StatusMark status={row.status} />
          {row.reason && (
            <span class="sts-muted sts-cut" title={row.reason}>
              {row.reason}
            </span>
          )}
        </span>
      );
    case "ready":
      return <ReadyBar ready={row.ready} desired={row.desired} tone={toneOf(row.status)} />;
    case "revision":
      return <RevisionCell row={row} t={t} />;
    case "images":
      return <Images images={row.images} />;
    case "cpu":
      return <SparkLine spark={row.cpu} none={t("no_data")} />;
    case "memory":
      return <SparkLine spark={row.memory} none={t("no_data")} />;
    case "age":
      return <span title={row.created}>{row.age}</span>;
  }
}

function RevisionCell({ row, t }: { row: SetRow; t: Translate }) {
  const revision = row.revision;
  if (!revision || (revision.from === null && revision.to === null)) return <span class="sts-muted">–</span>;
  const moving = revision.from !== null && revision.to !== null && revision.from !== revision.to;
  if (!moving) return <span>{revision.to ?? revision.from}</span>;
  return (
    <span class="sts-two" title={t("updated_of", { updated: revision.updated, desired: row.desired })}>
      <span>
        {revision.from} → <span class="sts-incoming">{revision.to}</span>
      </span>
      <span class="sts-muted">
        {revision.updated}/{row.desired}
      </span>
    </span>
  );
}
