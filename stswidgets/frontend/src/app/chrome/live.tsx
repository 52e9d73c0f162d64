import { useEffect, useState } from "preact/hooks";
import { ShapeMark } from "../parts/icon";
import type { LiveState, Session, Shape, Tone } from "../wire/types";
import { useText } from "../wire/view";

const LOOKS: Record<LiveState, { shape: Shape; tone: Tone | "stale" }> = {
  connecting: { shape: "hourglass", tone: "waiting" },
  live: { shape: "disc", tone: "running" },
  stale: { shape: "triangle", tone: "stale" },
  lost: { shape: "triangle", tone: "stuck" },
  stopped: { shape: "square", tone: "stopped" },
};

/** Seconds since `iso`, counted here so that a stale page gets older before one's eyes. */
function useAge(iso: string | undefined, counting: boolean): number | null {
  const since = iso ? Date.parse(iso) : Number.NaN;
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    if (!counting) return undefined;
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [counting]);
  return Number.isNaN(since) ? null : Math.max(0, Math.round((now - since) / 1000));
}

/** Whether what is shown is what is: live, or since when not. */
export function LiveMark({ live }: { live: NonNullable<Session["live"]> }) {
  const t = useText();
  const words: Record<LiveState, string> = {
    connecting: t("live_connecting"),
    live: t("live_live"),
    stale: t("live_stale"),
    lost: t("live_lost"),
    stopped: t("live_stopped"),
  };
  const old = live.state === "stale" || live.state === "lost";
  const age = useAge(live.since, old);
  const look = LOOKS[live.state] ?? LOOKS.stopped;
  return (
    <span class={`sts-live sts-status--${look.tone}`} role="status" title={live.text || undefined}>
      <ShapeMark shape={look.shape} />
      <span>
        {words[live.state] ?? live.state}
        {old && age !== null && ` · ${duration(age)}`}
      </span>
    </span>
  );
}

/** As kubectl writes ages. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 ? `${minutes}m${seconds % 60}s` : `${minutes}m`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
