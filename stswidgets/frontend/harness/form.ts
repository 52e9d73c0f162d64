import type { FieldNode, FormNode, FormTree } from "../src/app/wire/types";
import { LONG } from "./sets";

function field(path: string, label: string, value: string, more: Partial<FieldNode> = {}): FieldNode {
  return { type: "field", path, id: path, label, kind: "text", value, width: "full", ...more };
}

const C0 = "spec.template.spec.containers[0]";

export function form(state: string): FormTree {
  const bad = state === "problem";
  const name = state === "long" ? LONG : "db";
  const basic: FormNode[] = [
    field("metadata.name", "Name", bad ? "Db_1" : name, {
      required: true,
      help: "Pods are called after it: db-0, db-1, …",
      problem: bad
        ? {
            severity: "error",
            text: "A name has lower case letters, digits and “-”, and starts and ends with a letter or digit.",
          }
        : null,
    }),
    field("metadata.namespace", "Namespace", "shop", {
      required: true,
      suggestions: ["default", "shop"],
      width: "half",
    }),
    field("spec.replicas", "Pod replicas", bad ? "1.5" : "3", {
      kind: "integer",
      width: "half",
      help: "How many pods run.",
      problem: bad ? { severity: "error", text: "Replicas are a whole number of at least 0." } : null,
    }),
    {
      type: "map",
      path: "metadata.labels",
      title: "Labels",
      help: "To find and group objects by.",
      add: "Add label",
      entries: [
        { path: "metadata.labels[app.kubernetes.io/name]", key: "app.kubernetes.io/name", value: name },
        {
          path: "metadata.labels[tier]",
          key: "tier",
          value: "data base",
          problem: bad ? { severity: "error", text: "A value has no blanks." } : null,
        },
      ],
    },
  ];
  const containers: FormNode[] = [
    {
      type: "list",
      path: "spec.template.spec.containers",
      title: "Containers",
      add: "Add container",
      items: [
        {
          path: C0,
          title: "postgres",
          removable: true,
          nodes: [
            field(`${C0}.image`, "Image", "docker.io/library/postgres:16.2", {
              required: true,
              help: "Registry, repository and tag or digest.",
            }),
            field(`${C0}.resources.requests[cpu]`, "CPU request", "250m", {
              kind: "quantity",
              width: "half",
              unit: "cores",
            }),
            field(`${C0}.resources.limits[cpu]`, "CPU limit", "", {
              kind: "quantity",
              width: "half",
              unit: "cores",
              placeholder: "No limit",
            }),
            field(`${C0}.resources.requests[memory]`, "Memory request", "512Mi", { kind: "quantity", width: "half" }),
            field(`${C0}.resources.limits[memory]`, "Memory limit", bad ? "12Gx" : "1Gi", {
              kind: "quantity",
              width: "half",
              problem: bad ? { severity: "error", text: "“Gx” is no unit: write Ki, Mi, Gi, Ti or k, M, G, T." } : null,
            }),
            {
              type: "list",
              path: `${C0}.ports`,
              title: "Ports",
              add: "Add port",
              items: [
                {
                  path: `${C0}.ports[0]`,
                  title: "postgres",
                  removable: true,
                  nodes: [
                    field(`${C0}.ports[0].containerPort`, "Container port", "5432", {
                      kind: "integer",
                      width: "half",
                      required: true,
                    }),
                    field(`${C0}.ports[0].protocol`, "Protocol", "TCP", {
                      kind: "choice",
                      width: "half",
                      choices: [
                        { value: "TCP", label: "TCP" },
                        { value: "UDP", label: "UDP" },
                      ],
                    }),
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ];
  const storage: FormNode[] = [
    { type: "note", severity: "info", text: "Claims outlive their pods: a pod that comes back finds its data." },
    field("spec.volumeClaimTemplates[0].spec.storageClassName", "Storage class", "standard", {
      readonly: "Claim templates cannot be changed after creation.",
    }),
    field("spec.template.spec.hostNetwork", "Use the node's network", "true", {
      kind: "boolean",
      help: "The pods' ports are the node's ports.",
    }),
  ];
  return {
    title: "Create a StatefulSet",
    is_edit: false,
    sections: [
      { id: "basic", title: "Basic information", state: bad ? "problem" : "ok", nodes: basic },
      { id: "pods", title: "Pods and containers", state: bad ? "problem" : "ok", nodes: containers },
      { id: "storage", title: "Storage", state: "ok", nodes: storage },
      {
        id: "scheduling",
        title: "Scheduling and metadata",
        state: "todo",
        nodes: [field("spec.template.spec.nodeSelector", "Node", "")],
      },
    ],
    missing: bad ? ["Name", "Memory limit"] : [],
    can_plan: !bad,
    starters: [
      { id: "web", title: "Web server", text: "" },
      { id: "postgres", title: "PostgreSQL", text: "" },
    ],
  };
}

export function manifest(state: string): string {
  const name = state === "long" ? LONG : "db";
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
  namespace: shop
  labels:
    app.kubernetes.io/name: ${name}
spec:
  replicas: 3
  serviceName: ${name}
  # one at a time, in order
  podManagementPolicy: OrderedReady
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      containers:
        - name: postgres
          image: docker.io/library/postgres:16.2
          ports:
            - name: postgres
              containerPort: 5432
          resources:
            requests: {cpu: 250m, memory: 512Mi}
            limits: {memory: 1Gi}
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql/data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: standard
        resources:
          requests:
            storage: 10Gi
`;
}
