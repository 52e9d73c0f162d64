// The application: one view, whatever page it shows. `mount` is all that the loader knows of it.
import { render } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { Bar } from "./chrome/bar";
import { useFocusKept } from "./chrome/focus";
import { useAddress } from "./chrome/history";
import { Place } from "./chrome/place";
import { useLook, useRememberedTheme } from "./chrome/theme";
import { BrowsePage } from "./pages/browse";
import { CreatePage } from "./pages/create";
import { DetailPage } from "./pages/detail";
import { HistoryPage } from "./pages/history";
import { UsagePage } from "./pages/usage";
import { Notice } from "./parts/notice";
import { PlanDialog } from "./plan/dialog";
import styles from "./style/index.css";
import { CommandError } from "./wire/commands";
import type { Model } from "./wire/model";
import { RunContext } from "./wire/run";
import type { Notice as NoticeValue, PageId } from "./wire/types";
import { Connection, type Library, useText, useTrait, useView, ViewContext } from "./wire/view";

const STYLE_ID = "stswidgets-style";

const PAGES: Record<PageId, () => preact.JSX.Element | null> = {
  browse: BrowsePage,
  create: CreatePage,
  detail: DetailPage,
  usage: UsagePage,
  history: HistoryPage,
};

export function mount(el: HTMLElement, model: Model, library: Library): () => void {
  dress();
  const view = new Connection(model, library);
  el.addEventListener("keydown", keepKeys);
  render(
    <ViewContext.Provider value={view}>
      <App root={el} />
    </ViewContext.Provider>,
    el,
  );
  return () => {
    render(null, el);
    el.removeEventListener("keydown", keepKeys);
    view.close();
  };
}

/** A notebook's one-key commands stay out of our rows and buttons; its Ctrl and Cmd ones (save) still work. */
function keepKeys(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.key === "Enter") event.stopPropagation();
}

/** The style sheet once a page; a newer bundle's replaces an older one's. */
function dress(): void {
  let style = document.getElementById(STYLE_ID);
  if (!style) {
    style = document.createElement("style");
    style.id = STYLE_ID;
    document.head.append(style);
  }
  if (style.textContent !== styles) style.textContent = styles;
}

function App({ root }: { root: HTMLElement }) {
  const options = useTrait("options");
  const route = useTrait("route");
  const plan = useTrait("plan");
  const look = useLook(options);
  const lang = options.lang ?? "en";
  const voila = options.hosts === "voila";
  useEffect(() => {
    root.dataset["scheme"] = look.scheme;
    root.dataset["palette"] = look.palette;
    root.dataset["host"] = voila ? "voila" : "notebook";
    root.lang = lang === "zh" ? "zh-Hans" : lang;
    if (!voila) return;
    document.documentElement.lang = root.lang;
    document.documentElement.dataset["stsTheme"] = look.scheme; // the page around the view follows
  }, [root, look.scheme, look.palette, lang, voila]);
  const { run, failures, dismiss } = useFailures();
  useAddress(route, options, run);
  useRememberedTheme(options, run);
  const page = `${route.page}/${route.namespace ?? ""}/${route.name ?? ""}`;
  useFocusKept(root, `${page}/${plan ? (plan.applied ? "applied" : "planned") : ""}`);
  const Page = PAGES[route.page] ?? BrowsePage;
  return (
    <RunContext.Provider value={run}>
      {options.chrome && <Bar />}
      <div class="sts-content">
        {!options.chrome && (
          <div class="sts-strip">
            <Place />
          </div>
        )}
        <Notices failures={failures} onDismiss={dismiss} />
        <Page key={page} />
      </div>
      {route.page !== "create" && <PlanDialog />}
    </RunContext.Provider>
  );
}

interface Failure {
  key: number;
  notice: NoticeValue;
}

/** Commands that fail, and for which the kernel has not put up a notice of its own. */
function useFailures() {
  const { commands } = useView();
  const [failures, setFailures] = useState<Failure[]>([]);
  const run = useCallback(
    (name: string, args: Record<string, unknown> = {}) => {
      commands.run(name, args).catch((error: unknown) => {
        if (!(error instanceof CommandError)) throw error;
        setFailures((before) => [...before.slice(-2), { key: Date.now(), notice: error.notice }]);
      });
    },
    [commands],
  );
  const dismiss = useCallback((key: number) => setFailures((before) => before.filter((each) => each.key !== key)), []);
  return { run, failures, dismiss };
}

function Notices({ failures, onDismiss }: { failures: Failure[]; onDismiss(key: number): void }) {
  const t = useText();
  const { commands } = useView();
  const notices = useTrait("notices");
  const said = new Set(notices.map((each) => each.text));
  const own = failures.filter((each) => !said.has(each.notice.text));
  return (
    <div class="sts-notices" role="region" aria-label={t("notices")}>
      {notices.map((notice, index) => (
        <Notice
          key={notice.id ?? `${index}:${notice.text}`}
          notice={notice}
          {...(notice.id && {
            onDismiss: () => void commands.run("dismiss", { id: notice.id }).catch(() => undefined),
          })}
        />
      ))}
      {own.map(({ key, notice }) => (
        <Notice key={key} notice={notice} onDismiss={() => onDismiss(key)} />
      ))}
    </div>
  );
}
