import { useId, useState } from "preact/hooks";
import { useRun } from "../wire/run";
import type { Plan } from "../wire/types";
import { useBusy, useText } from "../wire/view";

/** What else goes with a deleted set. Each choice makes a new plan, so that what is shown is what would be done. */
export function DeletionChoices({ plan }: { plan: Plan }) {
  const t = useText();
  const id = useId();
  const run = useRun();
  const busy = Boolean(useBusy("plan_delete"));
  const [choice, choose] = useState({ claims: false, service: false, orphan: false });
  const set = plan.objects.find((each) => each.verb === "delete" && each.kind === "StatefulSet");
  if (!set) return null;
  const flip = (name: keyof typeof choice) => {
    const next = { ...choice, [name]: !choice[name] };
    choose(next);
    run("plan_delete", {
      namespace: set.namespace ?? "",
      name: set.name,
      claims: next.claims,
      service: next.service,
      propagation: next.orphan ? "Orphan" : "Background",
    });
  };
  const words = { claims: t("delete_claims"), service: t("delete_service"), orphan: t("keep_pods") };
  return (
    <fieldset class="sts-choices" aria-busy={busy}>
      <legend class="sts-hidden">{t("delete_choices")}</legend>
      {(["claims", "service", "orphan"] as const).map((name) => (
        <span key={name} class="sts-check">
          <input id={`${id}-${name}`} type="checkbox" checked={choice[name]} onChange={() => flip(name)} />
          <label for={`${id}-${name}`}>{words[name]}</label>
        </span>
      ))}
    </fieldset>
  );
}
