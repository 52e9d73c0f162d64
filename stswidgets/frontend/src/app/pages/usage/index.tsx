import { Button } from "../../parts/button";
import { ChartView } from "../../parts/chart";
import { option } from "../../parts/choice";
import { Note } from "../../parts/notice";
import { Empty, Skeleton } from "../../parts/place";
import { Select } from "../../parts/select";
import { useRun } from "../../wire/run";
import type { UsageChart } from "../../wire/types";
import { useText, useTrait, useView } from "../../wire/view";
import { Crumbs, NoSet } from "../crumbs";

const HEIGHT = 260;

export function UsagePage() {
  const t = useText();
  const route = useTrait("route");
  return (
    <div class="sts-page sts-usage">
      <Crumbs namespace={route.namespace ?? ""} />
      <div class="sts-page__head">
        <h1>{route.name ? t("usage_of", { name: route.name }) : t("usage")}</h1>
      </div>
      {route.name ? <UsageBody /> : <NoSet />}
    </div>
  );
}

/** Charts of what is used, growing as it is used. */
export function UsageBody() {
  const t = useText();
  const run = useRun();
  const view = useView();
  const usage = useTrait("usage");
  view.figures.take(usage);
  if (!usage) return <Skeleton rows={6} />;
  const live = usage.live ?? true;
  const bys = usage.bys ?? [];
  return (
    <>
      <div class="sts-tools">
        {(usage.ranges?.length ?? 0) > 0 && (
          <Select
            label={t("range")}
            value={usage.range ?? ""}
            options={(usage.ranges ?? []).map(option)}
            onChoose={(range) => run("usage", { range })}
          />
        )}
        <Select
          label={t("by")}
          quiet
          value={usage.by ?? "pod"}
          options={
            bys.length > 0
              ? bys.map(option)
              : [
                  { value: "pod", label: t("pod") },
                  { value: "container", label: t("container") },
                ]
          }
          onChoose={(by) => run("usage", { by })}
        />
        <Button icon={live ? "pause" : "play"} look="quiet" onClick={() => run("usage", { live: !live })}>
          {live ? t("pause") : t("resume")}
        </Button>
        {!live && <span class="sts-muted">{t("paused")}</span>}
        <span class="sts-grow" />
        {usage.source && <span class="sts-muted">{usage.source}</span>}
      </div>
      {usage.stale && <Note severity="warning" text={usage.stale} />}
      <div class={`sts-charts${usage.stale ? " sts-charts--stale" : ""}`}>
        {usage.charts.map((chart) => (
          <Chart key={chart.id} chart={chart} />
        ))}
      </div>
      {usage.charts.length === 0 && <Empty text={t("no_usage")} />}
    </>
  );
}

function Chart({ chart }: { chart: UsageChart }) {
  return (
    <section class="sts-charts__chart" aria-label={chart.title}>
      <h2>{chart.title}</h2>
      {chart.empty ? (
        <Empty text={chart.empty} />
      ) : (
        <ChartView figure={chart.figure} label={chart.title} height={HEIGHT} grows={chart.id} />
      )}
    </section>
  );
}
