import { useEffect, useRef, useState } from "preact/hooks";
import { storage } from "../parts/storage";
import type { Run } from "../wire/run";
import type { Options } from "../wire/types";

export type Scheme = "light" | "dark";

/** Whether Jupyter's page is dark: it says so on its body; else the reader's system does. */
function hostScheme(): Scheme | null {
  const said = document.body.dataset["jpThemeLight"];
  if (said === "true") return "light";
  return said === "false" ? "dark" : null;
}

function systemScheme(): Scheme {
  return window.matchMedia?.("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export interface Look {
  scheme: Scheme;
  /** Jupyter's own variables, where its theme is the wanted one; else ours. */
  palette: "jupyter" | "own";
}

export function lookOf(theme: Options["theme"], hosts: Options["hosts"], host: Scheme | null, system: Scheme): Look {
  // A dashboard has no theme menu of Jupyter's: "auto" follows the reader's system there.
  const auto = hosts === "voila" ? system : (host ?? system);
  const scheme = theme === "light" || theme === "dark" ? theme : auto;
  return { scheme, palette: hosts !== "voila" && host === scheme ? "jupyter" : "own" };
}

/** The look now, following Jupyter's theme and the system's. */
export function useLook(options: Options): Look {
  const [host, setHost] = useState(hostScheme);
  const [system, setSystem] = useState(systemScheme);
  useEffect(() => {
    const query = window.matchMedia?.("(prefers-color-scheme: dark)");
    const changed = () => setSystem(systemScheme());
    query?.addEventListener("change", changed);
    const observer = new MutationObserver(() => setHost(hostScheme()));
    observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
    return () => {
      query?.removeEventListener("change", changed);
      observer.disconnect();
    };
  }, []);
  return lookOf(options.theme, options.hosts, host, system);
}

const STORED = "stswidgets.theme"; // the dashboards' template reads it too, before the first paint

/** A dashboard keeps the theme that was chosen, from page to page and from visit to visit. */
export function useRememberedTheme(options: Options, run: Run): void {
  const { theme, hosts } = options;
  const asked = useRef(false);
  useEffect(() => {
    if (hosts !== "voila" || theme === undefined) return;
    const known = storage()?.getItem(STORED);
    if (!asked.current && theme === "auto" && (known === "light" || known === "dark"))
      run("set_options", { theme: known });
    else storage()?.setItem(STORED, theme);
    asked.current = true;
  }, [hosts, theme, run]);
}
