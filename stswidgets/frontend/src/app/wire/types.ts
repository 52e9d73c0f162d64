// The shapes that cross the wire; docs/architecture.md is where they are agreed.

export type PageId = "browse" | "create" | "detail" | "usage" | "history";

export interface Route {
  page: PageId;
  namespace?: string;
  name?: string;
  tab?: string;
}

export type Theme = "auto" | "light" | "dark";

export interface PageLink {
  page: PageId;
  title: string;
  href: string;
}

export interface Options {
  chrome?: boolean;
  lang?: string;
  theme?: Theme;
  hosts?: "voila" | "notebook";
  pages?: PageLink[];
}

export type LiveState = "connecting" | "live" | "stale" | "lost" | "stopped";

export interface Session {
  cluster?: string;
  context?: string | null;
  contexts?: string[];
  namespace?: string;
  namespaces?: string[];
  simulator?: boolean;
  live?: { state: LiveState; since?: string; text?: string };
  user?: string;
}

export type Severity = "error" | "warning" | "info" | "success";

export interface Notice {
  id?: string;
  severity: Severity;
  text: string;
  detail?: string | null;
  next?: string | null;
}

export type Shape = "disc" | "arrow" | "hourglass" | "triangle" | "square" | "cross";
export type Tone = "running" | "updating" | "waiting" | "stuck" | "stopped" | "terminating";

export interface Status {
  word: string;
  shape: Shape;
  tone?: Tone;
  phase?: string;
}

export interface Spark {
  text: string;
  points: (number | null)[];
}

export interface Browse {
  loading?: boolean;
  total?: number;
  empty?: string | null;
  error?: Notice | null;
  statuses?: Choice[];
}

/** Something to choose: a bare value, or a value with the words for it. */
export type Choice = string | { value?: string; id?: string; label?: string; title?: string; word?: string };

export interface SetRow {
  id: string;
  namespace: string;
  name: string;
  alias?: string | null;
  status: Status;
  reason?: string | null;
  ready: number;
  desired: number;
  revision?: { from: number | null; to: number | null; updated: number } | null;
  images: string[];
  labels?: [string, string][] | Record<string, string>;
  cpu?: Spark | null;
  memory?: Spark | null;
  created?: string;
  age: string;
}

export interface Problem {
  severity: "error" | "warning";
  text: string;
}

export type FieldKind = "text" | "integer" | "quantity" | "choice" | "boolean" | "multiline";

export interface FieldNode {
  type: "field";
  path: string;
  id?: string;
  label: string;
  help?: string | null;
  kind: FieldKind;
  value: string;
  placeholder?: string | null;
  unit?: string | null;
  required?: boolean;
  readonly?: string | null;
  choices?: { value: string; label: string }[] | null;
  suggestions?: string[] | null;
  problem?: Problem | null;
  width?: "full" | "half";
  advanced?: boolean;
}

export interface ListNode {
  type: "list";
  advanced?: boolean;
  /** Why it cannot be changed. */
  readonly?: string | null;
  path: string;
  id?: string;
  title: string;
  help?: string | null;
  add?: string | null;
  problem?: Problem | null;
  items: { path: string; title: string; removable?: boolean; nodes: FormNode[] }[];
}

export interface MapNode {
  type: "map";
  advanced?: boolean;
  /** Why it cannot be changed. */
  readonly?: string | null;
  path: string;
  id?: string;
  title: string;
  help?: string | null;
  add?: string | null;
  entries: { path: string; key: string; value: string; problem?: Problem | null }[];
  problem?: Problem | null;
}

export interface NoteNode {
  type: "note";
  severity: Severity;
  text: string;
}

export type FormNode = FieldNode | ListNode | MapNode | NoteNode;

export interface FormSection {
  id: string;
  title: string;
  state: "ok" | "problem" | "todo";
  nodes: FormNode[];
}

export interface FormTree {
  title: string;
  is_edit?: boolean;
  sections: FormSection[];
  missing?: string[];
  can_plan?: boolean;
  starters?: { id: string; title: string; text?: string }[];
}

export interface EditorProblem {
  line: number;
  column: number;
  text: string;
  /** "info" is what has merely not been typed yet. */
  severity: "error" | "warning" | "info";
}

export interface EditorModel {
  text: string;
  version: number;
  origin: "form" | "editor" | "server";
  readonly?: boolean;
  problems?: EditorProblem[];
}

export interface Change {
  path: string;
  op: "add" | "remove" | "change";
  before?: unknown;
  after?: unknown;
  note?: string | null;
}

export interface PlanObject {
  verb: string;
  kind: string;
  namespace?: string;
  name: string;
  before_yaml?: string | null;
  after_yaml?: string | null;
  changes?: Change[];
}

