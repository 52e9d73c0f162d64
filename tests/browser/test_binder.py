"""Binder's files serve the tour: its start command, its settings, its own simulated cluster."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import binder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with binder.started(tmp_path_factory.mktemp("home"), Path(sys.executable).parent) as address:
        yield address


def test_the_tour_is_served_by_voila_on_a_cluster_of_its_own(address, page: Page):
    page.goto(f"{address}/voila/render/notebooks/tour.ipynb")
    expect(page.get_by_role("heading", name="A tour of StatefulSets")).to_be_visible()
    expect(page.locator(".sts-root").first).to_contain_text("queue")


def test_a_page_of_the_dashboards_works_there_too(address, page: Page):
    page.goto(f"{address}/voila/render/notebooks/detail.ipynb?namespace=shop&name=db")
    expect(page.get_by_role("heading", name="db", exact=True)).to_be_visible()
