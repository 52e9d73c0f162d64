"""Colours and layout that all figures share. Surfaces stay transparent: the page behind a chart is the theme's.

Series take the Okabe-Ito palette, which colour-blind people can tell apart; a pod has its colour by its ordinal, so it
keeps it in every chart. A revision is grey when old, blue when current and orange when incoming.
"""

from __future__ import annotations

import copy
from typing import Any, Literal, NamedTuple

Figure = dict[str, Any]
"""`{"data": [trace], "layout": {...}}` in plotly's schema."""
Theme = Literal["auto", "light", "dark"]

OKABE_ITO = ("#0072B2", "#C27F00", "#009E73", "#CC79A7", "#3D9BDC", "#D55E00", "#8C8600", "#7F7F7F")
"""The palette without its black, its orange, sky blue and yellow darker: 3:1 at least on white and on dark surfaces."""
DASHES = ("solid", "dash", "dot", "dashdot")
TONES = {"old": "#8A9099", "current": "#0072B2", "incoming": "#C27F00"}


class Colours(NamedTuple):
    """What is drawn around the data."""

    text: str
    muted: str
    grid: str


COLOURS: dict[str, Colours] = {
    # On either surface: a page that follows its system's theme sets better ones in the browser.
    "auto": Colours("#7A818A", "#7A818A", "rgba(128,138,150,0.22)"),
    "light": Colours("#1F2328", "#59636E", "#E3E6EA"),
    "dark": Colours("#E6EAEF", "#9BA5B0", "#30363D"),
}


def series(index: int) -> dict[str, Any]:
    """The line of the series `index` (a pod's ordinal): its colour, and a dash where the colours start again."""
    return {
        "color": OKABE_ITO[index % len(OKABE_ITO)],
        "dash": DASHES[index // len(OKABE_ITO) % len(DASHES)],
        "width": 1.75,
    }


def layout(theme: Theme = "auto", **more: Any) -> dict[str, Any]:
    """A figure's layout in a theme; `more` adds to it, axes included."""
    colours = COLOURS[theme]
    axis = {
        "gridcolor": colours.grid,
        "linecolor": colours.grid,
        "zeroline": False,
        "automargin": True,
        "tickfont": {"size": 12, "color": colours.muted},
        "title": {"font": {"size": 12, "color": colours.muted}},
    }
    base: dict[str, Any] = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12, "color": colours.text},
        "margin": {"l": 56, "r": 16, "t": 12, "b": 40},
        "hovermode": "x unified",
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "xanchor": "left", "x": 0},
        "xaxis": copy.deepcopy(axis),
        "yaxis": copy.deepcopy(axis),
        "uirevision": "kept",  # zoom and hidden series stay when the figure is drawn again
    }
    for key, value in more.items():
        base[key] = _merged(base[key], value) if isinstance(base.get(key), dict) else value
    return base


def _merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in more.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def plain(text: str) -> str:
    """Text from a cluster for a place where plotly reads tags (it knows a few of HTML's): none is left."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def to_plotly(figure: Figure, theme: Theme | None = None) -> Any:
    """A `plotly.graph_objects.Figure`, in `theme` where one is given. Importing plotly takes about a second."""
    import plotly.graph_objects as go  # noqa: PLC0415 - the one place that pays for it

    drawn = go.Figure(figure)
    if theme is not None:
        colours = COLOURS[theme]
        drawn.update_layout(font_color=colours.text)
        drawn.update_xaxes(gridcolor=colours.grid, linecolor=colours.grid, tickfont_color=colours.muted)
        drawn.update_yaxes(gridcolor=colours.grid, linecolor=colours.grid, tickfont_color=colours.muted)
    return drawn
