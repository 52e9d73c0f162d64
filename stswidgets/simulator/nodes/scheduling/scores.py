"""Which of the nodes that fit a pod gets: the default plugins' scores and weights, each from 0 to 100.

`tainttoleration` 3, `nodeaffinity` 2, `podtopologyspread` 2 (a set's pods are spread even if nobody asks),
`interpodaffinity` 2, `noderesources` (least allocated, balanced) 1 each. Where the real scheduler throws a die, the
node with fewer pods, then the one first by name is taken, so that a run can be repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from stswidgets.simulator.nodes.scheduling import neighbours, places, selection, spread
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]
Places = Mapping[str, places.Place]

_MOST = 100.0
# What a pod that asks for nothing is taken to need (`util.DefaultMilliCPURequest`, `DefaultMemoryRequest`).
_LITTLE = {"cpu": quantity.parse("100m").nano, "memory": quantity.parse("200Mi").nano}
_ZONE = "topology.kubernetes.io/zone"


def best(guest: places.Guest, fitting: Places, everywhere: Places, labels_of: neighbours.Labels) -> str:
    """The name of the node with the highest score."""
    if len(fitting) == 1:
        return next(iter(fitting))
    total = dict.fromkeys(fitting, 0.0)
    pod, spec = guest.pod, guest.pod["spec"]
    if any(place.taints for place in fitting.values()):
        bad = {name: selection.untolerated(pod, place.taints, ("PreferNoSchedule",)) for name, place in fitting.items()}
        _add(total, _fewer(bad), 3)
    if "affinity" in spec:
        _add(total, _more({name: selection.preference(spec, place.node) for name, place in fitting.items()}), 2)
        wishes = neighbours.preferences(guest, everywhere.values(), labels_of)
        if wishes:
            _add(total, _between({name: _sum(wishes, place) for name, place in fitting.items()}), 2)
    _add(total, _evenness(guest, fitting, everywhere), 2)
    _add(total, {name: _least(guest, place) for name, place in fitting.items()}, 1)
    _add(total, {name: _balance(guest, place) for name, place in fitting.items()}, 1)
    return min(fitting, key=lambda name: (-round(total[name], 6), len(fitting[name].guests), name))


def _add(total: dict[str, float], scores: Mapping[str, float], weight: int) -> None:
    for name, score in scores.items():
        total[name] += weight * score


def _more(values: Mapping[str, float]) -> dict[str, float]:
    most = max(values.values())
    return {name: _MOST * value / most if most else 0.0 for name, value in values.items()}


def _fewer(values: Mapping[str, float]) -> dict[str, float]:
    return {name: _MOST - value for name, value in _more(values).items()}


def _between(values: Mapping[str, float]) -> dict[str, float]:
    least, most = min(values.values()), max(values.values())
    width = most - least
    return {name: _MOST * (value - least) / width if width else 0.0 for name, value in values.items()}


def _sum(wishes: Counter[neighbours.Domain], place: places.Place) -> float:
    return sum(weight for (key, value), weight in wishes.items() if place.labels.get(key) == value)


def _evenness(guest: places.Guest, fitting: Places, everywhere: Places) -> dict[str, float]:
    own = spread.Spread(guest, everywhere.values(), "ScheduleAnyway")
    if own.rules:
        return _between({name: -own.count(place) for name, place in fitting.items()})
    if not guest.owner or guest.pod["spec"].get("topologySpreadConstraints"):
        return {}
    # The default: by host and, half as much, by zone.
    zones: Counter[str] = Counter()
    for place in everywhere.values():
        zones[place.labels.get(_ZONE, "")] += place.owners.get(guest.owner, 0)
    return _between(
        {
            name: -place.owners.get(guest.owner, 0) - zones[place.labels.get(_ZONE, "")] / 2
            for name, place in fitting.items()
        }
    )


def _least(guest: places.Guest, place: places.Place) -> float:
    return sum(_MOST * max(0.0, 1 - _share(guest, place, resource)) for resource in _LITTLE) / len(_LITTLE)


def _balance(guest: places.Guest, place: places.Place) -> float:
    cpu, memory = (min(1.0, _share(guest, place, resource)) for resource in _LITTLE)
    return _MOST * (1 - abs(cpu - memory) / 2)


def _share(guest: places.Guest, place: places.Place, resource: str) -> float:
    wanted = guest.requests.get(resource, 0) or _LITTLE[resource]
    room = place.room.get(resource, 0)
    return (place.used.get(resource, 0) + wanted) / room if room else 1.0
