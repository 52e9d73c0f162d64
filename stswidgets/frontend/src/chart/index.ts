// The `chart` bundle: plotly's basic part, drawn once and then extended.

import Plotly from "plotly.js-basic-dist-min";
import { targets } from "../app/wire/figures";

type Trace = Record<string, unknown> & { name?: string; x?: unknown[]; y?: unknown[] };

export interface Figure {
  data: Trace[];
  layout: Record<string, unknown>;
}

export interface Colours {
  text: string;
  muted: string;
  rule: string;
  surface: string;
  font: string;
}

export interface Growth {
  traces: { name: string; x: unknown[]; y: unknown[] }[];
  drop: number;
}

export interface Chart {
  /** Add points at the traces' ends; false where a trace is not drawn yet and the figure must be drawn again. */
  extend(growth: Growth): boolean;
  redraw(figure: Figure): void;
  recolour(colours: Colours): void;
  destroy(): void;
}

export interface ChartOptions {
  colours: Colours;
  language: string;
  onClick?(point: { x: unknown; y: unknown; custom: unknown; trace: string }): void;
}

const CONFIG = {
  displaylogo: false,
  responsive: false,
  displayModeBar: false,
  doubleClick: "reset",
  scrollZoom: false,
};

export async function createChart(el: HTMLElement, figure: Figure, options: ChartOptions): Promise<Chart> {
  let { colours } = options;
  let { data } = figure;
  const locale = options.language === "zh" ? CHINESE : undefined;
  const config = locale ? { ...CONFIG, locale: "zh-CN", locales: { "zh-CN": locale } } : CONFIG;
  const layout = (from: Record<string, unknown>) => themed({ ...from, autosize: true }, colours);
  await Plotly.newPlot(el, data, layout(figure.layout), config);
  const plot = el as unknown as Plotly.Element;
  if (options.onClick) {
    const { onClick } = options;
    plot.on("plotly_click", ({ points: [point] }) => {
      if (point) onClick({ x: point.x, y: point.y, custom: point.customdata, trace: point.data.name ?? "" });
    });
  }
  const fitted = new ResizeObserver(() => {
    if (el.isConnected && el.offsetWidth > 0) void Plotly.Plots.resize(el);
  });
  fitted.observe(el);
  return {
    extend(growth) {
      const names = data.map((trace) => trace.name);
      const found = targets(names, growth.traces);
      if (found.includes(-1)) return false;
      // plotly keeps the last n points of each trace: what there was, and is new, less what is dropped
      const limits = growth.traces.map((each, at) => {
        const before = plot.data[found[at] ?? 0]?.x?.length ?? 0;
        return Math.max(0, before + each.x.length - growth.drop);
      });
      const more = { x: growth.traces.map((each) => each.x), y: growth.traces.map((each) => each.y) };
      void Plotly.extendTraces(el, more, found, { x: limits, y: limits });
      const full = found.filter((at) => plot.data[at]?.mode === "lines+markers" && count(plot.data[at]) > SPARSE);
      if (full.length > 0) {
        void Plotly.restyle(el, { mode: "lines" }, full);
        void Plotly.relayout(el, { "xaxis.autorangeoptions.include": null });
      }
      return true;
    },
    redraw(next) {
      data = next.data;
      void Plotly.react(el, data, layout(next.layout), config);
    },
    recolour(next) {
      colours = next;
      void Plotly.relayout(el, themeChanges(plot.layout, colours));
    },
    destroy() {
      fitted.disconnect();
      Plotly.purge(el);
    },
  };
}

/** Up to so many points of a series are marked: a single one would not be seen as a line (figures/usage.py). */
const SPARSE = 12;

function count(trace: Plotly.Element["data"][number] | undefined): number {
  return trace?.y?.filter((value) => value !== null).length ?? 0;
}

const AXIS = /^[xy]axis\d*$/;

/** The layout with the page's colours: the kernel does not know which theme the page has. */
function themed(layout: Record<string, unknown>, colours: Colours): Record<string, unknown> {
  const next: Record<string, unknown> = { xaxis: {}, yaxis: {}, ...layout };
  for (const name of Object.keys(next)) {
    if (!AXIS.test(name)) continue;
    next[name] = { ...(next[name] as object), ...axisColours(colours) };
  }
  next["font"] = { size: 12, ...(next["font"] as object), family: colours.font, color: colours.text };
  next["paper_bgcolor"] = "rgba(0,0,0,0)";
  next["plot_bgcolor"] = "rgba(0,0,0,0)";
  next["hoverlabel"] = {
    ...(next["hoverlabel"] as object),
    bgcolor: colours.surface,
    bordercolor: colours.rule,
    font: { color: colours.text, family: colours.font, size: 12 },
  };
  return next;
}

function axisColours({ muted, rule }: Colours) {
  return {
    gridcolor: rule,
    linecolor: rule,
    zerolinecolor: rule,
    tickcolor: rule,
    tickfont: { color: muted, size: 12 },
  };
}

function themeChanges(layout: Record<string, unknown>, colours: Colours): Record<string, unknown> {
  const changes: Record<string, unknown> = {
    "font.color": colours.text,
    "hoverlabel.bgcolor": colours.surface,
    "hoverlabel.bordercolor": colours.rule,
    "hoverlabel.font.color": colours.text,
  };
  for (const axis of Object.keys(layout).filter((name) => AXIS.test(name))) {
    changes[`${axis}.gridcolor`] = colours.rule;
    changes[`${axis}.linecolor`] = colours.rule;
    changes[`${axis}.zerolinecolor`] = colours.rule;
    changes[`${axis}.tickcolor`] = colours.rule;
    changes[`${axis}.tickfont.color`] = colours.muted;
  }
  return changes;
}

/** What plotly needs to write dates in Chinese; its own locale files are not part of the bundle. */
const CHINESE = {
  dictionary: {},
  format: {
    days: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
    shortDays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
    months: ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"],
    shortMonths: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    date: "%Y-%m-%d",
  },
};
