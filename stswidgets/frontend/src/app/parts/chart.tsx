import { useEffect, useRef, useState } from "preact/hooks";
import type * as ChartBundle from "../../chart/index";
import type { Figure } from "../wire/types";
import { useTrait, useView } from "../wire/view";
import { BundlePlace } from "./code";

interface ChartProps {
  figure: Figure;
  label: string;
  height: number;
  /** The usage view's id of the chart: what is sent for it is drawn at once. */
  grows?: string;
  onClick?(point: { x: unknown; y: unknown; custom: unknown; trace: string }): void;
}

/** A plotly figure: drawn once, then extended; coloured by the page. */
export function ChartView({ figure, label, height, grows, onClick }: ChartProps) {
  const view = useView();
  const { lang } = useTrait("options");
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ChartBundle.Chart | null>(null);
  const drawn = useRef<Figure | null>(null);
  const click = useRef(onClick);
  click.current = onClick;
  const [problem, setProblem] = useState<Error | null>(null);
  const [ready, setReady] = useState(false);
  const newest = () => (grows && view.figures.figure(grows)) || figure;

  useEffect(() => {
    let left = false;
    const el = box.current;
    if (!el) return undefined;
    const draw = async () => {
      const bundle = (await view.library("chart")) as typeof ChartBundle;
      if (left) return;
      drawn.current = figure;
      const onPoint = (point: { x: unknown; y: unknown; custom: unknown; trace: string }) => click.current?.(point);
      const made = await bundle.createChart(el, newest(), {
        colours: coloursOf(el),
        language: lang ?? "en",
        ...(onClick && { onClick: onPoint }),
      });
      if (left) made.destroy();
      else {
        chart.current = made;
        setReady(true);
      }
    };
    draw().catch((error: unknown) => setProblem(error instanceof Error ? error : new Error(String(error))));
    return () => {
      left = true;
      chart.current?.destroy();
      chart.current = null;
    };
  }, [view, lang]);

  useEffect(() => {
    if (!chart.current || drawn.current === figure) return;
    drawn.current = figure;
    chart.current.redraw(newest());
  }, [figure, ready]);

  useEffect(() => {
    if (!grows) return undefined;
    return view.figures.follow(grows, (message) => {
      if (chart.current && !chart.current.extend(message)) chart.current.redraw(newest());
    });
  }, [view, grows]);

  useEffect(() => {
    const root = box.current?.closest(".sts-root");
    if (!root) return undefined;
    const recolour = () => box.current && chart.current?.recolour(coloursOf(box.current));
    const observer = new MutationObserver(recolour);
    observer.observe(root, { attributes: true, attributeFilter: ["data-scheme", "data-palette"] });
    return () => observer.disconnect();
  }, []);

  return (
    <div class="sts-chart" style={{ height: `${height}px` }} role="img" aria-label={label}>
      {!ready && <BundlePlace error={problem} rows={Math.max(2, Math.floor(height / 48))} />}
      <div class="sts-chart__box" ref={box} />
    </div>
  );
}

function coloursOf(el: HTMLElement): ChartBundle.Colours {
  const style = getComputedStyle(el);
  const colour = (name: string) => resolved(el, `var(${name})`);
  return {
    text: colour("--sts-text"),
    muted: colour("--sts-muted"),
    rule: colour("--sts-rule"),
    surface: colour("--sts-surface"),
    font: style.fontFamily,
  };
}

/** A colour as plotly understands it: mixed ones become rgb. */
function resolved(el: HTMLElement, colour: string): string {
  const probe = document.createElement("span");
  probe.style.color = colour;
  el.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  const mixed = /^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)$/.exec(value);
  if (!mixed) return value;
  const [red, green, blue] = mixed.slice(1, 4).map((part) => Math.round(Number(part) * 255));
  return `rgba(${red}, ${green}, ${blue}, ${mixed[4] ?? 1})`;
}
