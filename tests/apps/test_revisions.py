"""Going back, where that alone does not help, and what the list of revisions says afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stswidgets import simulator as simulators
from stswidgets.apps import connection, pages
from stswidgets.cluster.connection import Cluster
from tests.apps.driving import Page

IMAGE = "spec.template.spec.containers[0].image"


@pytest.fixture
def page(stored: Page) -> Page:
    """A set of two pods whose second revision names an image that cannot be pulled."""
    stored.ok("edit")
    stored.ok("set", path=IMAGE, text="nginx:broken")
    stored.ok("plan")
    stored.ok("apply")
    stored.wait(lambda: stored.view.rollout and stored.view.rollout["phase"] == "Stuck")
    return stored


def test_a_roll_back_offers_to_delete_the_pods_that_it_would_leave_broken(page: Page) -> None:
    page.ok("plan_roll_back", revision=1)
    assert [each["name"] for each in page.view.plan["further"]] == ["db-1"]


def test_taking_the_offer_heals_the_set(page: Page, cluster: Cluster, namespace: str) -> None:
    page.ok("plan_roll_back", revision=1)
    page.ok("apply", further=True)
    page.wait(lambda: cluster.read("statefulsets", namespace, "db")["status"].get("readyReplicas") == 2)


def test_a_revision_that_came_back_says_so(page: Page, namespace: str) -> None:
    page.ok("plan_roll_back", revision=1)
    page.ok("apply", further=True)
    page.ok("open", page="history", namespace=namespace, name="db")
    page.wait(lambda: page.view.history and [row["number"] for row in page.view.history["revisions"]] == [3, 2])
    page.wait(lambda: page.view.history["revisions"][0]["came_back"] is not None)


def test_the_newest_revision_is_the_rightmost_even_where_no_pod_tells_when_it_came_back(
    shown: Callable[..., Page],
) -> None:
    with simulators.start("rollback-trap") as handle, connection.connect(handle) as trapped:
        page = shown(pages.history, "default", "web", cluster=trapped)
        page.wait(lambda: page.view.history and page.view.history["figure"])
        assert numbers_from_left_to_right(page.view.history["figure"])[-1] == "3"


def numbers_from_left_to_right(figure: dict[str, Any]) -> list[str]:
    points = [
        (x, str(text))
        for trace in figure["data"]
        if "text" in trace.get("mode", "")
        for x, text in zip(trace["x"], trace["text"], strict=True)
    ]
    return [text for _, text in sorted(points)]


def test_a_draft_that_is_only_begun_has_no_errors_in_its_text(
    shown: Callable[..., Page], cluster: Cluster, namespace: str
) -> None:
    page = shown(pages.create, namespace, cluster=cluster)
    page.wait(lambda: page.view.editor)
    assert {problem["severity"] for problem in page.view.editor["problems"]} == {"info"}


def test_connect_takes_a_path_object(simulator) -> None:
    with connection.connect(Path(simulator.kubeconfig)) as cluster:
        assert cluster.server_version()["major"] == "1"
