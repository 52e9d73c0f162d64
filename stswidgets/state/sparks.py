"""Sparklines: the last of what was recorded, with the last value in words."""

from __future__ import annotations

from typing import Any

from stswidgets.domain import quantity
from stswidgets.state.recording import Pod, Recording

POINTS = 20


def sparks(recording: Recording, pods: list[Pod]) -> dict[str, Any]:
    """`{cpu: Spark, memory: Spark}` of some pods together; None where nothing was recorded of them."""
    totals = recording.totals(pods, POINTS)
    if not any(totals):
        return {"cpu": None, "memory": None}
    last = totals[-1]
    return {
        "cpu": {
            "text": quantity.format_cpu(last[0]) if last else "",
            "points": [total and round(total[0], 4) for total in totals],
        },
        "memory": {
            "text": quantity.format_memory(last[1]) if last else "",
            "points": [total and total[1] for total in totals],
        },
    }
