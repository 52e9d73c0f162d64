import { Button } from "../parts/button";
import { addressOf } from "../wire/address";
import { useRun } from "../wire/run";
import type { Options, PageId, Theme } from "../wire/types";
import { useText, useTrait } from "../wire/view";
import { Place } from "./place";

const LANGUAGES = [
  { id: "en", word: "EN", name: "English" },
  { id: "zh", word: "中文", name: "中文" },
];

/** The page's bar: product, pages, where one is, and how one likes to see it. */
export function Bar() {
  const t = useText();
  const options = useTrait("options");
  const route = useTrait("route");
  return (
    <header class="sts-bar">
      <span class="sts-bar__product">
        <Mark />
        stswidgets
      </span>
      <nav class="sts-bar__pages" aria-label={t("pages")}>
        {(options.pages ?? [])
          .filter((each) => each.page !== "detail" || route.page === "detail")
          .map((each) => (
            <PageLink key={each.page} page={each.page} title={each.title} options={options} current={route.page} />
          ))}
      </nav>
      <span class="sts-grow" />
      <Place />
      <Preferences options={options} />
    </header>
  );
}

function PageLink({
  page,
  title,
  options,
  current,
}: {
  page: PageId;
  title: string;
  options: Options;
  current: PageId;
}) {
  const run = useRun();
  const route = useTrait("route");
  const target = {
    page,
    ...(route.namespace && { namespace: route.namespace }),
    ...(keepsName(page) && route.name && { name: route.name }),
  };
  return (
    <a
      class="sts-bar__page"
      href={options.hosts === "voila" ? addressOf(target, options, new URL(window.location.href)) : "#"}
      aria-current={page === current ? "page" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        run("open", target);
      }}
    >
      {title}
    </a>
  );
}

/** Pages about one set stay with the set. */
function keepsName(page: PageId): boolean {
  return page === "detail" || page === "usage" || page === "history";
}

function Preferences({ options }: { options: Options }) {
  const t = useText();
  const run = useRun();
  const lang = options.lang ?? "en";
  const theme = options.theme ?? "auto";
  const next: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
  const names: Record<Theme, string> = { auto: t("theme_auto"), light: t("theme_light"), dark: t("theme_dark") };
  const icon = ({ auto: "auto", light: "sun", dark: "moon" } as const)[theme];
  return (
    <span class="sts-bar__preferences">
      <span class="sts-toggle" role="group" aria-label={t("language")}>
        {LANGUAGES.map((each) => (
          <button
            key={each.id}
            type="button"
            lang={each.id}
            title={each.name}
            aria-pressed={lang === each.id}
            onClick={() => run("set_options", { lang: each.id })}
          >
            {each.word}
          </button>
        ))}
      </span>
      <Button
        icon={icon}
        look="quiet"
        label={t("theme", { theme: names[theme] })}
        onClick={() => run("set_options", { theme: next[theme] })}
      />
    </span>
  );
}

/** Three stacked layers, one a pod: the product's sign. */
function Mark() {
  return (
    <svg class="sts-bar__mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d="M10 2l7 3.2-7 3.2-7-3.2z" />
      <path d="M3 9.4l7 3.2 7-3.2M3 13.6l7 3.2 7-3.2" fill="none" />
    </svg>
  );
}
