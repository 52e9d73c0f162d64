import { Icon } from "../parts/icon";
import type { FieldNode } from "../wire/types";
import { useText } from "../wire/view";
import { useTyped } from "./typed";

interface ControlProps {
  node: FieldNode;
  id: string;
  described: string | undefined;
  commit(text: string): Promise<unknown>;
}

/** The input itself, by the field's kind. Its value is text, also where the text is not a value yet. */
export function Control({ node, id, described, commit }: ControlProps) {
  const typed = useTyped(node.value, commit);
  const off = Boolean(node.readonly);
  const common = {
    id,
    "aria-describedby": described,
    "aria-invalid": node.problem?.severity === "error",
    "aria-required": node.required ?? false,
    onFocus: typed.focus,
    onBlur: typed.blur,
  };
  if (node.kind === "boolean") {
    const flip = (event: Event) => typed.put((event.currentTarget as HTMLInputElement).checked ? "true" : "false");
    return <input {...common} type="checkbox" checked={typed.text === "true"} disabled={off} onChange={flip} />;
  }
  if (node.kind === "choice") {
    const choices = node.choices ?? [];
    const known = choices.some((each) => each.value === typed.text);
    return (
      <span class="sts-input sts-input--select">
        <select
          {...common}
          value={typed.text}
          disabled={off}
          onChange={(event) => typed.put(event.currentTarget.value)}
        >
          {!known && <option value={typed.text}>{typed.text || node.placeholder || "–"}</option>}
          {choices.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    );
  }
  const text = {
    ...common,
    value: typed.text,
    readOnly: off,
    placeholder: node.placeholder ?? undefined,
    spellcheck: false,
    autocomplete: "off",
    onInput: (event: Event) => typed.type((event.currentTarget as HTMLInputElement | HTMLTextAreaElement).value),
  };
  if (node.kind === "multiline") return <textarea {...text} class="sts-textarea" rows={3} />;
  const list = node.suggestions?.length ? `${id}-list` : undefined;
  return (
    <span class={`sts-input${node.kind === "integer" ? " sts-input--integer" : ""}`}>
      <input {...text} type="text" list={list} inputMode={node.kind === "integer" ? "numeric" : undefined} />
      {node.unit && <span class="sts-input__unit">{node.unit}</span>}
      {node.kind === "integer" && !off && (
        <Steps text={typed.text || node.placeholder || ""} label={node.label} put={typed.put} />
      )}
      {list && (
        <datalist id={list}>
          {node.suggestions?.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </span>
  );
}

/** One less, one more. Typed text that is no whole number is left to its problem. */
function Steps({ text, label, put }: { text: string; label: string; put(text: string): void }) {
  const t = useText();
  const number = /^-?\d+$/.test(text.trim()) ? Number(text) : text.trim() === "" ? 0 : null;
  const step = (by: number) => () => {
    if (number !== null) put(String(Math.max(0, number + by)));
  };
  return (
    <span class="sts-input__steps">
      <button
        type="button"
        tabIndex={-1}
        aria-label={t("less", { label })}
        disabled={number === null || number <= 0}
        onClick={step(-1)}
      >
        <Icon name="minus" />
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={t("more_of", { label })}
        disabled={number === null}
        onClick={step(1)}
      >
        <Icon name="add" />
      </button>
    </span>
  );
}
