"""The facts of usage charts, made from what was recorded and from what the set and its pods say. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from stswidgets.domain import naming, usage
from stswidgets.state.recording import Column

Object = dict[str, Any]
Measure = Literal["cpu", "memory"]
Bound = Literal["requests", "limits"]
Text = Callable[..., str]
GROUPINGS = ("pod", "container", "total")
_BOUNDS: tuple[Bound, ...] = ("requests", "limits")


class Point(NamedTuple):
    """A value (cores or bytes) at a time (UTC); None where there was no answer."""

    time: datetime
    value: float | None


class Line(NamedTuple):
    """A series. `rank` is its pod's ordinal, so that a pod looks the same in every chart."""

    name: str
    rank: int
    points: tuple[Point, ...]


class Mark(NamedTuple):
    """Something that happened to a pod or to the set."""

    time: datetime
    kind: Literal["restart", "oom", "rollout"]
    text: str


@dataclass(frozen=True)
class Chart:
    """One chart, in the viewer's language; `apps` draws it."""

    measure: Measure
    lines: tuple[Line, ...]
    bounds: dict[Bound, tuple[Point, ...]]
    marks: tuple[Mark, ...]
    words: dict[str, str]


@dataclass(frozen=True)
class Facts:
    """What charts are made of: ticks of the recording, how to group, and the objects as they are now."""

    ticks: list[tuple[datetime, Column]]
    by: str
    namespace: str
    sts: Object | None
    pods: list[Object]
    revisions: list[Object]


def chart(measure: Measure, facts: Facts, text: Text) -> Chart:
    """The chart of one measure. Its bounds are what the set's template asks for and allows now, in its grouping."""
    series = _series(facts)
    lines = tuple(Line(_name(key), rank, _points(key, measure, facts)) for key, rank in series)
    words = {key: text(f"state.usage.{key}") for key in ("requests", "limits", "time")}
    words["total"] = text("state.usage.by.total")
    bounds = {bound: _bound(bound, measure, facts) for bound in _BOUNDS}
    return Chart(
        measure, lines, {bound: points for bound, points in bounds.items() if points}, _marks(facts, text), words
    )


Key = tuple[str, str]
"""Pod and container, either "" where the grouping does not tell them apart."""


def _series(facts: Facts) -> list[tuple[Key, int]]:
    """The keys of all lines, by ordinal, with the rank that chooses their looks."""
    pods = {pod: readings for _, column in facts.ticks for (_, pod), readings in column.items()}
    if facts.by == "total":
        return [(("", ""), 0)] if pods else []
    ordered = sorted(pods, key=lambda pod: (naming.ordinal(pod) or 0, pod))
    if facts.by == "pod":
        return [((pod, ""), naming.ordinal(pod) or 0) for pod in ordered]
    keys = [(pod, container) for pod in ordered for container in pods[pod]]
    return [(key, rank) for rank, key in enumerate(keys)]


def _name(key: Key) -> str:
    return "/".join(part for part in key if part) or "total"


def _points(key: Key, measure: Measure, facts: Facts) -> tuple[Point, ...]:
    return tuple(_point(key, measure, tick, column, facts.namespace) for tick, column in facts.ticks)


def _point(key: Key, measure: Measure, tick: datetime, column: Column, namespace: str) -> Point:
    """The value of one line at one tick, at the time that its samples carry."""
    pod, container = key
    pods = [column.get((namespace, pod), {})] if pod else column.values()
    found = [
        reading for readings in pods for called, reading in readings.items() if not container or called == container
    ]
    if not found:
        return Point(tick, None)
    return Point(max(reading.time for reading in found), sum(getattr(reading, measure) for reading in found))


def _bound(bound: Bound, measure: Measure, facts: Facts) -> tuple[Point, ...]:
    """The requests or limits as a line over the ticks; nothing where some container has none (then there is no sum),
    or where the lines are containers of different kinds."""
    template = (((facts.sts or {}).get("spec") or {}).get("template")) or {}
    containers = (template.get("spec") or {}).get("containers") or ()
    if not containers or (facts.by == "container" and len(containers) > 1):
        return ()
    values = [getattr(wanted, measure) for wanted in getattr(usage.requests_and_limits(template), bound)]
    if any(value is None for value in values):
        return ()
    factor = int(((facts.sts or {}).get("spec") or {}).get("replicas", 1)) if facts.by == "total" else 1
    return tuple(Point(tick, float(sum(values)) * factor) for tick, _ in facts.ticks)


def _marks(facts: Facts, text: Text) -> tuple[Mark, ...]:
    """Restarts, kills for memory, and new revisions, within the ticks' time."""
    if not facts.ticks:
        return ()
    since = facts.ticks[0][0]
    found = [*_restarts(facts.pods, text), *_rollouts(facts.revisions, text)]
    return tuple(sorted((mark for mark in found if mark.time >= since), key=lambda mark: mark.time))


def _restarts(pods: list[Object], text: Text) -> Iterator[Mark]:
    for pod in pods:
        for status in (pod.get("status") or {}).get("containerStatuses") or ():
            ended = (status.get("lastState") or {}).get("terminated") or {}
            if not ended.get("finishedAt"):
                continue
            kind: Literal["oom", "restart"] = "oom" if ended.get("reason") == "OOMKilled" else "restart"
            name = f"{pod['metadata']['name']}/{status['name']}"
            said = text(
                f"state.usage.mark.{kind}", name=name, reason=ended.get("reason", ""), code=ended.get("exitCode")
            )
            yield Mark(datetime.fromisoformat(ended["finishedAt"]), kind, said)


def _rollouts(revisions: list[Object], text: Text) -> Iterator[Mark]:
    for revision in revisions:
        made = revision["metadata"].get("creationTimestamp")
        if made:
            said = text("state.usage.mark.rollout", number=revision.get("revision", 0))
            yield Mark(datetime.fromisoformat(made), "rollout", said)
