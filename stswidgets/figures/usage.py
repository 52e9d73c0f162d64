"""CPU or memory over time, one line a pod or container, with requests and limits, restarts and rollouts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from stswidgets.figures import theme

Measure = Literal["cpu", "memory"]
SPARSE = 12
"""Up to so many points of a series are marked. The chart bundle stops marking once there are more."""
_BOUND_LINES = {
    "requests": {"color": "#009E73", "dash": "dot", "width": 1.25, "shape": "hv"},
    "limits": {"color": "#D55E00", "dash": "dash", "width": 1.25, "shape": "hv"},
}
_MARK_COLOURS = {"restart": "#C27F00", "oom": "#D55E00", "rollout": "#0072B2"}


class Point(NamedTuple):
    """A value at a time (UTC): cores or bytes; None says that there was no answer, and breaks the line."""

    time: datetime
    value: float | None


@dataclass(frozen=True)
class Line:
    """One series. `index` chooses its colour (a pod's ordinal)."""

    name: str
    index: int
    points: tuple[Point, ...]


class Mark(NamedTuple):
    """Something that happened, drawn as a vertical line."""

    time: datetime
    kind: Literal["restart", "oom", "rollout"]
    text: str


class Unit(NamedTuple):
    """What a value is divided by to be drawn, and what the axis says."""

    divisor: float
    suffix: str


@dataclass(frozen=True)
class UsageInfo:
    """All that a usage chart shows. `bounds` are the series `requests` and `limits`, with their names for people."""

    measure: Measure
    unit: Unit
    lines: tuple[Line, ...]
    bounds: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    words: dict[str, str] = field(default_factory=dict)


def unit_of(measure: Measure, values: Iterable[float | None]) -> Unit:
    """The unit in which the largest of `values` reads well, as kubectl writes it: `m` or cores (a number alone), Mi or
    Gi.
    """
    largest = max((value for value in values if value is not None), default=0.0)
    if measure == "cpu":
        return Unit(0.001, "m") if largest < 1 else Unit(1.0, "")
    return Unit(2.0**20, "Mi") if largest < 2**30 else Unit(2.0**30, "Gi")


def with_gaps(points: Sequence[Point], longest: float) -> tuple[Point, ...]:
    """The points with a None wherever two are further apart than `longest` seconds: no line is drawn across a gap."""
    shown: list[Point] = []
    for point in points:
        if shown and (point.time - shown[-1].time).total_seconds() > longest:
            shown.append(Point(shown[-1].time + (point.time - shown[-1].time) / 2, None))
        shown.append(point)
    return tuple(shown)


def xs(points: Iterable[Point]) -> list[str]:
    """Times as plotly takes them: UTC without a zone, which it would not convert."""
    return [point.time.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] for point in points]


def ys(points: Iterable[Point], unit: Unit) -> list[float | None]:
    """Values in the chart's unit, with as many digits as can be seen."""
    return [None if point.value is None else float(f"{point.value / unit.divisor:.5g}") for point in points]


def usage_figure(info: UsageInfo, look: theme.Theme = "auto") -> theme.Figure:
    """Draw `info`. The axis starts at 0: half a full bar must look like half."""
    data = [_trace(line, info, theme.series(line.index)) for line in info.lines]
    data += [_trace(line, info, _BOUND_LINES[line.name], info.words.get(line.name, line.name)) for line in info.bounds]
    return {
        "data": data,
        "layout": theme.layout(
            look,
            xaxis={"type": "date", "title": {"text": info.words.get("time", "")}, **_room(info)},
            yaxis={"rangemode": "tozero", "ticksuffix": info.unit.suffix},
            shapes=[_mark_shape(mark) for mark in info.marks],
            annotations=[_mark_label(mark) for mark in info.marks],
            showlegend=True,
        ),
    }


def _trace(line: Line, info: UsageInfo, look: dict[str, Any], words: str | None = None) -> dict[str, Any]:
    """One trace. Its name is what `extend` messages call it, too."""
    return {
        "type": "scatter",
        "mode": "lines+markers" if words is None and _is_sparse(line) else "lines",
        "cliponaxis": False,  # the first sample stands on the edge of the axis
        "marker": {"size": 5},
        "name": words or line.name,
        "x": xs(line.points),
        "y": ys(line.points, info.unit),
        "line": look,
        "connectgaps": False,
        "hovertemplate": f"%{{y:.4~g}}{info.unit.suffix}",
    }


def _is_sparse(line: Line) -> bool:
    """Whether the points must be marked to be seen: a line needs two of them."""
    return sum(point.value is not None for point in line.points) <= SPARSE


def _room(info: UsageInfo) -> dict[str, Any]:
    """A minute at least for a few samples: plotly would stretch one over milliseconds. The chart bundle takes this
    back when it stops marking, as the window moves on then.
    """
    times = [point.time for line in info.lines for point in line.points if point.value is not None]
    if not times or not all(_is_sparse(line) for line in info.lines):
        return {}
    first, last = min(times), max(times)
    ends = [Point(first, None), Point(max(last, first + timedelta(minutes=1)), None)]
    return {"autorangeoptions": {"include": xs(ends)}}


def _mark_shape(mark: Mark) -> dict[str, Any]:
    x = xs([Point(mark.time, None)])[0]
    line = {"color": _MARK_COLOURS[mark.kind], "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}


def _mark_label(mark: Mark) -> dict[str, Any]:
    return {
        "x": xs([Point(mark.time, None)])[0],
        "y": 1,
        "xref": "x",
        "yref": "paper",
        "text": {"restart": "↻", "oom": "✕", "rollout": "▸"}[mark.kind],
        "hovertext": theme.plain(mark.text),
        "showarrow": False,
        "yanchor": "top",
        "font": {"color": _MARK_COLOURS[mark.kind], "size": 12},
    }
