import { middle } from "../parts/middle";
import type { Change } from "../wire/types";
import { useText } from "../wire/view";
import { shown } from "./value";

/** What changes, path by path: the old value struck out, the new one after it. */
export function Changes({ changes }: { changes: Change[] }) {
  const t = useText();
  const words = { add: t("added"), remove: t("removed"), change: t("changed") };
  return (
    <ul class="sts-changes">
      {changes.map((change) => (
        <li key={change.path} class={`sts-changes__change sts-changes__change--${change.op}`}>
          <span class="sts-changes__sign" title={words[change.op]} role="img" aria-label={words[change.op]}>
            {{ add: "+", remove: "−", change: "~" }[change.op]}
          </span>
          <code class="sts-changes__path" title={change.path}>
            {middle(change.path, 84)}
          </code>
          <span class="sts-changes__values">
            {change.op !== "add" && <Value kind="del" value={change.before} />}
            {change.op !== "remove" && <Value kind="ins" value={change.after} />}
          </span>
          {change.note && <span class="sts-changes__note">{change.note}</span>}
        </li>
      ))}
    </ul>
  );
}

function Value({ kind, value }: { kind: "del" | "ins"; value: unknown }) {
  const text = shown(value);
  const cut = middle(text, 120);
  const title = cut === text ? undefined : text;
  return kind === "del" ? <del title={title}>{cut || "–"}</del> : <ins title={title}>{cut || "–"}</ins>;
}
