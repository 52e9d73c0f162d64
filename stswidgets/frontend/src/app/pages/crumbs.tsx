import { Icon } from "../parts/icon";
import { useRun } from "../wire/run";
import { useText } from "../wire/view";

/** The way back to the list. */
export function Crumbs({ namespace }: { namespace: string }) {
  const t = useText();
  const run = useRun();
  return (
    <nav class="sts-crumbs" aria-label={t("breadcrumb")}>
      <button type="button" class="sts-link" onClick={() => run("open", { page: "browse", namespace })}>
        {t("statefulsets")}
      </button>
      <Icon name="right" />
      <span>{namespace}</span>
    </nav>
  );
}
