import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { Empty } from "../parts/place";
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

/** A page about one set, without one: choose it in the list. */
export function NoSet() {
  const t = useText();
  const run = useRun();
  return (
    <Empty text={t("choose_set")}>
      <Button onClick={() => run("open", { page: "browse" })}>{t("to_list")}</Button>
    </Empty>
  );
}
