declare module "plotly.js-basic-dist-min" {
  namespace Plotly {
    type Data = Record<string, unknown>[];
    interface Point {
      x: unknown;
      y: unknown;
      customdata?: unknown;
      data: { name?: string };
    }
    interface Element extends HTMLElement {
      data: { name?: string; mode?: string; x?: unknown[]; y?: unknown[] }[];
      layout: Record<string, unknown>;
      on(event: "plotly_click", listener: (event: { points: Point[] }) => void): void;
    }
    function newPlot(el: HTMLElement, data: Data, layout: object, config: object): Promise<unknown>;
    function react(el: HTMLElement, data: Data, layout: object, config: object): Promise<unknown>;
    function relayout(el: HTMLElement, changes: Record<string, unknown>): Promise<unknown>;
    function restyle(el: HTMLElement, changes: Record<string, unknown>, traces: number[]): Promise<unknown>;
    function extendTraces(
      el: HTMLElement,
      more: Record<string, unknown[][]>,
      traces: number[],
      limits: Record<string, number[]>,
    ): Promise<unknown>;
    function purge(el: HTMLElement): void;
    const Plots: { resize(el: HTMLElement): Promise<unknown> };
  }
  export default Plotly;
}
