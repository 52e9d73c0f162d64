"""Figures: the numbers that an info value holds, and what a drawing makes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stswidgets.figures import history, theme, usage
from stswidgets.figures.usage import Line, Mark, Point, Unit

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def points(*values: float | None, step: float = 15) -> tuple[Point, ...]:
    return tuple(Point(START + timedelta(seconds=step * place), value) for place, value in enumerate(values))


@pytest.mark.parametrize(
    ("measure", "largest", "unit"),
    [
        ("cpu", 0.25, Unit(0.001, "m")),
        ("cpu", 2.0, Unit(1.0, "")),
        ("memory", 300 * 2**20, Unit(2.0**20, "Mi")),
        ("memory", 2 * 2**30, Unit(2.0**30, "Gi")),
    ],
)
def test_the_unit_is_the_one_in_which_the_largest_value_reads_well(
    measure: usage.Measure, largest: float, unit: Unit
) -> None:
    assert usage.unit_of(measure, [None, 0.0, largest]) == unit


def test_a_gap_in_time_becomes_a_gap_in_the_line() -> None:
    apart = (*points(1.0, 2.0), Point(START + timedelta(seconds=300), 3.0))
    assert [point.value for point in usage.with_gaps(apart, longest=60)] == [1.0, 2.0, None, 3.0]


def test_no_answer_is_not_zero() -> None:
    assert usage.ys(points(0.5, None, 0.0), Unit(0.001, "m")) == [500.0, None, 0.0]


def usage_info() -> usage.UsageInfo:
    return usage.UsageInfo(
        measure="cpu",
        unit=Unit(0.001, "m"),
        lines=(Line("db-0", 0, points(0.1, 0.2)), Line("db-1", 1, points(0.3, 0.1))),
        bounds=(Line("limits", 0, points(0.5, 0.5)),),
        marks=(Mark(START, "restart", "db-0 <b>restarted</b>"),),
        words={"limits": "Limit", "time": "Time (UTC)"},
    )


def test_a_usage_figure_has_one_trace_a_pod_and_one_a_bound() -> None:
    assert [trace["name"] for trace in usage.usage_figure(usage_info())["data"]] == ["db-0", "db-1", "Limit"]


def test_the_axis_of_a_usage_figure_starts_at_zero() -> None:
    assert usage.usage_figure(usage_info())["layout"]["yaxis"]["rangemode"] == "tozero"


def test_a_mark_cannot_bring_tags_into_the_chart() -> None:
    annotation = usage.usage_figure(usage_info())["layout"]["annotations"][0]
    assert annotation["hovertext"] == "db-0 &lt;b>restarted&lt;/b>"


def test_a_pod_keeps_its_colour_and_many_pods_stay_apart() -> None:
    looks = [(theme.series(index)["color"], theme.series(index)["dash"]) for index in range(32)]
    assert len(set(looks)) == 32


def modes(lines: tuple[Line, ...]) -> list[str]:
    info = usage.UsageInfo("cpu", Unit(1.0, ""), lines, bounds=(Line("limits", 0, points(1.0)),))
    return [trace["mode"] for trace in usage.usage_figure(info)["data"]]


def test_a_single_sample_is_marked_and_a_long_line_is_not() -> None:
    long = points(*[1.0] * (usage.SPARSE + 1))
    assert modes((Line("db-0", 0, points(1.0)), Line("db-1", 1, long))) == ["lines+markers", "lines", "lines"]


def room(*values: float) -> list[str] | None:
    info = usage.UsageInfo("cpu", Unit(1.0, ""), (Line("db-0", 0, points(*values)),))
    include = usage.usage_figure(info)["layout"]["xaxis"].get("autorangeoptions", {}).get("include")
    return include if include is None else [str(time) for time in include]


def test_a_single_sample_has_a_minute_of_room_and_a_long_line_its_own() -> None:
    assert room(1.0) == ["2026-01-02T03:04:05.000", "2026-01-02T03:05:05.000"]
    assert room(*[1.0] * (usage.SPARSE + 1)) is None


def contrast(colour: str, surface: str) -> float:
    """WCAG's contrast of two colours."""

    def luminance(text: str) -> float:
        parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(colour), luminance(surface)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("surface", ["#FFFFFF", "#111418", "#1E1E1E"])
def test_every_line_and_mark_can_be_seen_on_light_and_dark(surface: str) -> None:
    faint = [each for each in (*theme.OKABE_ITO, *theme.TONES.values()) if contrast(each, surface) < 3]
    assert faint == []


def timeline() -> history.HistoryInfo:
    entry = history.Entry
    return history.HistoryInfo(
        (
            entry(1, START, "old", "first", 0),
            entry(3, START + timedelta(hours=1), "current", "nginx:1", 2),
            entry(4, START + timedelta(hours=2), "incoming", "nginx:2", 1),
        ),
        {"old": "Old", "current": "Current", "incoming": "Incoming", "time": "Time (UTC)"},
    )


def test_a_timeline_marks_what_each_revision_is() -> None:
    traces = history.timeline_figure(timeline())["data"]
    assert [(trace.get("name"), trace.get("text")) for trace in traces[1:]] == [
        ("Old", ["1"]),
        ("Current", ["3"]),
        ("Incoming", ["4"]),
    ]


def test_neighbours_on_the_timeline_write_above_and_below() -> None:
    traces = history.timeline_figure(timeline())["data"]
    assert [trace["textposition"][0] for trace in traces[1:]] == ["top center", "bottom center", "top center"]


@pytest.mark.parametrize("look", ["auto", "light", "dark"])
def test_plotly_accepts_the_figures(look: theme.Theme) -> None:
    for figure in (usage.usage_figure(usage_info(), look), history.timeline_figure(timeline(), look)):
        assert theme.to_plotly(figure, look).layout.paper_bgcolor == "rgba(0,0,0,0)"
