"""Amounts that change with time, in a few characters: what a person writes into an annotation to script a load.

    1500m            always the same
    200m..2/10m      a wave between two amounts, once in ten minutes, lowest at the start
    1Gi+10Mi/1h      grows by an amount in each hour since the start

Amounts are Kubernetes quantities; times are seconds, minutes, hours or days (90s, 10m, 2h, 1d).
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

import msgspec

from stswidgets.simulator.schema import quantity

PREFIX = "simulator.stswidgets.io/"
"""Annotations that are the simulator's own begin so."""

_TIME = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SHAPE = re.compile(
    r"(?P<first>[^.+/]+(?:\.\d[^.+/]*)?)(?:(?P<how>\.\.|\+)(?P<second>[^/]+)/(?P<count>\d+)(?P<unit>[smhd]))?"
)


class Signal(msgspec.Struct, frozen=True):
    """An amount over time, in base units (cores, bytes)."""

    start: float
    reach: float = 0.0
    period: float = 0.0
    wave: bool = False

    def at(self, seconds: float) -> float:
        """The amount so long after the start."""
        if not self.period:
            return self.start
        turns = seconds / self.period
        if self.wave:
            return self.start + (self.reach - self.start) * (0.5 - 0.5 * math.cos(turns * 2 * math.pi))
        return self.start + self.reach * max(turns, 0.0)


@lru_cache(maxsize=1024)
def parse(text: str) -> Signal | None:
    """Read a signal; None for what is none."""
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None:
        return None
    try:
        first = quantity.parse(shape["first"]).nano / quantity.NANO
        if not shape["how"]:
            return Signal(first)
        second = quantity.parse(shape["second"]).nano / quantity.NANO
    except quantity.QuantityError:
        return None
    period = float(int(shape["count"]) * _TIME[shape["unit"]])
    return Signal(first, second, period, wave=shape["how"] == "..") if period else None
