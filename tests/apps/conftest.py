"""Views over the simulator, driven as a browser drives them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import comm
import pytest
from kubernetes import config
from kubernetes.client import CoreV1Api

from stswidgets import simulator as simulators
from stswidgets.apps import connection, pages
from stswidgets.cluster.connection import Cluster
from tests.apps.driving import Page, RecordingComm

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """No kernel: comms keep what they would send."""
    monkeypatch.setattr(comm, "create_comm", RecordingComm)


@pytest.fixture(autouse=True)
def plain_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook without an address, whatever the tests run in."""
    for name in ("QUERY_STRING", "SCRIPT_NAME", "SERVER_SOFTWARE", "STSWIDGETS_LANG", "STSWIDGETS_CLUSTER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def cluster(simulator: simulators.Handle) -> Iterator[Cluster]:
    """The shared simulator as its administrator."""
    with connection.connect(simulator) as found:
        yield found


@pytest.fixture
def namespace(simulator: simulators.Handle) -> str:
    """A namespace of the test's own."""
    name = f"apps-{next(_numbers)}"
    with config.new_client_from_config(str(simulator.kubeconfig)) as client:
        CoreV1Api(client).create_namespace({"metadata": {"name": name}})
    return name


Open = Callable[..., Page]


@pytest.fixture
def shown() -> Iterator[Open]:
    """Open a view: `shown(pages.browse, "shop", cluster=...)`. All are closed at the end."""
    opened: list[Page] = []

    def show(view: Callable[..., Any], *args: Any, **options: Any) -> Page:
        opened.append(Page(view(*args, **options)))
        return opened[-1]

    yield show
    for page in opened:
        page.view.close()


@pytest.fixture
def stored(shown: Open, cluster: Cluster, namespace: str) -> Page:
    """The detail page of a set `db` with two ready pods."""
    page = shown(pages.create, namespace, "db", cluster=cluster)
    page.ok("set", path="spec.template.spec.containers[0].image", text="nginx:1.27")
    page.ok("set", path="spec.replicas", text="2")
    page.ok("plan")
    page.ok("apply")
    page.wait(lambda: page.view.rollout and page.view.rollout["done"])
    page.ok("open", page="detail", namespace=namespace, name="db")
    page.wait(lambda: page.view.detail and len(page.rows("pods")) == 2)
    return page
