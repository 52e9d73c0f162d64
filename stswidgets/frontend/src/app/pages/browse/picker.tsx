import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Button } from "../../parts/button";
import { useText } from "../../wire/view";
import type { Column, ColumnId } from "./columns";

interface PickerProps {
  columns: Column[];
  hidden: ReadonlySet<ColumnId>;
  onHide(hidden: Set<ColumnId>): void;
}

/** Which columns are shown. The name always is. */
export function ColumnPicker({ columns, hidden, onHide }: PickerProps) {
  const t = useText();
  const id = useId();
  const box = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return undefined;
    const close = (event: Event) => {
      const outside = !(event.target instanceof Node && box.current?.contains(event.target));
      if (outside || (event instanceof KeyboardEvent && event.key === "Escape")) setOpen(false);
    };
    document.addEventListener("pointerdown", close, true);
    document.addEventListener("keydown", close, true);
    return () => {
      document.removeEventListener("pointerdown", close, true);
      document.removeEventListener("keydown", close, true);
    };
  }, [open]);
  const flip = (column: ColumnId) => {
    const next = new Set(hidden);
    if (!next.delete(column)) next.add(column);
    onHide(next);
  };
  return (
    <span class="sts-picker" ref={box}>
      <Button icon="columns" look="quiet" label={t("columns")} pressed={open} onClick={() => setOpen(!open)} />
      {open && (
        <fieldset class="sts-picker__list">
          <legend class="sts-hidden">{t("columns")}</legend>
          {columns
            .filter((each) => each.id !== "name")
            .map((each) => (
              <span key={each.id} class="sts-check">
                <input
                  id={`${id}-${each.id}`}
                  type="checkbox"
                  checked={!hidden.has(each.id)}
                  onChange={() => flip(each.id)}
                />
                <label for={`${id}-${each.id}`}>{t(each.title)}</label>
              </span>
            ))}
        </fieldset>
      )}
    </span>
  );
}
