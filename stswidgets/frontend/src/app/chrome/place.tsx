import { Button } from "../parts/button";
import { option } from "../parts/choice";
import { Select } from "../parts/select";
import { useRun } from "../wire/run";
import { useBusy, useText, useTrait } from "../wire/view";
import { LiveMark } from "./live";

/** Which cluster and namespace, and whether it is live: in the page bar, or above a view in a notebook. */
export function Place() {
  const t = useText();
  const run = useRun();
  const session = useTrait("session");
  const route = useTrait("route");
  const reconnecting = useBusy("reconnect");
  const contexts = session.contexts ?? [];
  const namespaces = session.namespaces ?? [];
  // A page about one set is in the set's namespace, whichever the list looks at.
  const namespace = (route.name && route.namespace) || session.namespace || "";
  return (
    <span class="sts-place">
      {contexts.length > 1 ? (
        <Select
          label={t("context")}
          quiet
          value={session.context ?? ""}
          options={contexts.map(option)}
          onChoose={(context) => run("select_context", { context })}
        />
      ) : (
        <span class="sts-place__cluster" title={session.context ?? undefined}>
          {session.simulator ? t("simulator") : (session.cluster ?? session.context ?? "")}
        </span>
      )}
      {namespaces.length > 0 && (
        <Select
          label={t("namespace")}
          quiet
          value={namespace}
          options={[{ value: "", label: t("all_namespaces") }, ...namespaces.filter(Boolean).map(option)]}
          onChoose={(namespace) => run("select_namespace", { namespace })}
        />
      )}
      {session.live && <LiveMark live={session.live} />}
      {session.live?.state === "lost" && (
        <Button busy={reconnecting} onClick={() => run("reconnect")}>
          {t("reconnect")}
        </Button>
      )}
    </span>
  );
}
