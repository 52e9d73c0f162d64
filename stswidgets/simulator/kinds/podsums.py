"""What a pod asks for and is limited to as a whole: quotas, limit ranges and the scheduler count by this.

Rules of `PodRequests` and `PodLimits` (component-helpers `resource`, Kubernetes 1.37).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from stswidgets.simulator.schema import quantity
from stswidgets.simulator.schema.quantity import Quantity

Json = dict[str, Any]
Sums = dict[str, Quantity]
Part = Literal["requests", "limits"]
Texts = Mapping[str, str]

PARTS: tuple[Part, Part] = ("requests", "limits")

_HUGE = "hugepages-"
_NONE: Texts = {}


class Count(msgspec.Struct, frozen=True):
    """What one of those that count looks at.

    `reports`: also at what the containers were allocated and given, which differs while a resize is on its way.
    `own_reports`: also at the same of the pod as a whole. `overhead`: at what it takes to run a pod at all. `own_huge`:
    whether huge pages that the pod names itself stand for those of its containers, as CPU and memory do.
    """

    reports: bool = False
    own_reports: bool = False
    overhead: bool = True
    own_huge: bool = True


SPEC = Count()
QUOTA = Count(reports=True)
SCHEDULER = Count(reports=True, own_reports=True)
LIMIT_RANGE = Count(overhead=False, own_huge=False)
"""As `plugin/pkg/admission/limitranger` adds up: it has functions of its own there."""


def of(pod: Json, part: Part, count: Count = SPEC) -> Sums:
    """The containers and sidecars together, or what init containers need before them if that is more.

    What the pod names itself stands for all of that. Of a resize the most of what is wanted, allocated and given
    counts; what is wanted does not if it can never be.
    """
    spec = pod["spec"]
    total = _containers(pod, part, count)
    own = (spec.get("resources") or {}).get(part)
    if own:
        total |= {name: amount for name, amount in _own(pod, own, part, count).items() if _is_own(name, count)}
    overhead = spec.get("overhead") if count.overhead else None
    if overhead:
        extra = _read(overhead)
        if part == "limits":  # what has no limit has none with its overhead either
            extra = {name: amount for name, amount in extra.items() if name in total and total[name].nano}
        add(total, extra)
    return total


def of_containers(spec: Json, part: Part) -> Sums:
    """What a pod's containers name together, whatever the pod names itself (`AggregateContainerRequests`)."""
    return _together(spec, lambda item: _wanted(item, part))


def resources(holder: Json, part: Part) -> Sums:
    """The requests or limits of a container, a claim, or a pod's spec."""
    return _read(_wanted(holder, part))


def is_own(spec: Json) -> bool:
    """Whether a pod names resources for all its containers together."""
    named = spec.get("resources") or {}
    return any(_is_own(name, SPEC) for part in PARTS for name in named.get(part) or ())


def lasting(spec: Json) -> list[Json]:
    """The containers that run as long as the pod does: its own and its sidecars."""
    sidecars = [item for item in spec.get("initContainers") or () if item.get("restartPolicy") == "Always"]
    return [*spec["containers"], *sidecars]


def add(total: Sums, more: Sums) -> None:
    """Add amounts by name, in place; a sum is written as its first part that is not nothing."""
    for name, amount in more.items():
        known = total.get(name)
        if known is None or known.nano == 0:
            total[name] = amount
        elif amount.nano:
            total[name] = Quantity(known.nano + amount.nano, known.form)


def _containers(pod: Json, part: Part, count: Count) -> Sums:
    spec = pod["spec"]
    wanted = of_containers(spec, part)
    status = pod.get("status") or {}
    if not count.reports or not (status.get("containerStatuses") or status.get("initContainerStatuses")):
        return wanted
    whole = status.get("resources") or {}
    if count.own_reports and whole.get(part) and (part == "limits" or status.get("allocatedResources")):
        found = [_read(whole[part])]
        if part == "requests":
            found.append(_read(status["allocatedResources"]))
    else:
        found = _reported(pod, part)
    return _most(found) if _is_infeasible(pod) else _most([wanted, *found])


def _together(spec: Json, texts: Callable[[Json], Texts]) -> Sums:
    """One amount of all containers, by what each has."""
    total: Sums = {}
    for container in spec.get("containers") or ():
        add(total, _read(texts(container)))
    sidecars: Sums = {}
    start: Sums = {}
    for container in spec.get("initContainers") or ():
        needed = _read(texts(container))
        if container.get("restartPolicy") == "Always":
            add(total, needed)
            add(sidecars, needed)
            needed = sidecars
        else:
            add(needed, sidecars)
        _raise(start, needed)
    _raise(total, start)
    return total


def _reported(pod: Json, part: Part) -> list[Sums]:
    """What the containers were given and, of requests, allocated."""
    spec, status = pod["spec"], pod["status"]
    reports = {
        item["name"]: item
        for item in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ()))
    }
    is_infeasible = _is_infeasible(pod)

    def allocated(container: Json) -> Texts:
        report = reports.get(container["name"]) or {}
        known: Texts | None = report.get("allocatedResources") if part == "requests" else None
        return known or (_NONE if is_infeasible else _wanted(container, part))

    def given(container: Json) -> Texts:
        report = reports.get(container["name"]) or {}
        known: Texts | None = (report.get("resources") or {}).get(part)
        return known or allocated(container)

    if part == "limits":
        return [_together(spec, given)]
    return [_together(spec, given), _together(spec, allocated)]


def _own(pod: Json, own: Texts, part: Part, count: Count) -> Sums:
    status = pod.get("status") or {}
    if not count.own_reports or not status.get("resources"):
        return _read(own)
    wanted = {} if _is_infeasible(pod) else _read(own)
    given = _read(status["resources"].get(part))
    return _most([wanted, given, _read(status.get("allocatedResources")) if part == "requests" else {}])


def _is_own(name: str, count: Count) -> bool:
    return name in ("cpu", "memory") or (count.own_huge and name.startswith(_HUGE))


def _is_infeasible(pod: Json) -> bool:
    for item in pod["status"].get("conditions") or ():
        if item["type"] == "PodResizePending":
            return bool(item.get("reason") == "Infeasible")
    return False


def _wanted(holder: Json, part: Part) -> Texts:
    return (holder.get("resources") or {}).get(part) or _NONE


def _read(texts: Texts | None) -> Sums:
    return {name: quantity.parse(text) for name, text in (texts or _NONE).items()}


def _raise(total: Sums, floor: Sums) -> None:
    for name, amount in floor.items():
        if name not in total or amount.nano > total[name].nano:
            total[name] = amount


def _most(sums: list[Sums]) -> Sums:
    total: Sums = {}
    for one in sums:
        _raise(total, one)
    return total
