import type { Shape } from "../wire/types";

/** Paths on a 16 × 16 grid, drawn with the text's colour. */
const LINES = {
  add: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  down: "M4 6l4 4 4-4",
  right: "M6 4l4 4-4 4",
  left: "M10 4L6 8l4 4",
  check: "M3.5 8.5l3 3 6-7",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5L14 14",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13.3 9.6A5.8 5.8 0 0 1 6.4 2.7a5.8 5.8 0 1 0 6.9 6.9z",
  auto: "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM8 2.5v11",
  code: "M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5",
  play: "M5 3.5l7.5 4.5L5 12.5z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  bin: "M3 4.5h10M6.5 4.5v-2h3v2M4.3 4.5l.6 9h6.2l.6-9",
  error: "M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM8 5v3.6M8 11v.01",
  warning: "M8 2.2l6.2 11.3H1.8zM8 6.5v3M8 11.6v.01",
  info: "M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM8 7.4V11M8 5v.01",
  success: "M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM5.4 8.2l1.9 1.9 3.4-4",
} as const;

export type IconName = keyof typeof LINES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`sts-icon sts-icon--${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={LINES[name]} />
    </svg>
  );
}

/** Status shapes: filled, so that they read at 12 pixels and without colour. */
const SHAPES: Record<Shape, string> = {
  disc: "M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z",
  arrow: "M6 1l4.6 4.8H7.7V11H4.3V5.8H1.4z",
  hourglass: "M2 1h8v1.6L7.2 6 10 9.4V11H2V9.4L4.8 6 2 2.6z",
  triangle: "M6 1l5.4 10H.6z",
  square: "M2 2h8v8H2z",
  cross: "M2.6 1L6 4.4 9.4 1 11 2.6 7.6 6 11 9.4 9.4 11 6 7.6 2.6 11 1 9.4 4.4 6 1 2.6z",
};

export function ShapeMark({ shape }: { shape: Shape }) {
  return (
    <svg class="sts-shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={SHAPES[shape] ?? SHAPES.square} />
    </svg>
  );
}
