"""The front end without a kernel: its harness (fixtures behind a fake model) in Chromium."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.setup import frontend

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def harness() -> Iterator[str]:
    """The harness' address. Its packages are installed first where they are not."""
    assert frontend.install() == 0, "the front end's packages could not be installed"
    command = [os.fspath(frontend.NODE / "bin" / "node"), "scripts/harness.mjs"]
    with subprocess.Popen(command, cwd=frontend.FRONTEND, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture
def open_page(browser: Browser, harness: str) -> Iterator[Open]:
    """Opens a page of the harness (`page`, `state`, `theme`, `lang`, `host`); errors and outside requests fail."""
    wrong: list[str] = []
    opened: list[Page] = []

    def request(asked: Request) -> None:
        address = urlsplit(asked.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
            wrong.append(f"asked {asked.url}")

    def open_it(width: int = 1400, **query: str) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        opened.append(page)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", request)
        page.goto(f"{harness}?{urlencode(query)}")
        page.wait_for_selector(".sts-page")
        return page

    yield open_it
    for page in opened:
        page.close()
    assert not wrong
