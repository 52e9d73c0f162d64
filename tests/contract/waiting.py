"""Waiting for a condition, never for a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def until(read: Callable[[], Value], *, seconds: float = 60.0, what: str = "", pause: float = 0.05) -> Value:
    """Read until the value is true and return it; fails, with the last value, when the time is up."""
    waited = threading.Event()
    deadline = time.monotonic() + seconds
    while not (value := read()):
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not {what or 'so'}: {value!r}"
        waited.wait(pause)
    return value
