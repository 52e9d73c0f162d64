"""Facts of a state, drawn by the figures: the two layers do not know each other."""

from __future__ import annotations

from typing import Any

from stswidgets.figures import history as history_figures
from stswidgets.figures import usage as usage_figures
from stswidgets.state import history, usage_charts


def usage(chart: usage_charts.Chart) -> dict[str, Any]:
    """A usage chart as a figure."""
    values = [point.value for line in chart.lines for point in line.points]
    values += [point.value for points in chart.bounds.values() for point in points]
    return usage_figures.usage_figure(
        usage_figures.UsageInfo(
            measure=chart.measure,
            unit=usage_figures.unit_of(chart.measure, values),
            lines=tuple(
                usage_figures.Line(chart.words.get(line.name, line.name), line.rank, _points(line.points))
                for line in chart.lines
            ),
            bounds=tuple(usage_figures.Line(name, 0, _points(points)) for name, points in chart.bounds.items()),
            marks=tuple(usage_figures.Mark(*mark) for mark in chart.marks),
            words=chart.words,
        )
    )


def timeline(facts: history.Timeline) -> dict[str, Any]:
    """The timeline of revisions as a figure."""
    return history_figures.timeline_figure(
        history_figures.HistoryInfo(tuple(history_figures.Entry(*entry) for entry in facts.entries), facts.words)
    )


def _points(points: tuple[usage_charts.Point, ...]) -> tuple[usage_figures.Point, ...]:
    return tuple(usage_figures.Point(*point) for point in points)
