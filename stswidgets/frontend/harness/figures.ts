import type { Figure, History, Usage } from "../src/app/wire/types";

const NOW = Date.now();
const COLOURS = ["#0072B2", "#E69F00", "#009E73"];

function course(title: string, base: number): Figure {
  const at = Array.from({ length: 60 }, (_, index) => new Date(NOW - (60 - index) * 15_000).toISOString());
  return {
    data: [0, 1, 2].map((pod) => ({
      type: "scatter",
      mode: "lines",
      name: `db-${pod}`,
      line: { color: COLOURS[pod], width: 2 },
      x: at,
      y: at.map((_, index) =>
        pod === 1 && index > 20 && index < 26 ? null : base * (1 + 0.2 * pod + 0.2 * Math.sin(index / 6 + pod)),
      ),
    })),
    layout: {
      margin: { l: 48, r: 12, t: 8, b: 32 },
      showlegend: true,
      legend: { orientation: "h", y: -0.2 },
      yaxis: { rangemode: "tozero", title: { text: title } },
    },
  };
}

export function usage(state: string): Usage {
  return {
    ranges: [
      { value: "15m", label: "15 minutes" },
      { value: "1h", label: "1 hour" },
    ],
    range: "15m",
    bys: [
      { value: "pod", label: "Pod" },
      { value: "container", label: "Container" },
    ],
    by: "pod",
    live: true,
    charts: [
      { id: "cpu", title: "CPU", figure: course("cores", 0.2), empty: null },
      {
        id: "memory",
        title: "Memory",
        figure: course("MiB", 400),
        empty: state === "empty" ? "The cluster has no metrics server: no usage can be shown." : null,
      },
    ],
    source: "metrics.k8s.io, recorded by this page",
    stale: state === "stale" ? "The last sample is 95 seconds old." : null,
  };
}

export function history(state: string): History | null {
  const tones = ["old", "current", "incoming"] as const;
  const revisions = tones.map((tone, at) => ({
    number: 6 + at,
    name: `db-${"6f8c7d9b5"}${at}`,
    hash: `6f8c7d9b5${at}`,
    created: new Date(NOW - (3 - at) * 86_400_000).toISOString(),
    age: `${3 - at}d`,
    images: [`docker.io/library/postgres:16.${at}`],
    change_cause: at === 1 ? "CVE-2026-1234" : null,
    is_current: tone === "current",
    is_update: tone === "incoming",
    is_restart_only: at === 0,
    pods: at === 1 ? ["db-0", "db-1"] : at === 2 ? ["db-2"] : [],
    tone,
    can_roll_back: true,
    why: null,
  }));
  return {
    revisions: state === "empty" ? [] : revisions,
    figure: {
      data: [
        {
          type: "scatter",
          mode: "lines+markers",
          name: "revisions",
          x: revisions.map((each) => each.created),
          y: revisions.map((each) => each.number),
          marker: { size: 12 },
        },
      ],
      layout: { height: 160, margin: { l: 48, r: 12, t: 8, b: 32 } },
    },
    compare: {
      a: 7,
      b: 8,
      changes: [
        {
          path: "spec.containers[0].image",
          op: "change",
          before: "docker.io/library/postgres:16.1",
          after: "docker.io/library/postgres:16.2",
        },
      ],
      before_yaml: "spec:\n  containers:\n    - name: postgres\n      image: docker.io/library/postgres:16.1\n",
      after_yaml: "spec:\n  containers:\n    - name: postgres\n      image: docker.io/library/postgres:16.2\n",
    },
    limit: 10,
    empty: null,
  };
}
