import { useId, useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Snippet, YamlDiff, YamlView } from "../parts/code";
import { Name } from "../parts/copy";
import { Note, Notice } from "../parts/notice";
import { Tabs } from "../parts/tabs";
import { useRun } from "../wire/run";
import type { Plan, PlanObject } from "../wire/types";
import { useBusy, useText } from "../wire/view";
import { Changes } from "./changes";
import { DeletionChoices } from "./deletion";

interface ReviewProps {
  plan: Plan;
  /** The words of the way back. */
  back: string;
  onBack(): void;
  /** Plans the same edit on what is stored now. */
  onRebase?: (() => void) | undefined;
  /** In a dialog the title stands in its head. */
  titled?: boolean;
}

/** A planned write: what the server would store, what it said, and the button that makes it so. */
export function PlanReview({ plan, back, onBack, onRebase, titled = true }: ReviewProps) {
  const t = useText();
  const run = useRun();
  const busy = useBusy("apply");
  const [typed, type] = useState("");
  const [force, setForce] = useState(false);
  const [further, setFurther] = useState(false);
  const named = !plan.confirm || typed === plan.confirm;
  const able = (plan.can_apply || (force && canForce(plan))) && named;
  const why = !named ? t("confirm_first") : able ? undefined : t("cannot_apply");
  const apply = () =>
    run("apply", {
      ...(plan.confirm && { confirm: typed }),
      ...(force && { force: true }),
      ...(further && { further: true }),
    });
  return (
    <div class="sts-plan">
      {titled && <h2 class="sts-plan__title">{plan.title}</h2>}
      {plan.sentence && <p class="sts-plan__sentence">{plan.sentence}</p>}
      <Findings plan={plan} force={force} onForce={setForce} onRebase={onRebase} />
      <Offer objects={plan.further ?? []} taken={further} onTake={setFurther} />
      {plan.destructive && <DeletionChoices plan={plan} />}
      <Fate title={t("goes")} items={plan.goes ?? []} kind="goes" />
      <Fate title={t("stays")} items={plan.stays ?? []} kind="stays" />
      <PlannedObjects objects={plan.objects} />
      <Equivalent plan={plan} open={titled} />
      {plan.confirm && <Confirm name={plan.confirm} typed={typed} onType={type} />}
      <footer class="sts-actions">
        <span class="sts-grow" />
        <Button onClick={onBack}>{back}</Button>
        <Button
          look={plan.destructive ? "danger" : "primary"}
          busy={plan.applying || busy}
          disabled={!able}
          title={why}
          onClick={apply}
        >
          {plan.apply_label ?? t("apply")}
        </Button>
      </footer>
    </div>
  );
}

/** Everything that speaks against it, or that the server remarked. */
function Findings({
  plan,
  force,
  onForce,
  onRebase,
}: {
  plan: Plan;
  force: boolean;
  onForce(on: boolean): void;
  onRebase?: (() => void) | undefined;
}) {
  const t = useText();
  const rebasing = useBusy("rebase");
  const id = useId();
  const conflicts = plan.conflicts ?? [];
  return (
    <div class="sts-plan__findings">
      {(plan.problems ?? []).map((each) => (
        <Notice key={each.path + each.text} notice={{ severity: "error", text: each.text, next: each.path }} />
      ))}
      {conflicts.map((each) => (
        <Notice
          key={each.manager}
          notice={{
            severity: "warning",
            text: each.text ?? t("conflict", { manager: each.manager }),
            next: each.fields.filter((field) => !each.text?.includes(field)).join(", "),
          }}
        />
      ))}
      {plan.can_rebase && onRebase && (
        <div>
          <Button busy={rebasing} onClick={onRebase}>
            {t("rebase")}
          </Button>
        </div>
      )}
      {canForce(plan) && (
        <p class="sts-check">
          <input id={id} type="checkbox" checked={force} onChange={(event) => onForce(event.currentTarget.checked)} />
          <label for={id}>{t("force", { managers: conflicts.map((each) => each.manager).join(", ") })}</label>
        </p>
      )}
      {(plan.warnings ?? []).map((text) => (
        <Note key={text} severity="warning" text={text} />
      ))}
      {(plan.dropped ?? []).length > 0 && (
        <Note severity="warning" text={t("dropped", { fields: (plan.dropped ?? []).join(", ") })} />
      )}
    </div>
  );
}

/** Whether a conflict may be settled by taking the fields over. */
function canForce(plan: Plan): boolean {
  return (plan.conflicts?.length ?? 0) > 0 && plan.can_force !== false;
}

