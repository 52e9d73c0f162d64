"""Nothing grows without bound: after hours of restarts, rollouts and readings a cluster holds what it held before."""

from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, scenarios, store
from stswidgets.simulator.kinds import pods, statefulsets
from stswidgets.simulator.nodes import logs

MERGE = "application/merge-patch+json"


def sizes(*roots: Any) -> Counter[str]:
    """How many elements there are in all containers that the simulator's own objects hold, by where they are held.

    JSON objects in the store are one element each: their size is the user's doing.
    """
    found: Counter[str] = Counter()
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [(type(root).__name__, root) for root in roots]
    while waiting:
        place, value = waiting.pop()
        if id(value) in seen or isinstance(value, store.Stored | store.Event):
            continue
        seen.add(id(value))
        if isinstance(value, Mapping | list | set | frozenset | deque | tuple):
            if not isinstance(value, tuple):
                found[place] += len(value)
            if isinstance(value, dict) and "metadata" in value:
                continue
            inside = value.values() if isinstance(value, Mapping) else value
            waiting += [(place, item) for item in inside]
        elif callable(value) and getattr(value, "__closure__", None):
            waiting += [(place, cell.cell_contents) for cell in value.__closure__ if _is_ours(cell.cell_contents)]
        elif callable(value) and hasattr(value, "__self__"):
            waiting.append((place, value.__self__))
        elif _is_ours(value):
            waiting += [(f"{type(value).__name__}.{name}", child) for name, child in _attributes(value)]
    return found


def _is_ours(value: Any) -> bool:
    return type(value).__module__.startswith("stswidgets.simulator")


def _attributes(value: Any) -> list[tuple[str, Any]]:
    names = {
        *getattr(value, "__dict__", ()),
        *itertools.chain(*(getattr(of, "__slots__", ()) for of in type(value).__mro__)),
    }
    return [(name, getattr(value, name)) for name in names if hasattr(value, name)]


class Work:
    """A cluster on which something is restarted or lost every ten minutes, and its usage and logs are read."""

    def __init__(self, scenario: str) -> None:
        self.api = apis.Api(store.Store(), clock.SteppedClock(datetime(2026, 11, 24, 12, tzinfo=UTC)))
        bootstrap.install(self.api)
        self.cluster = scenarios.load(self.api, scenario)
        self._rounds = itertools.count()
        for item in self.api.store.list(statefulsets.KIND):
            # So that histories are full soon.
            self.api.patch(statefulsets.KIND, item.namespace, item.name, {"spec": {"revisionHistoryLimit": 1}}, MERGE)

    def go_on(self, hours: int) -> None:
        for _ in range(hours * 6):
            chosen = self.api.store.list(statefulsets.KIND)[0]
            annotations = {"kubectl.kubernetes.io/restartedAt": str(next(self._rounds))}
            patch = {"spec": {"template": {"metadata": {"annotations": annotations}}}}
            self.api.patch(statefulsets.KIND, chosen.namespace, chosen.name, patch, MERGE)
            self.api.delete(pods.KIND, chosen.namespace, f"{chosen.name}-0")
            unsubscribe = self.api.store.subscribe(pods.KIND, lambda event: None)
            for _ in range(10):
                self.api.clock.advance(60)
                self.api.store.snapshot(statefulsets.KIND, None)
                self.cluster.usage.pods("")
                self.cluster.usage.nodes()
            unsubscribe()
            for pod in self.api.store.list(pods.KIND):
                for container in pod.obj["spec"]["containers"]:
                    self.cluster.logs(pod.obj, container["name"])

    def sizes(self) -> Counter[str]:
        return sizes(self.api, self.cluster)


# What is kept up to a fixed number, which two hours do not reach.
CAPPED = {
    "_Shelf.history": store.HISTORY * 30,
    "Logs._firsts": logs.REMEMBERED,
    "Store._snapshots": store.SNAPSHOTS * 50,
}


def test_four_hours_of_work_leave_no_more_behind_than_two() -> None:
    work = Work("tour")
    work.go_on(2)
    early = work.sizes()
    work.go_on(2)
    late = work.sizes()
    work.cluster.stop()
    assert {place: count for place, count in late.items() if count > CAPPED.get(place, 1.1 * early[place] + 20)} == {}


def test_a_growing_container_is_noticed() -> None:
    work = Work("empty")
    before = work.sizes()
    work.api.admission.extend([lambda *_: None] * 7)
    after = work.sizes()
    work.cluster.stop()
    assert after.total() == before.total() + 7
