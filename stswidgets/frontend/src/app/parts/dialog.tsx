import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useText } from "../wire/view";
import { Button } from "./button";

/** A modal in the browser's top layer: it keeps the focus, Escape closes it, and no notebook cell clips it. */
export function Dialog({ title, onClose, children }: { title: string; onClose(): void; children: ComponentChildren }) {
  const t = useText();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal?.();
    dialog?.querySelector<HTMLElement>("[data-first], footer button")?.focus(); // the name to type, else the safe button
    return () => {
      dialog?.close?.();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      class="sts-dialog"
      ref={box}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header class="sts-dialog__head">
        <h2>{title}</h2>
        <Button icon="close" look="quiet" label={t("close")} onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}
