"""Putting a cluster together: store, API, controllers and nodes of a scenario, and the server in front of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, identity, store
from stswidgets.simulator import server as servers


class UnknownScenario(ValueError):  # noqa: N818
    """No scenario has that name."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A running cluster: its API, its server, and how to stop what runs in it."""

    api: apis.Api
    server: servers.Server
    stop: Callable[[], None]


class _Nobody:
    """No nodes at all."""

    usage: Any = None

    def __init__(self) -> None:
        self.usage = self

    def pods(self, namespace: str, /) -> list[dict[str, Any]]:
        return []

    def nodes(self) -> list[dict[str, Any]]:
        return []

    def logs(self, pod: Any, container: str, *, previous: bool = False) -> list[Any]:
        return []

    def shell(self, pod: Any, container: str, argv: Any, stdin: str) -> tuple[str, str, int]:
        return "", "", 0

    def stop(self) -> None:
        pass


def assemble(scenario: str, time: clock.Clock) -> Assembled:
    """A cluster as a scenario has it. Needs a running event loop for a clock that moves."""
    api = apis.Api(store.Store(), time)
    bootstrap.install(api)
    if importlib.util.find_spec("stswidgets.simulator.scenarios"):
        from stswidgets.simulator import scenarios  # noqa: PLC0415

        if hasattr(scenarios, "load"):
            cluster = scenarios.load(api, scenario)
            return Assembled(api, servers.Server(api, identity.default_users(), cluster), cluster.stop)
    time.start()
    nodes = _Nobody()
    return Assembled(api, servers.Server(api, identity.default_users(), nodes), nodes.stop)
