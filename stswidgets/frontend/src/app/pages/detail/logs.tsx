import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../parts/button";
import { CopyButton } from "../../parts/copy";
import { useRun } from "../../wire/run";
import type { LogRow } from "../../wire/types";
import { useFeed, useText, useTrait } from "../../wire/view";

interface LogsProps {
  where: { namespace: string; name: string };
  pod: string;
  container: string;
  onClose(): void;
}

const AT_END_PX = 24;

/** One container's log. It stays at its end while new lines come, until the reader scrolls up. */
export function Logs({ where, pod, container, onClose }: LogsProps) {
  const t = useText();
  const run = useRun();
  const id = useId();
  const { namespace } = where;
  const [previous, setPrevious] = useState(false);
  const [follow, setFollow] = useState(true);
  const { rows, known } = useFeed<LogRow>("logs");
  const busy = useTrait("busy");
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  const lines = [...rows.values()].map((row) => row.text);
  useEffect(() => {
    run("logs", { namespace, pod, container, previous, follow });
    return () => run("stop_logs");
  }, [run, namespace, pod, container, previous, follow]);
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  });
  return (
    <section class="sts-logs" aria-label={t("logs_of", { pod, container })}>
      <header class="sts-logs__head">
        <h3>{t("logs_of", { pod, container })}</h3>
        <span class="sts-grow" />
        <Tick id={`${id}-follow`} label={t("follow")} on={follow} onFlip={setFollow} />
        <Tick id={`${id}-previous`} label={t("previous_container")} on={previous} onFlip={setPrevious} />
        <CopyButton text={lines.join("\n")} label={t("copy_logs")} />
        <Button icon="close" look="quiet" label={t("close")} onClick={onClose} />
      </header>
      <pre
        class="sts-logs__text"
        tabIndex={0}
        ref={box}
        onScroll={({ currentTarget: at }) => {
          atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < AT_END_PX;
        }}
      >
        {lines.length > 0 ? lines.join("\n") : known && !busy["logs"] ? t("no_logs") : t("loading")}
      </pre>
    </section>
  );
}

function Tick({ id, label, on, onFlip }: { id: string; label: string; on: boolean; onFlip(on: boolean): void }) {
  return (
    <span class="sts-check">
      <input id={id} type="checkbox" checked={on} onChange={(event) => onFlip(event.currentTarget.checked)} />
      <label for={id}>{label}</label>
    </span>
  );
}
