import { useEffect, useState } from "preact/hooks";
import { Button } from "../../parts/button";
import { Section } from "../../parts/place";
import { Rows } from "../../parts/rows";
import { RolloutView } from "../../plan/rollout";
import { useRun } from "../../wire/run";
import type { Detail } from "../../wire/types";
import { useBusy, useText, useTrait } from "../../wire/view";
import { Pods } from "./pods";

/** Resource status: how many there should be and are, what they offer, and each pod. */
export function ResourcesTab({ detail }: { detail: Detail }) {
  const t = useText();
  const rollout = useTrait("rollout");
  return (
    <>
      <Replicas detail={detail} />
      {rollout && !rollout.done && <RolloutView rollout={rollout} />}
      <Pods where={{ namespace: detail.namespace, name: detail.name }} />
      {(detail.services?.length ?? 0) > 0 && (
        <Section title={t("services")}>
          <Rows label={t("services")} head={[t("name"), t("type"), t("cluster_ip"), t("ports")]}>
            {detail.services?.map((each) => (
              <tr key={each.name}>
                <td>{each.name}</td>
                <td>{each.exists ? each.type : <span class="sts-status--stuck">{t("service_missing")}</span>}</td>
                <td>
                  <code>{each.cluster_ip || "–"}</code>
                </td>
                <td>
                  <code>{each.ports || "–"}</code>
                </td>
              </tr>
            ))}
          </Rows>
        </Section>
      )}
      {(detail.ports?.length ?? 0) > 0 && (
        <Section title={t("ports")}>
          <Rows label={t("ports")} head={[t("name"), t("protocol"), t("container_port"), t("container")]}>
            {detail.ports?.map((each) => (
              <tr key={`${each.container}/${each.protocol}/${each.container_port}`}>
                <td>{each.name || "–"}</td>
                <td>{each.protocol}</td>
                <td>
                  <code>{each.container_port}</code>
                </td>
                <td>{each.container}</td>
              </tr>
            ))}
          </Rows>
        </Section>
      )}
    </>
  );
}

/** Desired with one less and one more: a scaling is planned when the number stands still and is asked for. */
function Replicas({ detail }: { detail: Detail }) {
  const t = useText();
  const run = useRun();
  const busy = useBusy("plan_scale");
  const desired = detail.desired ?? 0;
  const [wanted, want] = useState(desired);
  useEffect(() => want(desired), [desired]);
  const scale = detail.actions?.find((each) => each.id === "scale");
  const off = scale?.enabled === false;
  const plan = () =>
    run("plan_scale", { namespace: detail.namespace, name: detail.name, replicas: wanted, expected: desired });
  return (
    <div class="sts-figures">
      <div class="sts-figure">
        <span class="sts-figure__name">{t("desired")}</span>
        <span class="sts-figure__value">
          <Button
            icon="minus"
            look="quiet"
            label={t("less", { label: t("replicas") })}
            disabled={off || wanted <= 0}
            title={scale?.why}
            onClick={() => want(wanted - 1)}
          />
          <span class={wanted === desired ? "" : "sts-incoming"} aria-live="polite">
            {wanted}
          </span>
          <Button
            icon="add"
            look="quiet"
            label={t("more_of", { label: t("replicas") })}
            disabled={off}
            title={scale?.why}
            onClick={() => want(wanted + 1)}
          />
        </span>
      </div>
      <Figure name={t("ready")} value={detail.ready} />
      <Figure name={t("current")} value={detail.current} />
      <Figure name={t("updated")} value={detail.updated} />
      {wanted !== desired && (
        <span class="sts-figures__scale">
          <Button look="quiet" onClick={() => want(desired)}>
            {t("cancel")}
          </Button>
          <Button look="primary" busy={busy} onClick={plan}>
            {t("scale_to", { n: wanted })}
          </Button>
        </span>
      )}
    </div>
  );
}

function Figure({ name, value }: { name: string; value: number | undefined }) {
  return (
    <div class="sts-figure">
      <span class="sts-figure__name">{name}</span>
      <span class="sts-figure__value">{value ?? "–"}</span>
    </div>
  );
}
