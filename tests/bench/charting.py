"""What a usage chart of 50 pods sends to the browser for each new reading: ours, and plotly's FigureWidget."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import comm
import plotly.graph_objects as go
from comm.base_comm import BaseComm

from stswidgets.state import deltas
from tests.bench import measure

PODS, KEPT, READINGS = 50, 240, 20
SECONDS_BETWEEN = 15
START = datetime(2026, 1, 1, tzinfo=UTC)

Figure = dict[str, Any]


class CountingComm(BaseComm):
    """A comm to nowhere that counts the bytes that would go to the browser."""

    sent = 0

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        CountingComm.sent += len(json.dumps([msg_type, data, metadata, keys], default=str))
        CountingComm.sent += sum(memoryview(buffer).nbytes for buffer in buffers or ())


def traces(first: int) -> list[Figure]:
    """50 lines of 240 points, as they stand after `first` readings have left on the left."""
    times = [(START + timedelta(seconds=SECONDS_BETWEEN * at)).isoformat() for at in range(first, first + KEPT)]
    return [
        {
            "type": "scatter",
            "name": f"web-{pod}",
            "x": times,
            "y": [pod + at % 7 / 10 for at in range(first, first + KEPT)],
        }
        for pod in range(PODS)
    ]


def ours() -> float:
    """Bytes a reading: the `extend` message that the state makes of two figures."""
    figures = [{"data": traces(at), "layout": {}} for at in range(READINGS + 1)]
    return sum(len(message) for message in _extensions(figures)) / READINGS


def _extensions(figures: list[Figure]) -> Iterator[str]:
    for before, after in itertools.pairwise(figures):
        extension = deltas.extension(before, after)
        if extension is None:
            raise ValueError("a chart that only grew was not recognised as one")
        yield json.dumps({"kind": "extend", "chart": "cpu", "traces": extension[0], "drop": extension[1]})


def figure_widget() -> float:
    """Bytes a reading: new x and y for every trace, in one batch, which is how a FigureWidget is kept current."""
    comm.create_comm = CountingComm
    widget = go.FigureWidget(data=traces(0))
    opened = CountingComm.sent
    for at in range(1, READINGS + 1):
        with widget.batch_update():
            for trace, new in zip(widget.data, traces(at), strict=True):
                trace.x, trace.y = new["x"], new["y"]
    return (CountingComm.sent - opened) / READINGS


def run() -> str:
    rows = {"stswidgets": (ours() / SECONDS_BETWEEN,), "FigureWidget": (figure_widget() / SECONDS_BETWEEN,)}
    title = f"A live usage chart of {PODS} pods, a reading each {SECONDS_BETWEEN} s, {KEPT} kept"
    return measure.table(title, ("bytes a second",), rows, "stswidgets")
