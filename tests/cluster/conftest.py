"""Clusters to test with: one of a script's making, and the one under test."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from stswidgets import cluster as clusters
from stswidgets.cluster import transport
from tests.cluster import loopback
from tests.contract import waiting
from tests.contract.client import Client, path_of

QUICK = transport.Timing(
    connect=1.0, read=1.0, watch_read=0.5, backoff_first=0.02, backoff_longest=0.1, lost_after=0.3, pause_shortest=0.02
)


@pytest.fixture
def scripted() -> Iterator[Callable[[loopback.Script], tuple[clusters.Cluster, loopback.Server]]]:
    """Starts a server that follows a script, and opens it with short times."""
    with ExitStack() as stack:

        def start(script: loopback.Script) -> tuple[clusters.Cluster, loopback.Server]:
            server = stack.enter_context(loopback.serving(script))
            return stack.enter_context(clusters.connect(host=server.url, timing=QUICK)), server

        yield start


@pytest.fixture(scope="session")
def cluster(kubeconfig: Path) -> Iterator[clusters.Cluster]:
    """The cluster under test: the simulator, or the one that --kubeconfig names."""
    with clusters.connect(kubeconfig=kubeconfig) as opened:
        yield opened


@pytest.fixture
def namespace(kubeconfig: Path) -> Iterator[str]:
    """A namespace of the test's own, removed after it."""
    name = f"cluster-{secrets.token_hex(4)}"
    client = Client(kubeconfig)
    client.request("POST", path_of("namespaces"), {"metadata": {"name": name}}).ok()
    waiting.until(
        lambda: client.request("GET", path_of("serviceaccounts", name, "default")).code == 200, what="service account"
    )
    yield name
    client.request("DELETE", path_of("namespaces", name=name))
