import { useEffect, useRef } from "preact/hooks";
import { addressOf, routeOf } from "../wire/address";
import type { Run } from "../wire/run";
import type { Options, Route } from "../wire/types";

/** In a dashboard the address follows the route, and the browser's back and forward move it. */
export function useAddress(route: Route, options: Options, run: Run): void {
  const first = useRef(true);
  const on = options.hosts === "voila" && options.chrome === true;
  const { page, namespace, name, tab } = route;
  useEffect(() => {
    if (!on) return;
    const address = addressOf(route, options, new URL(window.location.href));
    const same = address === window.location.pathname + window.location.search;
    if (first.current) window.history.replaceState(null, "", address);
    else if (!same) window.history.pushState(null, "", address);
    first.current = false;
  }, [on, page, namespace, name, tab, options.lang]);
  useEffect(() => {
    if (!on) return undefined;
    const back = () => {
      const wanted = routeOf(new URL(window.location.href), options);
      if (wanted) run("open", { ...wanted });
    };
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, [on, options, run]);
}
