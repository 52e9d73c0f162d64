import type { Shape, Status, Tone } from "../wire/types";
import { ShapeMark } from "./icon";

const TONES: Record<Shape, Tone> = {
  disc: "running",
  arrow: "updating",
  hourglass: "waiting",
  triangle: "stuck",
  square: "stopped",
  cross: "terminating",
};

export function toneOf(status: { shape: Shape; tone?: Tone | undefined }): Tone {
  return status.tone ?? TONES[status.shape] ?? "stopped";
}

/** A status: its word beside its shape, never the colour alone. */
export function StatusMark({ status }: { status: Status }) {
  return (
    <span class={`sts-status sts-status--${toneOf(status)}`}>
      <ShapeMark shape={status.shape} />
      <span class="sts-status__word">{status.word}</span>
    </span>
  );
}

/** Ready of desired, as text and as a bar. */
export function ReadyBar({ ready, desired, tone }: { ready: number; desired: number; tone: Tone }) {
  const share = desired > 0 ? Math.min(1, ready / desired) : 0;
  return (
    <span class={`sts-ready sts-status--${tone}`}>
      <span class="sts-ready__text">
        {ready}/{desired}
      </span>
      <span class="sts-ready__track" aria-hidden="true">
        <span class="sts-ready__fill" style={{ width: `${share * 100}%` }} />
      </span>
    </span>
  );
}
