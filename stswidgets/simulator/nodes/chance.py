"""Numbers that look random and are the same each time: a function of a seed and a moment, without any state."""

from __future__ import annotations

import math
import zlib


def at(seed: str, step: int) -> float:
    """A number in [0, 1) for a seed and a whole step."""
    mixed = zlib.crc32(f"{seed}/{step}".encode())
    # A checksum is linear: without mixing, the numbers of two seeds would differ by a constant.
    mixed = ((mixed ^ mixed >> 16) * 0x85EBCA6B) & 0xFFFFFFFF
    mixed = ((mixed ^ mixed >> 13) * 0xC2B2AE35) & 0xFFFFFFFF
    return (mixed ^ mixed >> 16) / 2**32


def smooth(seed: str, time: float, period: float) -> float:
    """A number in [0, 1) that wanders, with a new direction each `period` seconds."""
    step, share = divmod(time / period, 1.0)
    ease = share * share * (3 - 2 * share)
    return at(seed, int(step)) * (1 - ease) + at(seed, int(step) + 1) * ease


def daily(time: float, peak_hour: float) -> float:
    """A day's wave in [0, 1], highest at `peak_hour` (UTC)."""
    return 0.5 + 0.5 * math.cos((time / 3600 - peak_hour) / 24 * 2 * math.pi)