/** What the plan offers besides: the pods that a roll back would leave broken. */
function Offer({ objects, taken, onTake }: { objects: PlanObject[]; taken: boolean; onTake(on: boolean): void }) {
  const t = useText();
  const id = useId();
  if (objects.length === 0) return null;
  return (
    <p class="sts-check">
      <input id={id} type="checkbox" checked={taken} onChange={(event) => onTake(event.currentTarget.checked)} />
      <label for={id}>{t("further", { names: objects.map((each) => each.name).join(", ") })}</label>
    </p>
  );
}

function Fate({ title, items, kind }: { title: string; items: string[]; kind: "goes" | "stays" }) {
  if (items.length === 0) return null;
  return (
    <div class={`sts-fate sts-fate--${kind}`}>
      <h3>{title}</h3>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </div>
  );
}

export function PlannedObjects({ objects }: { objects: PlanObject[] }) {
  return (
    <>
      {objects.map((each) => (
        <Planned key={`${each.kind}/${each.namespace}/${each.name}`} object={each} />
      ))}
    </>
  );
}

function Planned({ object }: { object: PlanObject }) {
  const t = useText();
  const verbs: Record<string, string> = {
    create: t("verb_create"),
    update: t("verb_update"),
    patch: t("verb_update"),
    delete: t("verb_delete"),
    unchanged: t("verb_unchanged"),
  };
  const changes = object.changes ?? [];
  const { before_yaml: before, after_yaml: after } = object;
  const views = [
    ...(changes.length > 0 && object.verb !== "create"
      ? [{ id: "changes", title: t("changes", { n: changes.length }) }]
      : []),
    ...(before && after && before !== after ? [{ id: "diff", title: t("difference") }] : []),
    ...(after ? [{ id: "yaml", title: t("stored") }] : []),
  ];
  const [view, open] = useState("");
  const current = views.find((each) => each.id === view)?.id ?? views[0]?.id ?? "";
  if (object.verb === "unchanged") {
    return (
      <section class="sts-planned" aria-label={`${object.kind} ${object.name}`}>
        <details class="sts-more">
          <summary>
            {t("verb_unchanged")}: {object.kind} {object.name}
          </summary>
          <YamlView text={after ?? before ?? ""} label={t("stored")} />
        </details>
      </section>
    );
  }
  const shownAs = {
    changes: <Changes changes={changes} />,
    diff: <YamlDiff before={before ?? ""} after={after ?? ""} />,
    yaml: <YamlView text={after ?? ""} label={t("stored")} />,
  }[current];
  return (
    <section class="sts-planned" aria-label={`${object.kind} ${object.name}`}>
      <header class="sts-planned__head">
        <span class={`sts-verb sts-verb--${object.verb}`}>{verbs[object.verb] ?? object.verb}</span>
        <span class="sts-planned__kind">{object.kind}</span>
        <strong>
          <Name text={object.name} width={56} />
        </strong>
        {object.namespace && <span class="sts-muted">{t("in_namespace", { namespace: object.namespace })}</span>}
      </header>
      {object.verb === "unchanged" ? null : views.length < 2 ? (
        shownAs
      ) : (
        <Tabs small label={object.name} tabs={views} current={current} onOpen={open}>
          {shownAs}
        </Tabs>
      )}
    </section>
  );
}

function Equivalent({ plan, open: opened }: { plan: Plan; open: boolean }) {
  const t = useText();
  const texts: Record<string, string> = { kubectl: plan.kubectl ?? "", python: plan.python ?? "" };
  const tabs = ["kubectl", "python"]
    .filter((id) => texts[id])
    .map((id) => ({ id, title: id === "python" ? "Python" : id }));
  const [view, open] = useState(tabs[0]?.id ?? "");
  if (tabs.length === 0) return null;
  return (
    <details class="sts-more" open={opened}>
      <summary>{t("same_as")}</summary>
      <Tabs small label={t("same_as")} tabs={tabs} current={view} onOpen={open}>
        <Snippet text={texts[view] ?? ""} label={view} />
      </Tabs>
    </details>
  );
}

function Confirm({ name, typed, onType }: { name: string; typed: string; onType(text: string): void }) {
  const t = useText();
  const id = useId();
  return (
    <div class="sts-field sts-confirm">
      <label for={id}>{t("confirm", { name })}</label>
      <span class="sts-input">
        <input
          id={id}
          type="text"
          data-first
          spellcheck={false}
          autocomplete="off"
          value={typed}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      </span>
    </div>
  );
}
