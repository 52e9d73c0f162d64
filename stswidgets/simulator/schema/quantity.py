"""Quantities as Kubernetes reads, writes and compares them (k8s.io/apimachinery `pkg/api/resource`).

Values are whole numbers of nano units: `parse("1500m").nano == 1_500_000_000`.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
SUFFIX = "unable to parse quantity's suffix"
NUMERIC = "unable to parse numeric part of quantity"

SHAPE = re.compile(r"([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)")
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
DECIMAL_NAMES = {exponent: suffix for suffix, exponent in DECIMAL.items()}
BINARY_NAMES = {exponent: suffix for suffix, exponent in BINARY.items()} | {0: ""}
NANO = 10**9
MAX_BINARY = (2**63 - 1) * NANO


class QuantityError(ValueError):
    """The text is no quantity; the message is the API's."""


class Quantity(msgspec.Struct, frozen=True):
    """A value in nano units, and how it is written: `decimal` (500m), `binary` (1Gi) or `exponent` (1e3).

    `written` is the text as it was given where the API keeps it (it is already canonical), else empty. `long` is
    whether Go holds it as a number of any length.
    """

    nano: int
    form: str
    written: str = ""
    long: bool = False

    def __str__(self) -> str:
        """The canonical text."""
        return self.written or canonical(self)


@lru_cache(maxsize=4096)
def parse(text: str) -> Quantity:
    """Read a quantity. QuantityError with the API's message when it is none."""
    if not text:
        raise QuantityError(FORMAT)
    shape = SHAPE.fullmatch(text)
    if shape is None:
        raise QuantityError(FORMAT)
    sign, number, fraction, suffix = shape.groups()
    number, fraction = number or "0", fraction or ""
    form, base, exponent = _suffix(suffix)
    digits = int(number + fraction)
    if base == 2:
        scaled, rest = divmod(digits * 2**exponent * NANO, 10 ** len(fraction))
    else:
        power = exponent - len(fraction) + 9
        scaled, rest = (digits * 10**power, 0) if power >= 0 else divmod(digits, 10**-power)
    nano = scaled + (rest > 0)  # rounded away from zero: who asks for some gets some
    if form == "binary":
        nano = min(nano, MAX_BINARY)
        if 0 < nano < NANO:
            form = "decimal"
    shape_of = (form, number + fraction, exponent, len(fraction))
    written = text if nano and _is_canonical(*shape_of) else ""
    return Quantity(-nano if sign == "-" else nano, form, written, _is_long(*shape_of))


def _suffix(suffix: str) -> tuple[str, int, int]:
    """(form, base, exponent) of a suffix."""
    if suffix in DECIMAL:
        return "decimal", 10, DECIMAL[suffix]
    if suffix in BINARY:
        return "binary", 2, BINARY[suffix]
    if re.fullmatch(r"[eE][-+]?[0-9]+", suffix):
        return "exponent", 10, int(suffix[1:])
    raise QuantityError(SUFFIX)


def _is_long(form: str, digits: str, exponent: int, decimals: int) -> bool:
    """Whether the server's long path reads the text."""
    if form == "binary":
        return bool(decimals) or 15 - len(digits) - int(exponent * 3 / 10) - 1 < 0
    return len(digits) > 18 or exponent - decimals < -9


def _is_canonical(form: str, digits: str, exponent: int, decimals: int) -> bool:
    """Whether the server's short path keeps the text as it was written."""
    if form == "binary":
        if decimals or 15 - len(digits) - int(exponent * 3 / 10) - 1 < 0:
            return False
        return int(digits) & 7 != 0
    scale = exponent - decimals
    if 18 - len(digits) < 0 or scale < -9:
        return False
    return scale % 3 == 0 and not digits.endswith("000") and digits[0] != "0"


def canonical(value: Quantity) -> str:
    """The shortest exact text in the quantity's form."""
    if value.nano == 0:
        return "0"
    if value.form == "binary" and abs(value.nano) >= 1024 * NANO and value.nano % NANO == 0:
        mantissa, exponent = value.nano // NANO, 0
        while mantissa % 1024 == 0 and exponent < 60:
            mantissa, exponent = mantissa // 1024, exponent + 10
        return f"{mantissa}{BINARY_NAMES[exponent]}"
    mantissa, exponent = value.nano, -9
    while mantissa % 1000 == 0 and (value.form == "exponent" or exponent < 18):
        mantissa, exponent = mantissa // 1000, exponent + 3
    if value.form == "exponent":
        return f"{mantissa}e{exponent}" if exponent else str(mantissa)
    return f"{mantissa}{DECIMAL_NAMES[exponent]}"


def round_up_milli(value: Quantity) -> Quantity:
    """Rounded up to thousandths, as values of resource lists are (core/v1 `SetDefaults_ResourceList`)."""
    milli = NANO // 1000
    if value.nano % milli == 0:
        return value
    sign = -1 if value.nano < 0 else 1
    return Quantity(sign * -(-abs(value.nano) // milli) * milli, value.form)


def machine_value(value: Quantity) -> int:
    """The value rounded away from zero, in a machine word as there: of the largest ones the upper digits are lost."""
    whole = -(-value.nano // NANO) if value.nano > 0 else value.nano // NANO
    if -(2**63) <= whole < 2**63:
        return whole
    lost = whole % 2**64
    return lost - 2**64 if lost >= 2**63 else lost


def is_whole(value: Quantity) -> bool:
    """Whether the server takes the value for an integer: it counts thousandths, and of the largest ones wrongly."""
    milli = -(-value.nano // (NANO // 1000))
    if -(2**63) <= milli < 2**63:
        return milli % 1000 == 0
    if not value.long:
        return True  # counted as none at all
    lost = milli % 2**64
    return (lost - 2**64 if lost >= 2**63 else lost) % 1000 == 0


def plus(*values: Quantity) -> Quantity:
    """The sum, in the first one's form."""
    return Quantity(sum(value.nano for value in values), values[0].form if values else "decimal")
