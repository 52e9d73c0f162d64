import type { SetRow, Spark, Status } from "../src/app/wire/types";

/** 52 letters: the longest name whose pods can still carry their revision's label. */
export const LONG = "orders-ledger-write-ahead-replication-primary-eu-we1";

export const STATUS: Record<string, Status> = {
  running: { word: "Running", shape: "disc", tone: "running" },
  updating: { word: "Updating", shape: "arrow", tone: "updating" },
  waiting: { word: "Waiting for deletion", shape: "hourglass", tone: "waiting" },
  stuck: { word: "Stuck", shape: "triangle", tone: "stuck" },
  stopped: { word: "Stopped", shape: "square", tone: "stopped" },
  terminating: { word: "Terminating", shape: "cross", tone: "terminating" },
};

export function spark(text: string, base: number, gap = false): Spark {
  const points = Array.from({ length: 20 }, (_, at) =>
    gap && at > 7 && at < 11 ? null : base * (1 + 0.3 * Math.sin(at / 2 + base) + 0.1 * Math.cos(at * 3)),
  );
  return { text, points };
}

function row(at: number, name: string, tone: string, more: Partial<SetRow> = {}): SetRow {
  return {
    id: `uid-${name}-${at}`,
    namespace: "shop",
    name,
    alias: null,
    status: STATUS[tone] as Status,
    reason: null,
    ready: 3,
    desired: 3,
    revision: { from: 3, to: 3, updated: 3 },
    images: ["docker.io/library/redis:7.2"],
    cpu: spark("0.4", 0.4),
    memory: spark("1.2Gi", 1.2, at === 0),
    created: new Date(Date.now() - (at + 1) * 86_400_000).toISOString(),
    age: `${at + 1}d`,
    ...more,
  };
}

export function sets(state: string): SetRow[] {
  if (state === "empty" || state === "error") return [];
  const rows = [
    row(40, "db", "updating", {
      alias: "订单数据库",
      ready: 2,
      revision: { from: 7, to: 8, updated: 1 },
      images: ["docker.io/library/postgres:16.2", "quay.io/exporter/postgres:0.15"],
      reason: "db-2 is starting its containers",
    }),
    row(11, "queue", "stuck", {
      ready: 0,
      revision: { from: 4, to: 5, updated: 1 },
      images: ["docker.io/library/rabbitmq:bad"],
      cpu: null,
      memory: null,
      reason: "queue-2 cannot pull its image rabbitmq:bad",
    }),
    row(89, "cache", "running", { ready: 6, desired: 6 }),
    row(3, LONG, "running", { images: ["registry.example.com/ledger/write-ahead:2026.11.24-build.4711"] }),
    row(7, "search", "waiting", { ready: 3, revision: { from: 1, to: 2, updated: 0 } }),
    row(200, "archive", "stopped", { ready: 0, desired: 0, cpu: null, memory: null }),
    row(1, "sessions", "terminating", { ready: 1 }),
    row(17, "etcd", "running"),
    row(18, "kafka", "running", { ready: 5, desired: 5, images: ["docker.io/apache/kafka:3.9.0"] }),
  ];
  if (state !== "many") return rows;
  return Array.from({ length: 2000 }, (_, at) =>
    row(at, `set-${String(at).padStart(4, "0")}`, at % 17 === 0 ? "updating" : "running"),
  );
}