export interface Plan {
  title: string;
  sentence?: string | null;
  objects: PlanObject[];
  warnings?: string[];
  dropped?: string[];
  conflicts?: { manager: string; fields: string[]; text?: string }[];
  problems?: { path: string; text: string }[];
  goes?: string[];
  stays?: string[];
  /** What the plan only offers: done where `apply` is sent with `further`. */
  further?: PlanObject[];
  can_apply: boolean;
  can_force?: boolean;
  can_rebase?: boolean;
  apply_label?: string;
  confirm?: string | null;
  destructive?: boolean;
  kubectl?: string;
  python?: string;
  applying?: boolean;
  applied?: Notice | null;
}

export interface OrdinalRow {
  ordinal: number;
  pod: string;
  state: string;
  word: string;
  shape: Shape;
  tone?: Tone;
  revision?: string | number | null;
  text?: string | null;
}

export interface Rollout {
  phase: string;
  word: string;
  shape: Shape;
  tone?: Tone;
  sentence: string;
  desired: number;
  ready: number;
  updated: number;
  ordinals: OrdinalRow[];
  done: boolean;
}

export interface DetailAction {
  id: string;
  label: string;
  enabled?: boolean;
  why?: string | null;
  destructive?: boolean;
}

export interface Detail {
  namespace: string;
  name: string;
  alias?: string | null;
  description?: string | null;
  uid?: string;
  status?: Status | null;
  reason?: string | null;
  created?: string;
  age?: string;
  owner?: string | null;
  labels?: [string, string][];
  annotations?: [string, string][];
  desired?: number;
  current?: number;
  ready?: number;
  updated?: number;
  ports?: { name?: string | null; protocol: string; container_port: number | string; container: string }[];
  services?: { name: string; type: string; cluster_ip: string; ports: string; exists: boolean }[];
  claims?: {
    name: string;
    pod?: string | null;
    template?: string | null;
    status: string;
    capacity: string;
    class: string;
    age: string;
  }[];
  environment?: { container: string; entries: { name: string; value?: string | null; source?: string | null }[] }[];
  yaml?: string;
  tabs?: { id: string; title: string }[];
  actions?: DetailAction[];
  missing?: Notice | null;
}

export interface ContainerRow {
  name: string;
  image: string;
  state: string;
  status?: Status | null;
  restarts: number;
  ports?: string | null;
  init?: boolean;
}

export interface PodRow {
  id: string;
  name: string;
  ordinal: number;
  status: Status;
  reason?: string | null;
  revision?: string | number | null;
  is_update_revision?: boolean;
  node?: string | null;
  ip?: string | null;
  restarts: number;
  age: string;
  ready: string;
  cpu?: Spark | null;
  memory?: Spark | null;
  containers?: ContainerRow[];
}

export interface EventRow {
  id: string;
  type: "Normal" | "Warning" | string;
  reason: string;
  object: string;
  message: string;
  source?: string | null;
  count?: number | null;
  last?: string | null;
  age: string;
}

export interface LogRow {
  id: string;
  text: string;
}

export type Trace = Record<string, unknown> & { name?: string; x?: unknown[]; y?: unknown[] };

export interface Figure {
  data: Trace[];
  layout: Record<string, unknown>;
}

export interface UsageChart {
  id: string;
  title: string;
  figure: Figure;
  empty?: string | null;
}

export interface Usage {
  ranges?: Choice[];
  range?: string;
  bys?: Choice[];
  by?: string;
  live?: boolean;
  charts: UsageChart[];
  source?: string | null;
  stale?: string | null;
}

export interface Revision {
  number: number;
  name: string;
  hash?: string;
  created?: string;
  /** Since it was last made active, which is later than `created` after a roll back. */
  age: string;
  came_back?: string | null;
  images: string[];
  change_cause?: string | null;
  is_current?: boolean;
  is_update?: boolean;
  is_restart_only?: boolean;
  pods: string[];
  tone: "old" | "current" | "incoming";
  can_roll_back?: boolean;
  why?: string | null;
}

export interface History {
  revisions: Revision[];
  figure?: Figure | null;
  compare?: { a: number; b: number; changes: Change[]; before_yaml?: string; after_yaml?: string } | null;
  limit?: number | null;
  empty?: string | null;
}

export interface Traits {
  route: Route;
  options: Options;
  messages: Record<string, string>;
  session: Session;
  notices: Notice[];
  busy: Record<string, string>;
  browse: Browse | null;
  form: FormTree | null;
  editor: EditorModel | null;
  plan: Plan | null;
  rollout: Rollout | null;
  detail: Detail | null;
  usage: Usage | null;
  history: History | null;
}

export interface FeedMessage {
  kind: "feed";
  feed: string;
  seq: number;
  reset: boolean;
  upsert: { id: string }[];
  remove: string[];
}

export interface DoneMessage {
  kind: "done";
  id: string;
  error: Notice | null;
  result?: unknown;
}

export interface ExtendMessage {
  kind: "extend";
  chart: string;
  traces: { name: string; x: unknown[]; y: unknown[] }[];
  drop: number;
}
