import { useEffect, useState } from "preact/hooks";
import { Button } from "../../parts/button";
import { ChartView } from "../../parts/chart";
import { YamlDiff } from "../../parts/code";
import { Images } from "../../parts/images";
import { Empty, Section, Skeleton } from "../../parts/place";
import { Rows } from "../../parts/rows";
import { Select } from "../../parts/select";
import { Tabs } from "../../parts/tabs";
import { Changes } from "../../plan/changes";
import { useRun } from "../../wire/run";
import type { History, Revision } from "../../wire/types";
import { useText, useTrait } from "../../wire/view";
import { Crumbs, NoSet } from "../crumbs";

interface Where {
  namespace: string;
  name: string;
}

export function HistoryPage() {
  const t = useText();
  const route = useTrait("route");
  const where = { namespace: route.namespace ?? "", name: route.name ?? "" };
  return (
    <div class="sts-page sts-history">
      <Crumbs namespace={where.namespace} />
      <div class="sts-page__head">
        <h1>{route.name ? t("revisions_of", { name: route.name }) : t("revisions")}</h1>
      </div>
      {route.name ? <HistoryBody where={where} /> : <NoSet />}
    </div>
  );
}

/** Who ran what, when; what differs between two; and the way back. */
export function HistoryBody({ where }: { where: Where }) {
  const t = useText();
  const history = useTrait("history");
  if (!history) return <Skeleton rows={6} />;
  if (history.revisions.length === 0) return <Empty text={history.empty ?? t("no_revisions")} />;
  const height = figureHeight(history);
  return (
    <>
      {history.figure && <ChartView figure={history.figure} label={t("timeline")} height={height} />}
      <RevisionTable history={history} where={where} />
      <Comparison history={history} where={where} />
      {history.limit !== null && history.limit !== undefined && (
        <p class="sts-muted sts-after">{t("history_limit", { n: history.limit })}</p>
      )}
    </>
  );
}

function figureHeight(history: History): number {
  const said = history.figure?.layout["height"];
  return typeof said === "number" ? said : Math.min(320, 96 + history.revisions.length * 28);
}

function RevisionTable({ history, where }: { history: History; where: Where }) {
  const t = useText();
  const run = useRun();
  const newest = [...history.revisions].sort((a, b) => b.number - a.number);
  const head = [
    t("revision"),
    t("state"),
    t("images"),
    t("change_cause"),
    t("pods"),
    t("age"),
    <span class="sts-hidden">{t("actions")}</span>,
  ];
  return (
    <Section title={t("revisions")} side={<span class="sts-count">{newest.length}</span>}>
      <Rows label={t("revisions")} head={head} numbers={[4]}>
        {newest.map((each) => (
          <tr key={each.name}>
            <td title={each.name}>
              <span class={`sts-revision sts-revision--${each.tone}`}>
                <span class="sts-revision__mark" aria-hidden="true" />
                {each.number}
              </span>
            </td>
            <td>{stateOf(each, t)}</td>
            <td>
              <Images images={each.images} />
            </td>
            <td class="sts-wrap">{each.is_restart_only ? <em>{t("restart_only")}</em> : each.change_cause || "–"}</td>
            <td class="sts-number" title={each.pods.join("\n")}>
              {each.pods.length}
            </td>
            <td title={each.created}>
              {each.age}
              {each.came_back && <div class="sts-muted">{t("came_back")}</div>}
            </td>
            <td class="sts-number">
              {!each.is_update && (
                <Button
                  look="quiet"
                  disabled={each.can_roll_back === false}
                  title={each.why}
                  onClick={() => run("plan_roll_back", { ...where, revision: each.number })}
                >
                  {t("roll_back")}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Rows>
    </Section>
  );
}

function stateOf(revision: Revision, t: ReturnType<typeof useText>): string {
  if (revision.is_current && revision.is_update) return t("revision_current");
  if (revision.is_update) return t("revision_incoming");
  return revision.is_current ? t("revision_leaving") : t("revision_old");
}

function Comparison({ history, where }: { history: History; where: Where }) {
  const t = useText();
  const run = useRun();
  const numbers = history.revisions.map((each) => each.number).sort((a, b) => b - a);
  const { compare } = history;
  const [view, open] = useState("changes");
  const a = compare?.a ?? numbers[1] ?? 0;
  const b = compare?.b ?? numbers[0] ?? 0;
  const options = numbers.map((each) => ({ value: String(each), label: t("revision_n", { n: each }) }));
  const choose = (from: number, to: number) => run("compare", { ...where, a: from, b: to });
  const wanting = numbers.length > 1 && !compare;
  useEffect(() => {
    if (wanting) choose(a, b); // what the last change was is what most come to see
  }, [wanting]);
  if (numbers.length < 2) return null;
  return (
    <Section title={t("compare")}>
      <div class="sts-tools">
        <Select label={t("from")} value={String(a)} options={options} onChoose={(from) => choose(Number(from), b)} />
        <Select label={t("to")} value={String(b)} options={options} onChoose={(to) => choose(a, Number(to))} />
      </div>
      {compare && compare.changes.length === 0 && <p class="sts-muted">{t("no_difference")}</p>}
      {compare && compare.changes.length > 0 && (
        <Tabs
          small
          label={t("compare")}
          current={view}
          onOpen={open}
          tabs={[
            { id: "changes", title: t("changes", { n: compare.changes.length }) },
            { id: "diff", title: t("difference") },
          ]}
        >
          {view === "changes" ? (
            <Changes changes={compare.changes} />
          ) : (
            <YamlDiff before={compare.before_yaml ?? ""} after={compare.after_yaml ?? ""} unified={false} />
          )}
        </Tabs>
      )}
    </Section>
  );
}
