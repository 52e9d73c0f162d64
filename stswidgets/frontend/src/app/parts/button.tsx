import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

interface ButtonProps {
  children?: ComponentChildren;
  icon?: IconName;
  /** The name of a button that shows an icon alone. */
  label?: string;
  look?: "primary" | "plain" | "quiet" | "danger";
  busy?: boolean | string;
  disabled?: boolean;
  /** Why the button is off, or what it does. */
  title?: string | null | undefined;
  pressed?: boolean;
  /** The button opens a menu, which is open or not. */
  menu?: boolean;
  onClick(event: MouseEvent): void;
}

export function Button(props: ButtonProps) {
  const {
    children,
    icon,
    label,
    look = "plain",
    busy = false,
    disabled = false,
    title,
    pressed,
    menu,
    onClick,
  } = props;
  const off = disabled || Boolean(busy);
  const bare = icon !== undefined && children === undefined;
  return (
    <button
      type="button"
      class={`sts-button sts-button--${look}${bare ? " sts-button--bare" : ""}`}
      aria-label={label}
      aria-disabled={off}
      aria-busy={Boolean(busy)}
      aria-pressed={pressed}
      aria-haspopup={menu === undefined ? undefined : "menu"}
      aria-expanded={menu}
      title={title ?? (bare ? label : undefined)}
      // Not `disabled`: a button that is off can still be reached, and says why.
      onClick={(event) => {
        if (!off) onClick(event);
      }}
    >
      {busy ? <span class="sts-spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
