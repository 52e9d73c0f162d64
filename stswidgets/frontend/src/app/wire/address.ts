// Where a page stands, as an address that a colleague can open.
import type { Options, PageId, Route } from "./types";

const OURS = ["namespace", "name", "tab", "lang", "page"];

/** The route's address below `here`; parameters of others (a token, say) stay. */
export function addressOf(route: Route, options: Options, here: URL): string {
  const page = options.pages?.find((each) => each.page === route.page);
  const url = page?.href ? new URL(page.href, here) : new URL(here);
  const query = new URLSearchParams(here.search);
  for (const name of OURS) query.delete(name);
  if (!page?.href) query.set("page", route.page); // no notebook of its own: the address must say it
  for (const name of ["namespace", "name", "tab"] as const) {
    const value = route[name];
    if (value) query.set(name, value);
  }
  if (options.lang && options.lang !== "en") query.set("lang", options.lang);
  url.search = query.toString();
  url.hash = "";
  return url.pathname + url.search;
}

/** The route that an address asks for, as the `open` command's arguments; `null` where it names no page of ours. */
export function routeOf(address: URL, options: Options): Route | null {
  const query = address.searchParams;
  const named = query.get("page") as PageId | null;
  const byPath = options.pages?.find((each) => new URL(each.href, address).pathname === address.pathname)?.page;
  const page = named ?? byPath;
  if (!page) return null;
  const route: Route = { page };
  for (const name of ["namespace", "name", "tab"] as const) {
    const value = query.get(name);
    if (value) route[name] = value;
  }
  return route;
}
