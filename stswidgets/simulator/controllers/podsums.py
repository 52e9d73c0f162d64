"""What a pod asks for and is limited to as a whole (`PodRequests`, `PodLimits` in component-helpers `resource`)."""

from __future__ import annotations

from typing import Any, Literal

from stswidgets.simulator.schema import quantity
from stswidgets.simulator.schema.quantity import Quantity

Json = dict[str, Any]
Sums = dict[str, Quantity]
Part = Literal["requests", "limits"]

_POD_LEVEL = ("cpu", "memory")


def of(pod: Json, part: Part) -> Sums:
    """The containers and sidecars together, or what init containers need before them if that is more.

    CPU and memory that the pod names itself stand for all of that.
    """
    spec = pod["spec"]
    total: Sums = {}
    for container in spec["containers"]:
        add(total, resources(container, part))
    sidecars: Sums = {}
    start: Sums = {}
    for container in spec.get("initContainers") or ():
        own = resources(container, part)
        if container.get("restartPolicy") == "Always":
            add(total, own)
            add(sidecars, own)
            needed = sidecars
        else:
            needed = dict(own)
            add(needed, sidecars)
        _raise(start, needed)
    _raise(total, start)
    named = resources(spec, part)
    return total | {name: named[name] for name in _POD_LEVEL if name in named}


def resources(holder: Json, part: Part) -> Sums:
    """The requests or limits of a container, or of a pod's spec."""
    named = (holder.get("resources") or {}).get(part) or {}
    return {name: quantity.parse(text) for name, text in named.items()}


def add(total: Sums, more: Sums) -> None:
    """Add amounts by name, in place; a sum is written as its first part that is not nothing."""
    for name, amount in more.items():
        known = total.get(name)
        if known is None or known.nano == 0:
            total[name] = amount
        elif amount.nano:
            total[name] = quantity.plus(known, amount)


def _raise(total: Sums, floor: Sums) -> None:
    for name, amount in floor.items():
        if name not in total or amount.nano > total[name].nano:
            total[name] = amount
