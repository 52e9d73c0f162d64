import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Edit, EditContext } from "../../form/edit";
import { Nodes } from "../../form/nodes";
import { Button } from "../../parts/button";
import { Menu } from "../../parts/menu";
import { Note, Notice } from "../../parts/notice";
import { Skeleton } from "../../parts/place";
import { PlannedObjects, PlanReview } from "../../plan/review";
import { RolloutView } from "../../plan/rollout";
import { useRun } from "../../wire/run";
import type { FormSection, FormTree } from "../../wire/types";
import { useBusy, useText, useTrait, useView } from "../../wire/view";
import { Crumbs } from "../crumbs";
import { ManifestEditor } from "./editor";
import { REVIEW, Steps } from "./steps";

/** Create, and edit: the same form over a new draft or over what is stored. */
export function CreatePage() {
  const form = useTrait("form");
  const plan = useTrait("plan");
  return (
    <div class="sts-page sts-create">
      {form ? <Wizard form={form} reviewing={plan !== null} /> : <Skeleton rows={8} />}
    </div>
  );
}

function useEditCommands(): Edit {
  const { commands } = useView();
  return useMemo(
    () => ({
      set: (path, text) => commands.run("set", { path, text }),
      add: (path) => commands.run("add", { path }),
      remove: (path) => commands.run("remove", { path }),
      rename: (path, key) => commands.run("rename", { path, key }),
    }),
    [commands],
  );
}

function Wizard({ form, reviewing }: { form: FormTree; reviewing: boolean }) {
  const t = useText();
  const run = useRun();
  const edit = useEditCommands();
  const editor = useTrait("editor");
  const route = useTrait("route");
  const [step, setStep] = useState(form.sections[0]?.id ?? "");
  const [folded, fold] = useState(false);
  const section = form.sections.find((each) => each.id === step) ?? form.sections[0];
  const open = (id: string) => {
    if (id === REVIEW) {
      if (form.can_plan && !reviewing) run("plan");
      return;
    }
    if (reviewing) run("cancel_plan");
    setStep(id);
  };
  return (
    <EditContext.Provider value={edit}>
      {form.is_edit && <Crumbs namespace={route.namespace ?? ""} />}
      <div class="sts-page__head">
        <h1>{form.title}</h1>
        <span class="sts-grow" />
        {!reviewing && form.starters && form.starters.length > 0 && !form.is_edit && (
          <Menu
            label={t("starters")}
            icon="down"
            text={t("starters")}
            items={form.starters.map((each) => ({
              id: each.id,
              label: each.title,
              onChoose: () => run("use_starter", { id: each.id }),
            }))}
          />
        )}
        {!reviewing && folded && (
          <Button icon="code" onClick={() => fold(false)}>
            {t("show_yaml")}
          </Button>
        )}
      </div>
      <div class={`sts-create__body${folded || reviewing || !editor ? " sts-create__body--wide" : ""}`}>
        <Steps
          sections={form.sections}
          current={reviewing ? REVIEW : (section?.id ?? "")}
          canReview={form.can_plan ?? false}
          onOpen={open}
        />
        {reviewing ? (
          <Review form={form} />
        ) : (
          <>
            {section && <Step key={section.id} form={form} section={section} onOpen={open} />}
            {editor && !folded && <ManifestEditor model={editor} onFold={() => fold(true)} />}
          </>
        )}
      </div>
    </EditContext.Provider>
  );
}

function Step({ form, section, onOpen }: { form: FormTree; section: FormSection; onOpen(id: string): void }) {
  const t = useText();
  const planning = useBusy("plan");
  const box = useRef<HTMLElement>(null);
  const entered = useRef(false);
  const at = form.sections.indexOf(section);
  const before = form.sections[at - 1];
  const after = form.sections[at + 1];
  const missing = form.missing ?? [];
  const canPlan = form.can_plan ?? false;
  useEffect(() => {
    if (entered.current) return;
    entered.current = true;
    if (at > 0) box.current?.querySelector<HTMLElement>("h2")?.focus();
  }, []);
  const reviewTitle = canPlan ? undefined : t("review_off", { missing: missing.join(" ") });
  const review = (look: "primary" | "plain") => (
    <Button look={look} busy={planning} disabled={!canPlan} title={reviewTitle} onClick={() => onOpen(REVIEW)}>
      {t("review_changes")}
    </Button>
  );
  return (
    <main class="sts-create__form" ref={box}>
      <h2 tabIndex={-1}>{section.title}</h2>
      <Nodes nodes={section.nodes} />
      {missing.length > 0 && (
        <div class="sts-create__missing" role="status">
          <Note severity="info" text={t("still_missing")} />
          <ul>
            {missing.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </div>
      )}
      <footer class="sts-actions">
        {before && (
          <Button look="quiet" onClick={() => onOpen(before.id)}>
            {t("previous")}
          </Button>
        )}
        <span class="sts-grow" />
        {after && canPlan && review("plain")}
        {after ? (
          <Button look="primary" onClick={() => onOpen(after.id)}>
            {t("next")}
          </Button>
        ) : (
          review("primary")
        )}
      </footer>
    </main>
  );
}

/** The last step: what would be stored, and after Apply the rollout as it goes. */
function Review({ form }: { form: FormTree }) {
  const t = useText();
  const run = useRun();
  const plan = useTrait("plan");
  const rollout = useTrait("rollout");
  if (!plan) return null;
  const [first] = [...plan.objects].reverse(); // the set comes after its Service
  const where = { namespace: first?.namespace ?? "", name: first?.name ?? "" };
  return (
    <main class="sts-create__form sts-create__form--review">
      {plan.applied ? (
        <div class="sts-plan">
          <h2>{plan.title}</h2>
          <Notice notice={plan.applied} />
          {rollout ? <RolloutView rollout={rollout} /> : <Skeleton rows={3} />}
          <details class="sts-more">
            <summary>{t("what_applied")}</summary>
            <PlannedObjects objects={plan.objects} />
          </details>
          <footer class="sts-actions">
            {!form.is_edit && <Button onClick={() => run("new")}>{t("create_another")}</Button>}
            <span class="sts-grow" />
            <Button look="primary" onClick={() => run("open", { page: "detail", ...where })}>
              {t("open_details")}
            </Button>
          </footer>
        </div>
      ) : (
        <PlanReview
          plan={plan}
          back={form.is_edit ? t("back_to_edit") : t("back_to_form")}
          onBack={() => run("cancel_plan")}
          onRebase={form.is_edit ? () => run("rebase") : undefined}
        />
      )}
    </main>
  );
}
