"""Fixtures for tests of code that uses stswidgets: a simulated cluster, and access to it.

    # conftest.py
    pytest_plugins = ["stswidgets.testing"]

    def test_my_notebook(cluster):
        cluster.apply(cluster.plan_apply([manifest]))

`simulator` is one process for the session; `cluster` is opened for each test, in a namespace of its own that is removed
afterwards. Override `simulator_scenario` to start from another scenario than "empty".
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from stswidgets import simulator as simulators
from stswidgets.apps import connection
from stswidgets.cluster import kinds
from stswidgets.cluster.connection import Cluster

_NAMESPACES = kinds.resource("namespaces")


@pytest.fixture(scope="session")
def simulator_scenario() -> str:
    """The scenario that the session's simulator starts from."""
    return "empty"


@pytest.fixture(scope="session")
def simulator(simulator_scenario: str) -> Iterator[simulators.Handle]:
    """A simulated cluster, shared by the session."""
    with connection.simulate(simulator_scenario) as handle:
        yield handle


@pytest.fixture
def cluster(simulator: simulators.Handle) -> Iterator[Cluster]:
    """Access to the simulator; `cluster.namespace` is a namespace of the test's own."""
    name = f"test-{secrets.token_hex(4)}"
    with connection.connect(simulator, namespace=name) as opened:
        opened.transport.request(
            "POST",
            _NAMESPACES.path(),
            body={"apiVersion": _NAMESPACES.api_version, "kind": _NAMESPACES.kind, "metadata": {"name": name}},
        )
        yield opened
        opened.transport.request("DELETE", _NAMESPACES.path(name=name))
