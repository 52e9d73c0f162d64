import { Dialog } from "../parts/dialog";
import { useRun } from "../wire/run";
import { useText, useTrait } from "../wire/view";
import { PlanReview } from "./review";

/** A planned write over the page that asked for it: scale, restart, roll back, delete. */
export function PlanDialog() {
  const t = useText();
  const run = useRun();
  const plan = useTrait("plan");
  if (!plan || plan.applied) return null;
  const cancel = () => run("cancel_plan");
  return (
    <Dialog title={plan.title} onClose={cancel}>
      <PlanReview plan={plan} titled={false} back={t("cancel")} onBack={cancel} />
    </Dialog>
  );
}
