"""What the dashboards' server promises besides its pages: nothing from outside, nothing left behind."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import psutil
import pytest
from playwright.sync_api import Page

from tests.browser.dashboards import Dashboards
from tests.contract import waiting

PAGES = ["browse", "create", "detail", "usage", "history", "tour"]


def kernel_of(page: Page) -> str:
    """The id of the kernel that a page runs on."""
    config = json.loads(page.locator("#jupyter-config-data").inner_text(timeout=1000))
    return str(config["kernelId"])


def runs(kernel: str, dashboards: Dashboards) -> bool:
    """Whether the server's process for a kernel is alive."""
    for child in psutil.Process(dashboards.pid).children(recursive=True):
        try:
            if kernel in " ".join(child.cmdline()):
                return True
        except psutil.NoSuchProcess:  # a zombie too: it ended while we looked
            continue
    return False


def fetch(address: str) -> tuple[int, str, str]:
    """Status, address after redirects and text of a page."""
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status, answer.url, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.url, error.read().decode()


@pytest.fixture(scope="module")
def front(dashboards: Dashboards) -> tuple[int, str, str]:
    """What the root leads to."""
    return fetch(f"{dashboards.address}?lang=zh")


def test_the_root_leads_to_the_list_and_keeps_the_query(dashboards, front):
    _, address, _ = front
    assert address == dashboards.page("browse", lang="zh")


def test_a_page_shows_no_source_code(front):
    _, _, text = front
    assert "stswidgets" in text
    assert "from stswidgets import" not in text


def test_a_page_that_does_not_exist_says_so_without_a_traceback(dashboards):
    status, _, text = fetch(dashboards.page("nothing"))
    assert (status, "There is no such page" in text, "Traceback" in text) == (404, True, False)


def test_an_error_page_loads_nothing_from_elsewhere(dashboards):
    _, _, text = fetch(dashboards.page("nothing"))
    assert "https://" not in text


@pytest.mark.parametrize("name", PAGES)
def test_every_notebook_is_served_as_a_page_that_stays_on_loopback(name, dashboards, page: Page):
    page.goto(dashboards.page(name, namespace="default"))
    page.locator(".sts-root").first.wait_for()


def test_a_page_that_is_left_ends_its_kernel(dashboards, page: Page):
    page.goto(dashboards.page("browse"))
    page.locator(".sts-root").wait_for()
    kernel = kernel_of(page)
    assert runs(kernel, dashboards)
    page.goto("about:blank")
    waiting.until(lambda: not runs(kernel, dashboards), seconds=30, what="without its kernel")


def test_a_closed_tab_ends_its_kernel(dashboards, page: Page):
    tab = page.context.new_page()
    tab.goto(dashboards.page("browse"))
    tab.locator(".sts-root").wait_for()
    kernel = kernel_of(tab)
    tab.close(run_before_unload=True)
    waiting.until(lambda: not runs(kernel, dashboards), seconds=30, what="without its kernel")
