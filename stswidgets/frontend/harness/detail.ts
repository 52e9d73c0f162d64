import type { Detail, EventRow, LogRow, PodRow } from "../src/app/wire/types";
import { manifest } from "./form";
import { LONG, STATUS, spark } from "./sets";

export function detail(state: string): Detail {
  const name = state === "long" ? LONG : "db";
  return {
    namespace: "shop",
    name,
    alias: "订单数据库",
    description: "Orders and payments; the primary is ordinal 0.",
    status: STATUS["updating"] ?? null,
    age: "41d",
    created: "2026-10-14T08:00:00Z",
    owner: "Helm release “shop” manages this: edits may be reverted by its next upgrade.",
    labels: [
      ["app.kubernetes.io/name", name],
      ["app.kubernetes.io/managed-by", "Helm"],
    ],
    annotations: [["kubesphere.io/description", "Orders and payments; the primary is ordinal 0."]],
    desired: 3,
    current: 2,
    ready: 2,
    updated: 1,
    ports: [{ name: "postgres", protocol: "TCP", container_port: 5432, container: "postgres" }],
    services: [{ name, type: "ClusterIP (headless)", cluster_ip: "None", ports: "5432/TCP", exists: true }],
    claims: [0, 1, 2].map((at) => ({
      name: `data-${name}-${at}`,
      pod: `${name}-${at}`,
      template: "data",
      status: "Bound",
      capacity: "10Gi",
      class: "standard",
      age: "41d",
    })),
    environment: [
      {
        container: "postgres",
        entries: [
          { name: "POSTGRES_DB", value: "orders", source: null },
          { name: "POSTGRES_PASSWORD", value: null, source: "Secret db, key password" },
        ],
      },
    ],
    yaml: manifest(state),
    tabs: [
      ["resources", "Resource status"],
      ["usage", "Usage"],
      ["revisions", "Revisions"],
      ["storage", "Storage"],
      ["metadata", "Metadata"],
      ["environment", "Environment"],
      ["events", "Events"],
      ["yaml", "YAML"],
    ].map(([id, title]) => ({ id: id ?? "", title: title ?? "" })),
    actions: [
      { id: "edit", label: "Edit settings", enabled: true },
      { id: "restart", label: "Restart", enabled: true },
      { id: "scale", label: "Scale", enabled: true },
      { id: "roll_back", label: "Roll back", enabled: true },
      { id: "stop", label: "Stop", enabled: false, why: "You may not patch statefulsets/scale in namespace shop." },
      { id: "delete", label: "Delete", enabled: true, destructive: true },
    ],
    missing:
      state === "missing"
        ? {
            severity: "warning",
            text: "There is no StatefulSet “db” in namespace “shop”.",
            next: "It may have been deleted. Go back to the list.",
          }
        : null,
  };
}

export function pods(state: string): PodRow[] {
  const name = state === "long" ? LONG : "db";
  const tones = ["running", "running", "updating"];
  return tones.map((tone, at) => ({
    id: `pod-${at}`,
    name: `${name}-${at}`,
    ordinal: at,
    status:
      tone === "updating"
        ? { word: "ContainerCreating", shape: "hourglass", tone: "waiting" }
        : (STATUS[tone] ?? { word: tone, shape: "disc" }),
    reason: tone === "updating" ? "Pulling image docker.io/library/postgres:16.2" : null,
    revision: at === 2 ? 8 : 7,
    is_update_revision: at === 2,
    node: `node-${at + 1}`,
    ip: `10.244.${at}.17`,
    restarts: at === 1 ? 4 : 0,
    age: at === 2 ? "12s" : "41d",
    ready: at === 2 ? "0/1" : "1/1",
    cpu: at === 2 ? null : spark("0.2", 0.2 + at),
    memory: at === 2 ? null : spark("412Mi", 0.4 + at),
    containers: [
      {
        name: "postgres",
        image: "docker.io/library/postgres:16.2",
        state: "running",
        status: STATUS["running"] ?? null,
        restarts: at === 1 ? 4 : 0,
        ports: "5432/TCP",
        init: false,
      },
    ],
  }));
}

export const events: EventRow[] = [
  {
    id: "1",
    type: "Normal",
    reason: "SuccessfulCreate",
    object: "StatefulSet/db",
    message: "create Pod db-2 in StatefulSet db successful",
    source: "statefulset-controller",
    count: 1,
    last: "2026-11-24T18:59:48Z",
    age: "12s",
  },
  {
    id: "2",
    type: "Warning",
    reason: "BackOff",
    object: "Pod/db-1",
    message: "Back-off restarting failed container postgres in pod db-1_shop(5f0f4a4e-0f34-4e62-9f4d-9a8f1b7c2d11)",
    source: "kubelet",
    count: 4,
    last: "2026-11-24T18:50:00Z",
    age: "10m",
  },
];

export const logs: LogRow[] = Array.from({ length: 60 }, (_, at) => ({
  id: String(at),
  text: `2026-11-24 18:59:${String(at % 60).padStart(2, "0")}.123 UTC [1] LOG:  checkpoint complete: wrote ${at * 7} buffers (0.${at}%)`,
}));
