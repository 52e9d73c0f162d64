import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "./button";
import type { IconName } from "./icon";

export interface MenuItem {
  id: string;
  label: string;
  enabled?: boolean | undefined;
  why?: string | null | undefined;
  danger?: boolean | undefined;
  onChoose(): void;
}

interface MenuProps {
  label: string;
  icon?: IconName;
  text?: string;
  items: MenuItem[];
}

/** A button with a menu below it. The list is in the top layer: a table's scroller or a cell cannot cut it off. */
export function Menu({ label, icon = "more", text, items }: MenuProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const menu = list.current;
    const anchor = box.current;
    if (!open || !menu || !anchor) return undefined;
    menu.showPopover?.();
    place(menu, anchor);
    focusables(menu)[0]?.focus();
    const close = (event: Event) => {
      if (event.target instanceof Node && (menu.contains(event.target) || anchor.contains(event.target))) return;
      setOpen(false);
    };
    document.addEventListener("pointerdown", close, true);
    document.addEventListener("scroll", close, true);
    return () => {
      document.removeEventListener("pointerdown", close, true);
      document.removeEventListener("scroll", close, true);
    };
  }, [open]);
  const leave = () => {
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    const all = list.current ? focusables(list.current) : [];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (go !== undefined) all[(go + all.length) % all.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span class="sts-menu" ref={box}>
      <Button icon={icon} look={text ? "plain" : "quiet"} label={label} menu={open} onClick={() => setOpen(!open)}>
        {text}
      </Button>
      {open && (
        <div class="sts-menu__list" role="menu" aria-label={label} popover="manual" ref={list} onKeyDown={keys}>
          {items.map((item) => (
            <button
              key={item.id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={`sts-menu__item${item.danger ? " sts-menu__item--danger" : ""}`}
              aria-disabled={item.enabled === false}
              title={item.why ?? undefined}
              onClick={() => {
                if (item.enabled === false) return;
                leave();
                item.onChoose();
              }}
            >
              <span>{item.label}</span>
              {item.enabled === false && item.why && <span class="sts-menu__why">{item.why}</span>}
            </button>
          ))}
        </div>
      )}
    </span>
  );
}

function focusables(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

function place(menu: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 4 + height <= window.innerHeight || at.top < height;
  menu.style.left = `${Math.max(8, Math.min(at.right - width, window.innerWidth - width - 8))}px`;
  menu.style.top = `${below ? at.bottom + 4 : at.top - height - 4}px`;
}
