import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useText } from "../wire/view";

/** Nothing here: one sentence and, where there is one, the action that changes it. */
export function Empty({ text, children }: { text: string; children?: ComponentChildren }) {
  return (
    <div class="sts-empty">
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Grey rows, after a moment: what comes at once shall not flash. */
export function Skeleton({ rows = 5 }: { rows?: number }) {
  const t = useText();
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="sts-skeleton" role="status" aria-label={t("loading")}>
      {shown && Array.from({ length: rows }, (_, row) => <span key={row} class="sts-skeleton__row" />)}
    </div>
  );
}

/** A titled part of a page. */
export function Section({
  title,
  side,
  children,
}: {
  title: string;
  side?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="sts-section" aria-label={title}>
      <header class="sts-section__head">
        <h2>{title}</h2>
        {side}
      </header>
      {children}
    </section>
  );
}
