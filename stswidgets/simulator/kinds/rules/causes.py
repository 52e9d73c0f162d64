"""Making causes: the server's words for each reason (k8s.io/apimachinery `pkg/util/validation/field`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stswidgets.simulator.schema import gotext
from stswidgets.simulator.status import Cause

Causes = list[Cause]

NEGATIVE = "must be greater than or equal to 0"
NOT_POSITIVE = "must be greater than zero"
IMMUTABLE = "field is immutable"


def _shown(value: Any, *, typed: bool) -> str:
    """A value in an error. Go prints plain strings quoted and everything else, typed strings as well, as JSON."""
    if isinstance(value, str) and not typed:
        return gotext.quote(value)
    return gotext.compact(value)


def _with(text: str, detail: str) -> str:
    return f"{text}: {detail}" if detail else text


def invalid(path: str, value: Any, detail: str, *, typed: bool = False) -> Cause:
    """A malformed value."""
    return Cause(path, "FieldValueInvalid", _with(f"Invalid value: {_shown(value, typed=typed)}", detail))


def required(path: str, detail: str = "") -> Cause:
    """A missing value."""
    return Cause(path, "FieldValueRequired", _with("Required value", detail))


def forbidden(path: str, detail: str) -> Cause:
    """A value that may not be there."""
    return Cause(path, "FieldValueForbidden", _with("Forbidden", detail))


def duplicate(path: str, value: Any, detail: str = "") -> Cause:
    """A value that is there twice."""
    return Cause(path, "FieldValueDuplicate", _with(f"Duplicate value: {_shown(value, typed=False)}", detail))


def not_found(path: str, value: Any, detail: str = "") -> Cause:
    """A reference to nothing."""
    return Cause(path, "FieldValueNotFound", _with(f"Not found: {_shown(value, typed=False)}", detail))


def not_supported(path: str, value: Any, supported: Iterable[str]) -> Cause:
    """A value that is none of a list."""
    values = ", ".join(gotext.quote(text) for text in supported)
    text = f"Unsupported value: {_shown(value, typed=True)}"
    return Cause(path, "FieldValueNotSupported", f"{text}: supported values: {values}")


def too_long(path: str, limit: int) -> Cause:
    """A value with too many bytes."""
    return Cause(path, "FieldValueTooLong", f"Too long: may not be more than {limit} bytes")


def too_many(path: str, number: int, limit: int) -> Cause:
    """A list with too many items."""
    return Cause(path, "FieldValueTooMany", f"Too many: {number}: must have at most {limit} items")


def one_of(path: str, value: str, supported: Iterable[str]) -> Causes:
    """A value of an enumeration: required, and one of the supported ones (told in alphabetical order)."""
    known = sorted(supported)
    if not value:
        return [required(path)]
    return [] if value in known else [not_supported(path, value, known)]


def all_of(path: str, value: str, messages: Iterable[str], *, typed: bool = False) -> Causes:
    """An `invalid` for each message."""
    return [invalid(path, value, message, typed=typed) for message in messages]


def not_negative(path: str, value: int) -> Causes:
    """A number that is at least zero."""
    return [invalid(path, value, NEGATIVE)] if value < 0 else []


def immutable(path: str, new: Any, old: Any) -> Causes:
    """A field that never changes."""
    return [] if new == old else [invalid(path, new, IMMUTABLE)]
