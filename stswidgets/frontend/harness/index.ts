// One view over fixtures: ?page=&state=&theme=&lang=&host= choose what is shown.
import { fixture } from "./fixtures";
import { FakeModel } from "./model";

const query = new URLSearchParams(window.location.search);
const asked = (name: string, otherwise: string) => query.get(name) ?? otherwise;

async function library(name: string): Promise<ArrayBuffer> {
  const answer = await fetch(`/static/${name}.js`);
  return answer.arrayBuffer();
}

async function start(): Promise<void> {
  const lang = asked("lang", "en");
  const messages = (await (await fetch(`/messages/${lang}`)).json()) as Record<string, string>;
  const host = asked("host", "voila") as "voila" | "notebook";
  if (host === "notebook") document.body.className = "cell";
  const made = fixture(asked("page", "browse"), asked("state", "normal"));
  const options = {
    chrome: host === "voila",
    lang,
    theme: asked("theme", "light") as "light" | "dark",
    hosts: host,
    pages: made.pages(lang),
  };
  const model = new FakeModel({ ...made, traits: { ...made.traits, messages, options } }, library);
  Object.assign(window, { model });
  const address = "/static/loader.js";
  const loader = (await import(/* @vite-ignore */ address)) as {
    default: { render(context: { model: FakeModel; el: HTMLElement }): Promise<() => void> };
  };
  const el = document.getElementById("view");
  if (el) await loader.default.render({ model, el });
}

void start();
