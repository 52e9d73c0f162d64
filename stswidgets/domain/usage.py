"""Samples of what containers use, and what they asked for."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, NamedTuple

from stswidgets.domain import paths, quantity


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """One container at one time: CPU in cores, memory in bytes (the working set)."""

    time: datetime
    namespace: str
    pod: str
    container: str
    cpu: float
    memory: int


class Amount(NamedTuple):
    """What one container asked for: cores and bytes, None where it says nothing."""

    container: str
    cpu: float | None
    memory: float | None


class Bounds(NamedTuple):
    """A pod's containers, in order: what each asks for and what it may use at most."""

    requests: tuple[Amount, ...]
    limits: tuple[Amount, ...]


def requests_and_limits(pod: Any) -> Bounds:
    """Of a pod or of a pod template. A request that is not said is the limit, as the API server defaults it in pods."""
    containers = paths.get(pod, ("spec", "containers"), None)
    requests, limits = [], []
    for container in containers if isinstance(containers, list) else ():
        limit = _amount(container, "limits", None)
        limits.append(limit)
        requests.append(_amount(container, "requests", limit))
    return Bounds(tuple(requests), tuple(limits))


def _amount(container: Any, part: str, default: Amount | None) -> Amount:
    name = paths.get(container, ("name",), "")
    cpu, memory = (_number(paths.get(container, ("resources", part, key), None)) for key in ("cpu", "memory"))
    if default is not None:
        cpu, memory = (default.cpu if cpu is None else cpu), (default.memory if memory is None else memory)
    return Amount(name if isinstance(name, str) else "", cpu, memory)


def _number(value: Any) -> float | None:
    return None if value is None or quantity.problem(value) else float(quantity.parse(value))
