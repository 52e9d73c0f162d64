"""What a figure that has grown is to a browser that has the one before: new points, and how many old ones go."""

from __future__ import annotations

from typing import Any

Figure = dict[str, Any]
Traces = list[dict[str, Any]]


def extension(old: Figure, new: Figure) -> tuple[Traces, int] | None:
    """`(traces, drop)` of an `extend` message that makes `new` of `old`: each trace's new points, and the number of
    points that each loses at its start. None where the figures differ in more than that."""
    if old["layout"] != new["layout"] or len(old["data"]) != len(new["data"]):
        return None
    pairs = list(zip(old["data"], new["data"], strict=True))
    if not pairs or any(_look(before) != _look(after) for before, after in pairs):
        return None
    drop = _dropped(*pairs[0])
    if drop is None or any(not _grew(before, after, drop) for before, after in pairs):
        return None
    traces = [_tail(before, after, drop) for before, after in pairs]
    return (traces, drop) if any(trace["x"] for trace in traces) else None


def _look(trace: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in trace.items() if key not in ("x", "y")}


def _dropped(before: dict[str, Any], after: dict[str, Any]) -> int | None:
    """How many of the first points of `before` are gone in `after`: the least number that fits."""
    for drop in range(len(before["x"])):
        if _grew(before, after, drop):
            return drop
    return None


def _grew(before: dict[str, Any], after: dict[str, Any], drop: int) -> bool:
    kept = len(before["x"]) - drop
    return bool(
        0 < kept <= len(after["x"])
        and before["x"][drop] == after["x"][0]  # cheap, and nearly always decides
        and before["x"][drop:] == after["x"][:kept]
        and before["y"][drop:] == after["y"][:kept]
    )


def _tail(before: dict[str, Any], after: dict[str, Any], drop: int) -> dict[str, Any]:
    kept = len(before["x"]) - drop
    return {"name": after.get("name", ""), "x": after["x"][kept:], "y": after["y"][kept:]}
