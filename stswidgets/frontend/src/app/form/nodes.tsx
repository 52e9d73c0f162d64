import { useEffect, useId, useRef } from "preact/hooks";
import { Button } from "../parts/button";
import { Note } from "../parts/notice";
import type { FormNode, ListNode, MapNode } from "../wire/types";
import { useText } from "../wire/view";
import { useEdit } from "./edit";
import { Field, Under } from "./field";
import { useTyped } from "./typed";

/** A form's parts in order. `below` is the path that they share: what stays the same when a list's indexes move. */
export function Nodes({ nodes, below = "" }: { nodes: FormNode[]; below?: string }) {
  return (
    <div class="sts-nodes">
      {nodes.map((node, index) => (
        <Node
          key={node.type === "note" ? `note-${index}` : `${node.type}:${node.path.slice(below.length)}`}
          node={node}
        />
      ))}
    </div>
  );
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
      <Under id={`${id}-under`} help={node.help} problem={node.problem} />
      {node.items.map((item, index) => (
        <div key={index} class="sts-item" role="group" aria-label={item.title}>
          <div class="sts-item__head">
            <span class="sts-item__title">{item.title}</span>
            {item.removable !== false && (
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
      {node.add && (
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
      <Under id={`${id}-under`} help={node.help} problem={node.problem} />
      {node.entries.length > 0 && (
        <div class="sts-pair sts-pair--head" aria-hidden="true">
          <span>{t("key")}</span>
          <span>{t("value")}</span>
        </div>
      )}
      {node.entries.map((entry, index) => (
        <Pair key={index} entry={entry} />
      ))}
      {node.add && (
        <Button icon="add" look="quiet" onClick={add}>
          {node.add}
        </Button>
      )}
    </fieldset>
  );
}

function Pair({ entry }: { entry: MapNode["entries"][number] }) {
  const id = useId();
  const t = useText();
  const edit = useEdit();
  const key = useTyped(entry.key, (text) => edit.rename(entry.path, text));
  const value = useTyped(entry.value, (text) => edit.set(entry.path, text));
  const name = entry.key || t("new_entry");
  const common = {
    type: "text" as const,
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
      <Button icon="bin" look="quiet" label={t("remove_item", { name })} onClick={() => void edit.remove(entry.path)} />
      <Under id={`${id}-under`} problem={entry.problem} />
    </div>
  );
}
