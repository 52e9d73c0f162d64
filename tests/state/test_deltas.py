"""What a grown figure is to a browser that has the one before."""

from __future__ import annotations

from typing import Any

from stswidgets.state.deltas import extension


def figure(*ys: float | None, start: int = 0, name: str = "db-0", title: str = "") -> dict[str, Any]:
    xs = [f"t{start + place}" for place in range(len(ys))]
    return {"data": [{"name": name, "x": xs, "y": list(ys)}], "layout": {"title": title}}


def test_new_points_are_an_extension() -> None:
    assert extension(figure(1, 2), figure(1, 2, 3)) == ([{"name": "db-0", "x": ["t2"], "y": [3]}], 0)


def test_points_that_leave_the_window_are_counted() -> None:
    assert extension(figure(1, 2, 3), figure(3, None, start=2)) == ([{"name": "db-0", "x": ["t3"], "y": [None]}], 2)


def test_another_series_is_another_figure() -> None:
    assert extension(figure(1, 2), figure(1, 2, 3, name="db-1")) is None


def test_another_unit_is_another_figure() -> None:
    assert extension(figure(1, 2), figure(1000, 2000, 3000)) is None


def test_another_layout_is_another_figure() -> None:
    assert extension(figure(1, 2), figure(1, 2, 3, title="x")) is None


def test_a_figure_that_has_not_changed_needs_no_message() -> None:
    assert extension(figure(1, 2), figure(1, 2)) is None
