"""Time and peak memory of a process, and a table of ratios."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    seconds: float
    megabytes: float


def process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end. Raises CalledProcessError when it fails."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return Cost(seconds, usage.ru_maxrss / 1024)


def table(title: str, columns: Sequence[str], rows: Mapping[str, Sequence[float]], reference: str) -> str:
    """Each row's numbers, and in brackets how many times the reference row's they are."""
    lines = [title, "  ".join(["", *columns])]
    for name, numbers in rows.items():
        cells = [
            f"{number:,.1f} (x{number / base:.1f})" if base else f"{number:,.1f}"
            for number, base in zip(numbers, rows[reference], strict=True)
        ]
        lines.append("  ".join([name, *cells]))
    widths = [max(len(line.split("  ")[at]) for line in lines[1:]) for at in range(len(columns) + 1)]
    aligned = [
        "  ".join(cell.ljust(width) for cell, width in zip(line.split("  "), widths, strict=True)) for line in lines[1:]
    ]
    return "\n".join([title, *(f"  {line.rstrip()}" for line in aligned), ""])
