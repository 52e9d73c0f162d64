import type { Notice as NoticeValue, Severity } from "../wire/types";
import { useText } from "../wire/view";
import { Button } from "./button";
import { Icon } from "./icon";

/** What happened, why, and what to do: at the place that it belongs to. */
export function Notice({ notice, onDismiss }: { notice: NoticeValue; onDismiss?: () => void }) {
  const t = useText();
  return (
    <div class={`sts-notice sts-notice--${notice.severity}`} role={notice.severity === "error" ? "alert" : "status"}>
      <Icon name={notice.severity} />
      <div class="sts-notice__body">
        <div class="sts-notice__text">{notice.text}</div>
        {notice.next && <div class="sts-notice__next">{notice.next}</div>}
        {notice.detail && notice.detail !== notice.text && (
          <details class="sts-notice__more">
            <summary>{t("details")}</summary>
            <pre>{notice.detail}</pre>
          </details>
        )}
      </div>
      {onDismiss && <Button icon="close" look="quiet" label={t("dismiss")} onClick={onDismiss} />}
    </div>
  );
}

export function Note({ severity, text }: { severity: Severity; text: string }) {
  return (
    <p class={`sts-note sts-note--${severity}`}>
      <Icon name={severity} />
      <span>{text}</span>
    </p>
  );
}
