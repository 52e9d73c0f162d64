"""Kubernetes quantities: `100m`, `1.5`, `2Gi`, `1e3` (apimachinery pkg/api/resource).

A quantity is a signed decimal number with a binary suffix (Ki ... Ei), a decimal one (n u m k M G T P E) or an
exponent.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

_FORM = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?")
_FACTOR = {
    **{suffix: Decimal(1024) ** power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)},
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate(("k", "M", "G", "T", "P", "E"), 1)},
}
_BINARY = ("Ei", "Pi", "Ti", "Gi", "Mi", "Ki")
_LONGEST_EXPONENT = 4


def parse(text: Any) -> Decimal:
    """The number that `text` means; YAML may give it as a number. Raises ValueError where it is no quantity."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise ValueError(f"not a quantity: {text!r}")
    match = _FORM.fullmatch(str(text))
    if match is None:
        raise ValueError(f"not a quantity: {text!r}")
    number, suffix = match.groups(default="")
    if suffix in _FACTOR:
        return Decimal(number) * _FACTOR[suffix]
    if len(suffix.lstrip("eE+-")) > _LONGEST_EXPONENT:
        raise ValueError(f"too large an exponent: {text!r}")
    return Decimal(number).scaleb(int(suffix[1:]))


def problem(text: Any) -> str | None:
    """The message key of what is wrong with `text` as a quantity, or None."""
    try:
        parse(text)
    except ValueError:
        return "problem.quantity"
    return None


def format_cpu(cores: float | Decimal) -> str:
    """Cores as kubectl writes them: `250m` below one core where that is exact to a millicore, `1.5`, `2`."""
    milli = round(Decimal(str(cores)) * 1000)
    if milli % 1000 == 0:
        return str(milli // 1000)
    return f"{milli}m" if abs(milli) < 1000 else f"{Decimal(milli) / 1000:f}"


def format_memory(size: float | Decimal) -> str:
    """Bytes with three figures and the binary suffix that suits: `512Mi`, `1.25Gi`."""
    number = Decimal(str(size))
    for suffix in _BINARY:
        factor = _FACTOR[suffix]
        if abs(number) >= factor:
            scaled = number / factor
            digits = 2 if abs(scaled) < 10 else 1 if abs(scaled) < 100 else 0
            figure = f"{scaled:.{digits}f}"
            return f"{figure.rstrip('0').rstrip('.') if '.' in figure else figure}{suffix}"
    return f"{number:.0f}"
