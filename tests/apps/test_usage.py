"""Usage: recorded, charted, and sent once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from stswidgets import simulator as simulators
from stswidgets.apps import hosting, pages
from stswidgets.apps.router import Router
from stswidgets.cluster.connection import Cluster
from stswidgets.state.desk import Desk
from stswidgets.state.route import RouteState
from stswidgets.widgets.view import View
from tests.apps.driving import Page


@pytest.fixture(scope="module")
def simulator() -> Iterator[simulators.Handle]:
    """A cluster whose time runs faster: its metrics are renewed every ten seconds of its own."""
    with simulators.start("empty", clock="20x") as handle:
        yield handle


def quick_view(page: str, namespace: str, name: str, cluster: Cluster) -> View:
    """A view that asks for usage ten times a second."""
    desk = Desk(interval=0.1)
    route = RouteState(page, namespace=namespace, name=name)
    return View(Router(route, lambda _context: cluster, cluster=cluster, host=hosting.host({}), desk=desk))


@pytest.fixture
def usage(shown: Callable[..., Page], stored: Page, cluster: Cluster, namespace: str) -> Iterator[Page]:
    """The usage page of the stored set, with a first sample drawn."""
    page = shown(quick_view, "usage", namespace, "db", cluster)
    page.wait(lambda: page.view.usage and len(page.view.usage["charts"][0]["figure"]["data"]) >= 2)
    return page


def test_each_pod_has_a_line_in_both_charts(usage: Page) -> None:
    for chart in usage.view.usage["charts"]:
        assert [trace["name"] for trace in chart["figure"]["data"]][:2] == ["db-0", "db-1"]
        assert chart["empty"] is None


def test_new_samples_extend_the_chart_without_sending_it_again(usage: Page) -> None:
    def whole() -> int:
        return sum("usage" in data.get("state", {}) for data in usage.view.comm.sent)

    sent = whole()
    usage.wait(lambda: len(usage.received("extend")) >= 4)
    assert whole() == sent
    assert {message["chart"] for message in usage.received("extend")} == {"cpu", "memory"}


def test_a_page_that_loads_later_gets_what_was_extended(usage: Page) -> None:
    usage.wait(lambda: len(usage.received("extend")) >= 4)
    drawn = usage.view.get_state()["usage"]["charts"][0]["figure"]["data"][0]
    assert len(drawn["x"]) >= 3


def test_the_total_has_one_line(usage: Page) -> None:
    usage.ok("usage", by="total")
    assert [trace["name"] for trace in usage.view.usage["charts"][0]["figure"]["data"]] == ["Total"]


def test_a_still_chart_is_not_extended(usage: Page) -> None:
    usage.ok("usage", live=False)
    seen, ticks = len(usage.received("extend")), len(usage.view.source.parts.usage.recording.ticks())
    usage.wait(lambda: len(usage.view.source.parts.usage.recording.ticks()) > ticks + 2)
    assert len(usage.received("extend")) == seen


def test_an_unknown_range_changes_nothing(usage: Page) -> None:
    usage.ok("usage", range="9y")
    assert usage.view.usage["range"] == "15m"


def test_a_server_that_fails_to_answer_leaves_a_gap_and_is_told(
    usage: Page, simulator: simulators.Handle, namespace: str
) -> None:
    simulator.faults.add("status", code=503, path=f"metrics.k8s.io/v1beta1/namespaces/{namespace}", times=0)
    try:
        usage.wait(lambda: usage.view.usage["stale"])
    finally:
        simulator.faults.clear()


def test_the_frame_has_a_row_a_container(usage: Page) -> None:
    frame = usage.view.frame()
    assert set(frame["pod"]) == {"db-0", "db-1"}
    assert list(frame.columns) == ["time", "pod", "container", "cpu", "memory"]


def test_the_pods_of_the_detail_page_have_sparklines(stored: Page) -> None:
    stored.wait(lambda: all(row["cpu"] and row["memory"] for row in stored.rows("pods")))


def test_a_usage_page_of_no_set_says_so(shown: Callable[..., Page], cluster: Cluster) -> None:
    page = shown(pages.usage, cluster=cluster)
    page.wait(lambda: page.view.usage)
    assert page.view.usage["charts"][0]["empty"]
