"""Pictures of every page, light and dark, English and Chinese, wide and narrow: `make screenshots`.

They are looked at, not compared. One set has a name of 52 letters, the longest that its pods' labels allow.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.dashboards import Dashboards, serving
from tests.contract.client import Client, Namespace
from tests.setup import chromium

FOLDER = Path(__file__).parents[2] / "screenshots"
LONG = "the-longest-name-that-a-statefulset-can-have-is-this"
PAGES = {
    "browse": {"namespace": "shop"},
    "create": {"namespace": "shop"},
    "detail": {"namespace": "shop", "name": "queue"},
    "detail-long": {"namespace": "shop", "name": LONG},
    "detail-usage": {"namespace": "shop", "name": "db", "tab": "usage"},
    "detail-revisions": {"namespace": "shop", "name": "db", "tab": "revisions"},
    "detail-storage": {"namespace": "shop", "name": "db", "tab": "storage"},
    "detail-metadata": {"namespace": "shop", "name": "db", "tab": "metadata"},
    "detail-environment": {"namespace": "shop", "name": "db", "tab": "environment"},
    "detail-events": {"namespace": "shop", "name": "queue", "tab": "events"},
    "detail-yaml": {"namespace": "shop", "name": "db", "tab": "yaml"},
    "detail-missing": {"namespace": "shop", "name": "nobody"},
    "usage": {"namespace": "shop", "name": "cache"},
    "history": {"namespace": "shop", "name": "db"},
    "tour": {},
}


def long_named_set() -> dict[str, object]:
    labels = {"app": LONG}
    containers = [{"name": "main", "image": f"registry.example/{LONG}/{LONG}:1.0"}]
    spec = {
        "replicas": 2,
        "serviceName": LONG,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
    }
    return {"metadata": {"name": LONG, "labels": labels}, "spec": spec}


def main(wanted: list[str]) -> int:
    FOLDER.mkdir(exist_ok=True)
    with serving("demo") as dashboards, sync_playwright() as playwright:
        Namespace(Client(dashboards.kubeconfig), "shop").post("statefulsets", long_named_set()).ok()
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for scheme, lang, width in product(("light", "dark"), ("en", "zh"), (1400, 800)):
            for name in wanted or PAGES:
                take(browser, dashboards, name, scheme=scheme, lang=lang, width=width)
        browser.close()
    return 0


def take(browser: Browser, dashboards: Dashboards, name: str, *, scheme: str, lang: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(dashboards.page(name.split("-", maxsplit=1)[0], **PAGES[name], lang=lang))
    settle(page)
    page.screenshot(path=FOLDER / f"{name}-{scheme}-{lang}-{width}.png", full_page=True)
    page.goto("about:blank")  # so that its kernel ends
    context.close()


def settle(page: Page) -> None:
    """Wait until the page shows content instead of its skeleton."""
    page.locator(".sts-root").first.wait_for()
    page.wait_for_function("() => !document.querySelector('.sts-skeleton')")
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
