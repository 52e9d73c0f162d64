"""What the HTTP side asks of a cluster's nodes: logs, commands in containers, and usage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from stswidgets.simulator.nodes import meters

Json = dict[str, Any]
LogLine = tuple[datetime, str]


class Usage(Protocol):
    """Metrics as metrics.k8s.io has them."""

    def pods(self, namespace: str, /) -> list[Json]:
        """PodMetrics of a namespace; of all with an empty text."""

    def nodes(self) -> list[Json]:
        """NodeMetrics."""


class Meters(Protocol):
    """Counters as kubelets keep them."""

    def node(self, name: str, /) -> meters.NodeMeter | None:
        """A node's counters; None if there is no such node."""


class Faces(Protocol):
    """The nodes of a running cluster."""

    @property
    def usage(self) -> Usage:
        """Who uses how much."""

    @property
    def meters(self) -> Meters:
        """What was used in all."""

    def logs(self, pod: Json, container: str, *, previous: bool = False) -> Sequence[LogLine]:
        """What a container has written so far, oldest first; it only grows."""

    def shell(self, pod: Json, container: str, argv: Sequence[str], stdin: str) -> tuple[str, str, int]:
        """Run a command: (standard output, standard error, exit code)."""

    def finish(self, pod: Json, container: str, code: int) -> None:
        """Let a container end with an exit code, as its program would."""

    def stop(self) -> None:
        """End all that runs in the cluster."""
