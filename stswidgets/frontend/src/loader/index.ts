// The widget's `_esm`: small, because anywidget sends it with every instance. It asks the kernel for the application
// once a page, keeps it by the hash of its content, and hands the element over.

declare const LIBRARY_HASHES: Record<string, string>;

interface Model {
  get(name: string): unknown;
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
  send(message: unknown): void;
}

interface App {
  mount(el: HTMLElement, model: Model, library: (name: string) => Promise<unknown>): () => void;
}

type Shelf = Map<string, Promise<unknown>>;

const RETRY_MS = 4000; // the server drops messages when a kernel talks too much: ask again
const ATTEMPTS = 8;

/** What the page has already loaded, whichever widget asked for it. */
function shelf(): Shelf {
  const page = globalThis as unknown as { __stswidgets__?: Shelf };
  page.__stswidgets__ ??= new Map();
  return page.__stswidgets__;
}

function load(model: Model, name: string): Promise<unknown> {
  const loaded = shelf();
  const key = `${name}@${LIBRARY_HASHES[name]}`;
  let found = loaded.get(key);
  if (!found) {
    found = fetchFrom(model, name).then(importBytes);
    found.catch(() => loaded.delete(key)); // the next view may try again
    loaded.set(key, found);
  }
  return found;
}

function fetchFrom(model: Model, name: string): Promise<ArrayBuffer | ArrayBufferView> {
  return new Promise((resolve, reject) => {
    let attempts = 0;
    const answer = (message: { kind?: string; name?: string }, buffers: ArrayBufferView[]) => {
      if (message.kind !== "library" || message.name !== name || !buffers[0]) return;
      stop();
      resolve(buffers[0]);
    };
    const ask = () => {
      attempts += 1;
      if (attempts > ATTEMPTS) {
        stop();
        reject(new Error(`The kernel did not send “${name}”.`));
        return;
      }
      model.send({ kind: "library", name });
    };
    const timer = setInterval(ask, RETRY_MS);
    const stop = () => {
      clearInterval(timer);
      model.off("msg:custom", answer);
    };
    model.on("msg:custom", answer);
    ask();
  });
}

async function importBytes(bytes: ArrayBuffer | ArrayBufferView): Promise<unknown> {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: "text/javascript" }));
  try {
    return await import(/* @vite-ignore */ url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function render({ model, el }: { model: Model; el: HTMLElement }): Promise<() => void> {
  const root = document.createElement("div");
  root.className = "sts-root";
  root.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys stay out of our grid
  root.setAttribute("aria-busy", "true");
  el.append(root);
  try {
    const app = (await load(model, "app")) as App;
    root.removeAttribute("aria-busy");
    const unmount = app.mount(root, model, (name) => load(model, name));
    return () => {
      unmount();
      root.remove();
    };
  } catch (error) {
    root.setAttribute("role", "alert");
    root.textContent = error instanceof Error ? error.message : String(error);
    return () => root.remove();
  }
}

export default { render };
