import { Name } from "../parts/copy";
import { ReadyBar, StatusMark, toneOf } from "../parts/status";
import type { OrdinalRow, Rollout } from "../wire/types";
import { useText } from "../wire/view";

const SHOWN = 60;

/** A rollout as it goes: which ordinal, and what it waits for. It is the cluster's: it goes on without this page. */
export function RolloutView({ rollout }: { rollout: Rollout }) {
  const t = useText();
  const { ordinals } = rollout;
  const rest = ordinals.length - SHOWN;
  return (
    <section class="sts-rollout" aria-label={t("rollout")}>
      <header class="sts-rollout__head">
        <h2>{t("rollout")}</h2>
        <StatusMark status={rollout} />
        <span class="sts-grow" />
        <span class="sts-muted">{t("ready")}</span>
        <ReadyBar ready={rollout.ready} desired={rollout.desired} tone={toneOf(rollout)} />
        <span class="sts-muted">{t("updated_of", { updated: rollout.updated, desired: rollout.desired })}</span>
      </header>
      <p class="sts-rollout__sentence" aria-live="polite">
        {rollout.sentence}
      </p>
      <ol class="sts-ordinals">
        {ordinals.slice(0, SHOWN).map((each) => (
          <Ordinal key={each.ordinal} row={each} />
        ))}
      </ol>
      {rest > 0 && <p class="sts-muted">{t("and_more", { n: rest })}</p>}
    </section>
  );
}

function Ordinal({ row }: { row: OrdinalRow }) {
  return (
    <li class={`sts-ordinal sts-status--${toneOf(row)}`}>
      <span class="sts-ordinal__number">{row.ordinal}</span>
      <span class="sts-ordinal__pod">
        <Name text={row.pod} width={44} />
      </span>
      <StatusMark status={row} />
      <span class="sts-ordinal__revision">{row.revision ?? ""}</span>
      <span class="sts-ordinal__text">{row.text ?? ""}</span>
    </li>
  );
}
