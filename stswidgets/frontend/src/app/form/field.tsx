import { useId, useState } from "preact/hooks";
import { Icon } from "../parts/icon";
import type { FieldNode, Problem } from "../wire/types";
import { Control } from "./control";
import { useEdit } from "./edit";

/** What stands under a field: the problem in the help's place, or why it cannot be changed, or the help. */
export function Under({
  id,
  help,
  problem,
}: {
  id: string;
  help?: string | null | undefined;
  problem?: Problem | null | undefined;
}) {
  if (problem) {
    return (
      <div class={`sts-field__problem sts-field__problem--${problem.severity}`} id={id} role="alert">
        <Icon name={problem.severity} />
        <span>{problem.text}</span>
      </div>
    );
  }
  return help ? (
    <div class="sts-field__help" id={id}>
      {help}
    </div>
  ) : null;
}

export function Field({ node }: { node: FieldNode }) {
  const id = useId();
  const edit = useEdit();
  const [left, leave] = useState(false);
  // An empty field that nobody has been in yet is no mistake: the steps say that something is missing.
  const untouched = node.required && node.value === "" && !left;
  const problem = untouched ? null : node.problem;
  const under = node.readonly ?? node.help;
  const described = problem || under ? `${id}-under` : undefined;
  const control = (
    <Control
      node={{ ...node, problem: problem ?? null }}
      id={id}
      described={described}
      commit={(text) => edit.set(node.path, text)}
    />
  );
  const tick = node.kind === "boolean";
  const label = (
    <label for={id}>
      {node.label}
      {node.required && (
        <span class="sts-field__required" aria-hidden="true">
          *
        </span>
      )}
    </label>
  );
  return (
    <div
      class={`sts-field sts-field--${node.width ?? "full"} sts-field--${node.kind}`}
      data-path={node.path}
      onFocusOut={() => leave(true)}
    >
      <div class="sts-field__head">
        {tick && control}
        {label}
        <code class="sts-field__path">{node.path}</code>
      </div>
      {!tick && control}
      <Under id={`${id}-under`} help={under} problem={problem} />
    </div>
  );
}
