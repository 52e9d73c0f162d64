import { Button } from "../../parts/button";
import { CopyButton, Name } from "../../parts/copy";
import { Menu } from "../../parts/menu";
import { Note, Notice } from "../../parts/notice";
import { Skeleton } from "../../parts/place";
import { StatusMark } from "../../parts/status";
import { Tabs } from "../../parts/tabs";
import type { Run } from "../../wire/run";
import { useRun } from "../../wire/run";
import type { Detail, DetailAction } from "../../wire/types";
import { useText, useTrait } from "../../wire/view";
import { Crumbs } from "../crumbs";
import { HistoryBody } from "../history";
import { UsageBody } from "../usage";
import { ResourcesTab } from "./resources";
import { EnvironmentTab, EventsTab, MetadataTab, StorageTab, YamlTab } from "./tabs";

export function DetailPage() {
  const detail = useTrait("detail");
  const session = useTrait("session");
  const stale = session.live?.state === "stale" || session.live?.state === "lost";
  return (
    <div class={`sts-page sts-detail${stale ? " sts-detail--stale" : ""}`}>
      {detail ? <Body detail={detail} /> : <Skeleton rows={8} />}
    </div>
  );
}

function Body({ detail }: { detail: Detail }) {
  const t = useText();
  const run = useRun();
  const route = useTrait("route");
  const tabs = detail.tabs?.length ? detail.tabs : [{ id: "resources", title: t("resources") }];
  const current = tabs.find((each) => each.id === route.tab)?.id ?? tabs[0]?.id ?? "resources";
  const where = { namespace: detail.namespace, name: detail.name };
  if (detail.missing) {
    return (
      <>
        <Crumbs namespace={detail.namespace} />
        <div class="sts-detail__head">
          <h1>
            <Name text={detail.name} width={64} />
          </h1>
        </div>
        <Notice notice={detail.missing} />
        <footer class="sts-actions">
          <Button onClick={() => run("open", { page: "browse", namespace: detail.namespace })}>{t("to_list")}</Button>
        </footer>
      </>
    );
  }
  return (
    <>
      <Crumbs namespace={detail.namespace} />
      <Head detail={detail} run={run} />
      <Tabs
        label={detail.name}
        tabs={tabs}
        current={current}
        onOpen={(tab) => run("open", { page: "detail", ...where, tab })}
      >
        <Panel tab={current} detail={detail} />
      </Tabs>
    </>
  );
}

function Panel({ tab, detail }: { tab: string; detail: Detail }) {
  switch (tab) {
    case "usage":
      return <UsageBody />;
    case "revisions":
    case "history":
      return <HistoryBody where={{ namespace: detail.namespace, name: detail.name }} />;
    case "storage":
      return <StorageTab claims={detail.claims ?? []} />;
    case "metadata":
      return <MetadataTab detail={detail} />;
    case "environment":
      return <EnvironmentTab detail={detail} />;
    case "events":
      return <EventsTab />;
    case "yaml":
      return <YamlTab detail={detail} />;
    default:
      return <ResourcesTab detail={detail} />;
  }
}

function Head({ detail, run }: { detail: Detail; run: Run }) {
  const t = useText();
  const actions = detail.actions ?? [];
  const first = actions.filter((each) => ["edit", "restart"].includes(each.id));
  const rest = actions.filter((each) => !first.includes(each) && each.id !== "scale"); // its buttons stand beside the number
  const start = (action: DetailAction) => () => run(...commandOf(action, detail));
  return (
    <div class="sts-detail__head">
      <div class="sts-page__head">
        <h1>
          <Name text={detail.name} width={64} />
        </h1>
        {detail.name.length > 24 && <CopyButton text={detail.name} />}
        {detail.status && <StatusMark status={detail.status} />}
        <span class="sts-grow" />
        <span class="sts-buttons">
          {first.map((each) => (
            <Button key={each.id} disabled={each.enabled === false} title={each.why} onClick={start(each)}>
              {each.label}
            </Button>
          ))}
          {rest.length > 0 && (
            <Menu
              label={t("more_actions")}
              items={rest.map((each) => ({
                id: each.id,
                label: each.label,
                enabled: each.enabled,
                why: each.why,
                danger: each.destructive,
                onChoose: start(each),
              }))}
            />
          )}
        </span>
      </div>
      <p class="sts-facts">
        {detail.alias && <span>{detail.alias}</span>}
        {detail.age && <span title={detail.created}>{t("created_ago", { age: detail.age })}</span>}
        {detail.reason && <span>{detail.reason}</span>}
      </p>
      {detail.description && <p class="sts-muted">{detail.description}</p>}
      {detail.owner && <Note severity="warning" text={detail.owner} />}
    </div>
  );
}

/** What an action's button sends. Stop and start are scalings; the rest are commands of their own. */
function commandOf(action: DetailAction, { namespace, name, desired }: Detail): [string, Record<string, unknown>] {
  const where = { namespace, name };
  switch (action.id) {
    case "edit":
      return ["edit", where];
    case "restart":
      return ["plan_restart", where];
    case "stop":
      return ["plan_scale", { ...where, replicas: 0, expected: desired }];
    case "start":
      return ["plan_scale", { ...where, replicas: 1, expected: desired }];
    case "roll_back":
      return ["open", { page: "detail", ...where, tab: "revisions" }];
    case "delete":
      return ["plan_delete", where];
    default:
      return [action.id, where];
  }
}
