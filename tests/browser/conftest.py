"""A browser without a network but loopback, and the dashboards on the cluster under test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.browser.dashboards import Dashboards, serving
from tests.contract.client import Client


class Watched:
    """What a page did besides what a test asked of it."""

    def __init__(self, context: BrowserContext) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
            self.outside.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)


@contextmanager
def tab_of(browser: Browser, *, width: int = 1400, height: int = 900) -> Iterator[tuple[Page, Watched]]:
    """A tab of its own, without what other tabs have stored."""
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.set_default_timeout(45_000)
    seen = Watched(context)
    yield context.new_page(), seen
    context.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, Watched]]:
    with tab_of(browser) as opened:
        yield opened


@pytest.fixture
def page(watched: tuple[Page, Watched]) -> Iterator[Page]:
    """A page that must neither ask outside of loopback nor report an error."""
    page, seen = watched
    yield page
    assert seen.outside == []
    assert seen.errors == []


@pytest.fixture(scope="session")
def dashboards(request: pytest.FixtureRequest) -> Iterator[Dashboards]:
    """The dashboards on the cluster that --kubeconfig names, else `stswidgets demo`."""
    named: Path | None = request.config.getoption("--kubeconfig")
    started = serving("serve", "--kubeconfig", str(named), kubeconfig=named) if named else serving("demo")
    with started as dashboards:
        yield dashboards


@contextmanager
def own_namespace(kubeconfig: Path) -> Iterator[str]:
    """A namespace that is deleted after use."""
    client = Client(kubeconfig)
    name = f"journey-{uuid.uuid4().hex[:6]}"
    client.request("POST", "/api/v1/namespaces", {"metadata": {"name": name}}).ok()
    yield name
    client.request("DELETE", f"/api/v1/namespaces/{name}")


@pytest.fixture(scope="module")
def namespace(dashboards: Dashboards) -> Iterator[str]:
    """A namespace of this module's own on the dashboards' cluster."""
    with own_namespace(dashboards.kubeconfig) as name:
        yield name
