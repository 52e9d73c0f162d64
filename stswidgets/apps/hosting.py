"""Where a view stands: in a notebook, or as a page of the dashboards, whose address says what it shows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from stswidgets import messages
from stswidgets.state import route


class Host(NamedTuple):
    """`pages` is the folder of the dashboards' pages (an address' path), "" outside of them."""

    query: dict[str, str]
    pages: str

    @property
    def is_dashboard(self) -> bool:
        return bool(self.pages)


def host(environment: Mapping[str, str] = os.environ) -> Host:
    """Read what Voila tells a kernel of the request that started it."""
    query = route.from_query(environment.get("QUERY_STRING", ""))
    folder, _, file = environment.get("SCRIPT_NAME", "").rpartition("/")
    is_voila = environment.get("SERVER_SOFTWARE", "").startswith("voila")
    is_page = is_voila and file.removesuffix(".ipynb") in route.PAGES
    return Host(query, f"{folder}/" if is_page else "")


def language(asked: str | None, where: Host, environment: Mapping[str, str] = os.environ) -> str:
    """The language: asked for in the call, in the address, by `STSWIDGETS_LANG`; else English."""
    return messages.language(asked or where.query["lang"] or environment.get("STSWIDGETS_LANG", "") or "en")


def options(where: Host, lang: str, chrome: bool | None, theme: str = "auto") -> dict[str, Any]:
    """The view's `options`. A page of the dashboards has the page bar and owns its address."""
    pages = [
        {
            "page": page,
            "title": messages.text(f"state.page.{page}", lang),
            "href": f"{where.pages}{page}.ipynb" if where.is_dashboard else "",
        }
        for page in route.PAGES
    ]
    return {
        "chrome": where.is_dashboard if chrome is None else chrome,
        "lang": lang,
        "theme": theme,
        "hosts": "voila" if where.is_dashboard else "notebook",
        "pages": pages,
    }
