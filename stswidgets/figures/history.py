"""The timeline of a StatefulSet's revisions: when each was made, which is current, which is coming."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from stswidgets.figures import theme
from stswidgets.figures.usage import Point, xs

Tone = Literal["old", "current", "incoming"]
_SYMBOLS = {"old": "circle-open", "current": "circle", "incoming": "diamond"}


class Entry(NamedTuple):
    """One revision: its number, when it was made (UTC), what it is now, what a pointer on it is told (plain)."""

    number: int
    created: datetime
    tone: Tone
    hover: str
    pods: int


@dataclass(frozen=True)
class HistoryInfo:
    """All that the timeline shows, oldest first. `words`: the legend's word of each tone, and `time` for the axis."""

    entries: tuple[Entry, ...]
    words: dict[str, str] = field(default_factory=dict)


def timeline_figure(info: HistoryInfo, look: theme.Theme = "auto") -> theme.Figure:
    """Draw `info`: one row of marks on a time axis; a mark grows with the pods that run its revision."""
    entries = info.entries
    path = {
        "type": "scatter",
        "mode": "lines",
        "x": xs(Point(entry.created, None) for entry in entries),
        "y": [0] * len(entries),
        "line": {"color": theme.TONES["old"], "width": 1},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    tones: tuple[Tone, ...] = ("old", "current", "incoming")
    return {
        "data": [path, *(_marks(info, tone) for tone in tones if any(entry.tone == tone for entry in entries))],
        "layout": theme.layout(
            look,
            xaxis={"type": "date", "title": {"text": info.words.get("time", "")}, "showgrid": False},
            yaxis={"visible": False, "range": [-1, 1], "fixedrange": True},
            hovermode="closest",
            height=160,
            margin={"l": 24, "r": 24, "t": 32, "b": 32},
        ),
    }


def _marks(info: HistoryInfo, tone: Tone) -> dict[str, Any]:
    places = [(place, entry) for place, entry in enumerate(info.entries) if entry.tone == tone]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": info.words.get(tone, tone),
        "x": xs(Point(entry.created, None) for _, entry in places),
        "y": [0] * len(places),
        "text": [str(entry.number) for _, entry in places],
        # Neighbours in time would write over each other: their numbers go above and below in turn.
        "textposition": ["top center" if place % 2 == 0 else "bottom center" for place, _ in places],
        "marker": {
            "color": theme.TONES[tone],
            "symbol": _SYMBOLS[tone],
            "opacity": 1,  # plotly fades marks of several sizes
            "size": [12 + min(12, 2 * entry.pods) for _, entry in places],
            "line": {"width": 2, "color": theme.TONES[tone]},
        },
        "hovertext": [theme.plain(entry.hover) for _, entry in places],
        "hoverinfo": "text",
    }
