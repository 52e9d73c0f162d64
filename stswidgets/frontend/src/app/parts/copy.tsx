import { useEffect, useRef, useState } from "preact/hooks";
import { useText } from "../wire/view";
import { Button } from "./button";
import { middle } from "./middle";

/** Puts text on the clipboard; also where the page has no permission for the clipboard's own API. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = useText();
  const [said, say] = useState<"" | "copied" | "copy_failed">("");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = () => {
    copyText(text).then(
      () => say("copied"),
      () => say("copy_failed"),
    );
    clearTimeout(timer.current);
    timer.current = setTimeout(() => say(""), 1600);
  };
  return (
    <span class="sts-copy">
      <Button icon={said === "copied" ? "check" : "copy"} look="quiet" label={label ?? t("copy")} onClick={copy} />
      <span class="sts-hidden" role="status">
        {said && t(said)}
      </span>
    </span>
  );
}

/** A name that may be long: cut in the middle, whole on hover and for copying. */
export function Name({ text, width = 40, copy = false }: { text: string; width?: number; copy?: boolean }) {
  const cut = middle(text, width);
  return (
    <span class="sts-name">
      {cut === text ? (
        <span>{text}</span>
      ) : (
        <span title={text}>
          <span aria-hidden="true">{cut}</span>
          <span class="sts-hidden">{text}</span>
        </span>
      )}
      {copy && <CopyButton text={text} />}
    </span>
  );
}
