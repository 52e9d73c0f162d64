"""Where the view is: a page, and on it one StatefulSet and one tab. The address of a dashboard carries the same."""

from __future__ import annotations

import urllib.parse
from typing import Any

import traitlets as t

PAGES = ("browse", "create", "detail", "usage", "history")
OF_ONE_SET = ("detail", "usage", "history")
_LONGEST = 253
"""Of a name or namespace: what Kubernetes allows at most. Addresses come from anywhere."""

Route = dict[str, str]


def from_query(query: str) -> dict[str, str]:
    """`page`, `namespace`, `name`, `tab` and `lang` of an address' query string, "" where it lacks one."""
    found = urllib.parse.parse_qs(query)
    return {key: found.get(key, [""])[0][:_LONGEST] for key in ("page", "namespace", "name", "tab", "lang")}


def place(page: str, namespace: str = "", name: str = "", tab: str = "") -> Route:
    """A route that makes sense: unknown pages are the list, and so is a page of one set without its name."""
    if page not in PAGES:
        page = "browse"
    if page == "browse":
        name = ""
    return {"page": page, "namespace": namespace, "name": name, "tab": tab}


class RouteState(t.HasTraits):
    """The route as the browser sees it."""

    value: t.Dict[str, str] = t.Dict()

    def __init__(self, page: str = "browse", **where: str) -> None:
        super().__init__(value=place(page, **where))

    def open(self, page: str = "", **where: Any) -> None:
        """Go to a page. Without a page stay on this one; a set's name is kept where only the tab changes."""
        now = self.value
        page = page or now["page"]
        same_set = page == now["page"] or (page in OF_ONE_SET and now["page"] in OF_ONE_SET)
        namespace = str(where.get("namespace") or now["namespace"])
        name = str(where["name"] if "name" in where else now["name"] if same_set else "")
        self.value = place(page, namespace, name, str(where.get("tab") or ""))
