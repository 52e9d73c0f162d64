import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Note } from "../parts/notice";
import type { FormNode, ListNode, MapNode } from "../wire/types";
import { useText } from "../wire/view";
import { useEdit } from "./edit";
import { Field, Under } from "./field";
import { useTyped } from "./typed";

/** A form's parts in order, the advanced ones folded. `below` is the path that they share: what stays when indexes move. */
export function Nodes({ nodes, below = "" }: { nodes: FormNode[]; below?: string }) {
  const t = useText();
  const advanced = nodes.filter(isAdvanced);
  const [opened] = useState(() => advanced.some(isFilled)); // what is set is shown; opening it is up to the reader
  return (
    <div class="sts-nodes">
      <Each nodes={nodes.filter((node) => !isAdvanced(node))} below={below} />
      {advanced.length > 0 && (
        <details class="sts-more" open={opened || advanced.some(hasProblem)}>
          <summary>{t("advanced")}</summary>
          <div class="sts-nodes">
            <Each nodes={advanced} below={below} />
          </div>
        </details>
      )}
    </div>
  );
}

function Each({ nodes, below }: { nodes: FormNode[]; below: string }) {
  return (
    <>
      {nodes.map((node, index) => (
        <Node
          key={node.type === "note" ? `note-${index}` : `${node.type}:${node.path.slice(below.length)}`}
          node={node}
        />
      ))}
    </>
  );
}

function isAdvanced(node: FormNode): boolean {
  return node.type !== "note" && node.advanced === true;
}

function isFilled(node: FormNode): boolean {
  if (node.type === "field") return node.value !== "" && node.value !== "false";
  if (node.type === "list") return node.items.length > 0;
  return node.type === "map" && node.entries.length > 0;
}

function hasProblem(node: FormNode): boolean {
  if (node.type === "note") return false;
  if (node.problem) return true;
  if (node.type === "list") return node.items.some((item) => item.nodes.some(hasProblem));
  return node.type === "map" && node.entries.some((entry) => entry.problem);
}

function Node({ node }: { node: FormNode }) {
  if (node.type === "field") return <Field node={node} />;
  if (node.type === "list") return <List node={node} />;
  if (node.type === "map") return <Pairs node={node} />;
  return <Note severity={node.severity} text={node.text} />;
}

/** After "add", the first input of the new part gets the focus. */
function useFocusOnNew(count: number, selector: string) {
  const box = useRef<HTMLFieldSetElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (!asked.current) return;
    asked.current = false;
    const parts = box.current?.querySelectorAll<HTMLElement>(selector);
    parts?.[parts.length - 1]?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, [count]);
  return {
    box,
    ask: () => {
      asked.current = true;
    },
  };
}

function List({ node }: { node: ListNode }) {
  const id = useId();
  const t = useText();
  const edit = useEdit();
  const { box, ask } = useFocusOnNew(node.items.length, ":scope > .sts-item");
  const add = () => {
    ask();
    void edit.add(node.path);
  };
  return (
    <fieldset class="sts-group" ref={box} data-path={node.path} aria-describedby={`${id}-under`}>
      <legend>{node.title}</legend>
      <Under id={`${id}-under`} help={node.readonly ?? node.help} problem={node.problem} />
      {node.items.map((item, index) => (
        <div key={index} class="sts-item" role="group" aria-label={item.title}>
          <div class="sts-item__head">
            <span class="sts-item__title">{item.title}</span>
            {item.removable !== false && !node.readonly && (
              <Button
                icon="bin"
                look="quiet"
                label={t("remove_item", { name: item.title })}
                onClick={() => void edit.remove(item.path)}
              />
            )}
          </div>
          <Nodes nodes={item.nodes} below={item.path} />
        </div>
      ))}
      {node.add && !node.readonly && (
        <Button icon="add" look="quiet" onClick={add}>
          {node.add}
        </Button>
      )}
    </fieldset>
  );
}

function Pairs({ node }: { node: MapNode }) {
  const id = useId();
  const t = useText();
  const edit = useEdit();
  const { box, ask } = useFocusOnNew(node.entries.length, ":scope > .sts-pair");
  const add = () => {
    ask();
    void edit.add(node.path);
  };
  return (
    <fieldset class="sts-group" ref={box} data-path={node.path} aria-describedby={`${id}-under`}>
      <legend>{node.title}</legend>
      <Under id={`${id}-under`} help={node.readonly ?? node.help} problem={node.problem} />
      {node.entries.length > 0 && (
        <div class="sts-pair sts-pair--head" aria-hidden="true">
          <span>{t("key")}</span>
          <span>{t("value")}</span>
        </div>
      )}
      {node.entries.map((entry, index) => (
        <Pair key={index} entry={entry} fixed={Boolean(node.readonly)} />
      ))}
      {node.add && !node.readonly && (
        <Button icon="add" look="quiet" onClick={add}>
          {node.add}
        </Button>
      )}
    </fieldset>
  );
}

function Pair({ entry, fixed }: { entry: MapNode["entries"][number]; fixed: boolean }) {
  const id = useId();
  const t = useText();
  const edit = useEdit();
  const key = useTyped(entry.key, (text) => edit.rename(entry.path, text));
  const value = useTyped(entry.value, (text) => edit.set(entry.path, text));
  const name = entry.key || t("new_entry");
  const common = {
    type: "text" as const,
    readOnly: fixed,
    spellcheck: false,
    autocomplete: "off",
    "aria-describedby": entry.problem ? `${id}-under` : undefined,
    "aria-invalid": entry.problem?.severity === "error",
  };
  return (
    <div class="sts-pair" data-path={entry.path}>
      <span class="sts-input">
        <input
          {...common}
          aria-label={t("key_of", { name })}
          value={key.text}
          onInput={(event) => key.type(event.currentTarget.value)}
          onFocus={key.focus}
          onBlur={key.blur}
        />
      </span>
      <span class="sts-input">
        <input
          {...common}
          aria-label={t("value_of", { name })}
          value={value.text}
          onInput={(event) => value.type(event.currentTarget.value)}
          onFocus={value.focus}
          onBlur={value.blur}
        />
      </span>
      {!fixed && (
        <Button
          icon="bin"
          look="quiet"
          label={t("remove_item", { name })}
          onClick={() => void edit.remove(entry.path)}
        />
      )}
      <Under id={`${id}-under`} problem={entry.problem} />
    </div>
  );
}
