import type { Plan, Rollout } from "../src/app/wire/types";
import { manifest } from "./form";

export const plan: Plan = {
  title: "Create StatefulSet db",
  sentence: "The server accepts this. It would store two objects.",
  objects: [
    {
      verb: "create",
      kind: "Service",
      namespace: "shop",
      name: "db",
      before_yaml: null,
      after_yaml: "apiVersion: v1\nkind: Service\nmetadata:\n  name: db\nspec:\n  clusterIP: None\n",
      changes: [],
    },
    {
      verb: "update",
      kind: "StatefulSet",
      namespace: "shop",
      name: "db",
      before_yaml: manifest("").replace("16.2", "16.1").replace("replicas: 3", "replicas: 2"),
      after_yaml: manifest(""),
      changes: [
        { path: "spec.replicas", op: "change", before: 2, after: 3 },
        {
          path: "spec.template.spec.containers[0].image",
          op: "change",
          before: "docker.io/library/postgres:16.1",
          after: "docker.io/library/postgres:16.2",
          note: "The pods restart, from db-2 down to db-0.",
        },
        { path: "spec.template.metadata.annotations[stswidgets.dev/change]", op: "add", after: "minor update" },
      ],
    },
  ],
  warnings: ["spec.template.spec.containers[0].resources.limits: no CPU limit is set"],
  dropped: ["spec.template.spec.containers[0].imagePulPolicy"],
  conflicts: [
    {
      manager: "kubectl-client-side-apply",
      fields: [".spec.replicas"],
      text: "kubectl-client-side-apply manages .spec.replicas.",
    },
  ],
  problems: [],
  can_apply: true,
  apply_label: "Apply",
  confirm: null,
  destructive: false,
  kubectl: "kubectl apply --server-side --field-manager=stswidgets -f db.yaml",
  python:
    "import stswidgets\n\nwith stswidgets.connect() as cluster:\n    plan = cluster.plan_apply(objects)\n    cluster.apply(plan)",
};

/** An edit of what somebody else has changed since it was opened. */
export const overtaken: Plan = {
  ...plan,
  title: "Change StatefulSet db",
  sentence: "1 conflict.",
  objects: [{ verb: "unchanged", kind: "StatefulSet", namespace: "shop", name: "db", changes: [] }],
  warnings: [],
  dropped: [],
  conflicts: [
    {
      manager: "kubectl-set",
      fields: ["spec.replicas"],
      text: "StatefulSet was changed by kubectl-set since it was opened: spec.replicas. Nothing of that is overwritten: plan again, on what is stored now.",
    },
  ],
  can_apply: false,
  can_force: false,
  can_rebase: true,
};

export const deletion: Plan = {
  title: "Delete StatefulSet db",
  sentence: "Its pods end in reverse order.",
  objects: [{ verb: "delete", kind: "StatefulSet", namespace: "shop", name: "db", changes: [] }],
  goes: ["StatefulSet db", "Pods db-0, db-1, db-2", "Its 3 revisions"],
  stays: ["Claims data-db-0, data-db-1, data-db-2, and what is stored on them", "Service db"],
  can_apply: true,
  apply_label: "Delete",
  confirm: "db",
  destructive: true,
  kubectl: "kubectl delete statefulset db --namespace shop",
  python: 'cluster.apply(cluster.plan_delete("shop", "db"))',
};

export const rollout: Rollout = {
  phase: "updating",
  word: "Updating",
  shape: "arrow",
  tone: "updating",
  sentence: "db-1 is pulling its image. db-0 follows when db-1 is ready.",
  desired: 3,
  ready: 2,
  updated: 1,
  done: false,
  ordinals: [
    { ordinal: 0, pod: "db-0", state: "old", word: "Running", shape: "disc", revision: "7", text: "waits for db-1" },
    {
      ordinal: 1,
      pod: "db-1",
      state: "starting",
      word: "Starting",
      shape: "arrow",
      revision: "8",
      text: "ContainerCreating",
    },
    { ordinal: 2, pod: "db-2", state: "ready", word: "Running", shape: "disc", revision: "8", text: "" },
  ],
};
