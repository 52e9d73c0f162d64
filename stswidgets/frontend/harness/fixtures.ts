// What the kernel would say, for each page and each of its states.
import type { Notice, PageLink, Traits } from "../src/app/wire/types";
import { detail, events, logs, pods } from "./detail";
import { history, usage } from "./figures";
import { form, manifest } from "./form";
import { deletion, overtaken, plan, rollout } from "./plans";
import { LONG, sets } from "./sets";

export interface Fixture {
  traits: Partial<Traits>;
  feeds: Record<string, object[]>;
  later: { plan?: Traits["plan"]; rollout?: Traits["rollout"] };
  pages(lang: string): PageLink[];
}

const FAILED: Notice = {
  severity: "error",
  text: "The API server refused to list StatefulSets in namespace “payments”.",
  next: "Ask for the permission to list statefulsets.apps, or choose another namespace.",
  detail:
    'statefulsets.apps is forbidden: User "viewer" cannot list resource "statefulsets" in API group "apps" in the namespace "payments"',
};

const SESSION: Traits["session"] = {
  cluster: "tour",
  context: "simulator",
  contexts: ["simulator"],
  namespace: "",
  namespaces: ["default", "shop", "payments"],
  simulator: true,
  live: { state: "live", since: new Date().toISOString(), text: "Watching" },
};

const PAGES: Record<string, [string, string]> = {
  browse: ["StatefulSets", "有状态副本集"],
  create: ["Create", "创建"],
  usage: ["Usage", "监控"],
  history: ["Revisions", "修改记录"],
};

export function fixture(page: string, state: string): Fixture {
  const traits: Partial<Traits> = {
    route: {
      page: page as Traits["route"]["page"],
      namespace: "shop",
      name: page === "browse" ? "" : state === "long" ? LONG : "db",
      tab: "",
    },
    session: SESSION,
    notices: [],
    busy: {},
    browse: {
      loading: state === "loading",
      total: 9,
      empty: null,
      error: state === "error" ? FAILED : null,
      statuses: [],
    },
    form: form(state),
    editor: { text: manifest(state), version: 1, origin: "server", problems: [] },
    plan: null,
    rollout: null,
    detail: detail(state),
    usage: usage(state),
    history: history(state),
  };
  const feeds: Fixture["feeds"] = { sets: sets(state), pods: pods(state), events, logs };
  if (state === "loading") {
    delete feeds["sets"];
    Object.assign(traits, { form: null, detail: null, usage: null, history: null });
  }
  if (state === "stale") {
    const since = new Date(Date.now() - 95_000).toISOString();
    traits.session = { ...SESSION, live: { state: "stale", since, text: "No answer from the API server since 95 s" } };
    traits.notices = [
      {
        id: "1",
        severity: "warning",
        text: "The API server has not answered for 95 seconds.",
        next: "Trying again. What is shown may be old.",
      },
    ];
  }
  if (state === "problem") {
    traits.editor = {
      text: manifest(state).replace("replicas: 3", "replicas: [1"),
      version: 2,
      origin: "editor",
      problems: [{ line: 9, column: 13, text: "This list is not closed: expected “,” or “]”.", severity: "error" }],
    };
  }
  if (state === "plan") traits.plan = plan;
  if (state === "overtaken" && traits.form) {
    traits.form = { ...traits.form, is_edit: true };
    traits.plan = overtaken;
  }
  if (state === "delete") traits.plan = deletion;
  if (state === "rollout") {
    traits.plan = { ...plan, applied: { severity: "success", text: "Applied: Service db and StatefulSet db." } };
    traits.rollout = rollout;
  }
  const tab = /^tab-(.+)$/.exec(state)?.[1];
  if (tab && traits.route) traits.route = { ...traits.route, tab };
  return {
    traits,
    feeds,
    later: { plan: page === "create" ? plan : deletion, rollout },
    pages: (lang) =>
      Object.entries(PAGES).map(([id, titles]) => ({
        page: id as PageLink["page"],
        title: titles[lang === "zh" ? 1 : 0],
        href: `/render/${id}.ipynb`,
      })),
  };
}
