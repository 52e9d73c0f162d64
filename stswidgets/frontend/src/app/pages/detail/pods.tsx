import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../parts/button";
import { Name } from "../../parts/copy";
import { Icon } from "../../parts/icon";
import { Empty, Section, Skeleton } from "../../parts/place";
import { Rows } from "../../parts/rows";
import { SparkLine } from "../../parts/spark";
import { StatusMark } from "../../parts/status";
import { useWidth } from "../../parts/width";
import type { PodRow } from "../../wire/types";
import { useFeed, useText } from "../../wire/view";
import { Logs } from "./logs";

const STEP = 50;

interface Where {
  namespace: string;
  name: string;
}

/** The set's pods by ordinal; each opens to its containers, and a container to its logs. */
export function Pods({ where }: { where: Where }) {
  const t = useText();
  const { rows, known } = useFeed<PodRow>("pods");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [shown, show] = useState(STEP);
  const [logs, setLogs] = useState<{ pod: string; container: string } | null>(null);
  const { box, width } = useWidth<HTMLDivElement>();
  const pods = [...rows.values()].sort((a, b) => a.ordinal - b.ordinal);
  const wide = width >= 900;
  const moving = pods.some((each) => each.is_update_revision) && pods.some((each) => !each.is_update_revision);
  const flip = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  const head = [
    <span class="sts-hidden">{t("containers")}</span>,
    t("name"),
    t("status"),
    t("ready"),
    t("restarts"),
    t("revision"),
    ...(wide ? [t("node"), t("pod_ip")] : []),
    t("cpu"),
    t("memory"),
    t("age"),
  ];
  return (
    <div ref={box}>
      <Section title={t("pods")} side={known && <span class="sts-count">{pods.length}</span>}>
        {!known && <Skeleton rows={3} />}
        {known && pods.length === 0 && <Empty text={t("no_pods")} />}
        {pods.length > 0 && (
          <Rows label={t("pods")} head={head} numbers={[4]}>
            {pods.slice(0, shown).map((pod) => (
              <Fragment key={pod.id}>
                <Pod pod={pod} wide={wide} moving={moving} open={open.has(pod.id)} onFlip={() => flip(pod.id)} />
                {open.has(pod.id) && (
                  <tr class="sts-pod__inside">
                    <td />
                    <td colSpan={head.length - 1}>
                      <Containers pod={pod} onLogs={(container) => setLogs({ pod: pod.name, container })} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </Rows>
        )}
        {pods.length > shown && (
          <Button look="quiet" onClick={() => show(shown + STEP)}>
            {t("and_more", { n: pods.length - shown })}
          </Button>
        )}
        {logs && <Logs key={`${logs.pod}/${logs.container}`} where={where} {...logs} onClose={() => setLogs(null)} />}
      </Section>
    </div>
  );
}

interface PodProps {
  pod: PodRow;
  wide: boolean;
  /** Whether the pods are of more than one revision. */
  moving: boolean;
  open: boolean;
  onFlip(): void;
}

function Pod({ pod, wide, moving, open, onFlip }: PodProps) {
  const t = useText();
  return (
    <tr>
      <td class="sts-pod__flip">
        <button
          type="button"
          class="sts-flip"
          aria-expanded={open}
          aria-label={t("containers_of", { name: pod.name })}
          onClick={onFlip}
        >
          <Icon name={open ? "down" : "right"} />
        </button>
      </td>
      <td>
        <code>
          <Name text={pod.name} width={wide ? 40 : 24} />
        </code>
      </td>
      <td>
        <StatusMark status={pod.status} />
        {pod.reason && <div class="sts-muted sts-pod__reason">{pod.reason}</div>}
      </td>
      <td>{pod.ready}</td>
      <td class="sts-number">{pod.restarts}</td>
      <td>
        <span class={moving && pod.is_update_revision ? "sts-incoming" : undefined}>{pod.revision ?? "–"}</span>
      </td>
      {wide && <td>{pod.node || "–"}</td>}
      {wide && (
        <td>
          <code>{pod.ip || "–"}</code>
        </td>
      )}
      <td>
        <SparkLine spark={pod.cpu} none={t("no_data")} />
      </td>
      <td>
        <SparkLine spark={pod.memory} none={t("no_data")} />
      </td>
      <td>{pod.age}</td>
    </tr>
  );
}

function Containers({ pod, onLogs }: { pod: PodRow; onLogs(container: string): void }) {
  const t = useText();
  const containers = pod.containers ?? [];
  if (containers.length === 0) return <span class="sts-muted">{t("no_containers")}</span>;
  return (
    <ul class="sts-containers">
      {containers.map((each) => (
        <li key={each.name} class="sts-container">
          <strong>{each.name}</strong>
          {each.init && <span class="sts-count">{t("init_container")}</span>}
          {each.status ? <StatusMark status={each.status} /> : <span>{each.state}</span>}
          <code class="sts-cut" title={each.image}>
            <Name text={each.image} width={48} />
          </code>
          <span class="sts-muted">{t("restarts_n", { n: each.restarts })}</span>
          {each.ports && <code>{each.ports}</code>}
          <Button look="quiet" onClick={() => onLogs(each.name)}>
            {t("logs")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
