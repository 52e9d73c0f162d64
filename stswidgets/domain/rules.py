"""Rules of one value, by the name that a row of `fields` gives. Each answers with what is wrong, or None.

The source of a rule is Kubernetes' validation (pkg/apis/core/validation, pkg/apis/apps/validation, apimachinery's
util/validation), but for `image` and `alias`, which the API does not check and a node or a console would trip over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from stswidgets.domain import naming, quantity
from stswidgets.domain.problem import Severity


class Finding(NamedTuple):
    """What is wrong with one value."""

    key: str
    values: Mapping[str, Any] = MappingProxyType({})
    severity: Severity = "error"


Rule = Callable[[Any], Finding | None]

# distribution/reference: registry/path:tag@digest.
_IMAGE = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?/|\[[0-9a-fA-F:]+\](?::[0-9]+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9+.-]*:[0-9a-fA-F]{32,})?"
)
_ALIAS = re.compile(r"[A-Za-z0-9一-鿿](?:[-A-Za-z0-9一-鿿]*[A-Za-z0-9一-鿿])?")
_PERCENT = re.compile(r"(\d{1,3})%")


def set_name(value: Any) -> Finding | None:
    """A DNS label (apps/validation: ValidateStatefulSetName). Longer than 52 it is accepted and never gets a pod."""
    found = dns_label(value)
    if found is None and len(value) > naming.LONGEST_SET_NAME:
        values = {"length": len(value), "longest": naming.LONGEST_SET_NAME}
        return Finding("problem.name.no_room_for_hash", values, "warning")
    return found


def dns_label(value: Any) -> Finding | None:
    return _named(naming.dns_label(value), value, 63)


def subdomain(value: Any) -> Finding | None:
    return _named(naming.subdomain(value), value, 253)


def port_name(value: Any) -> Finding | None:
    return _named(naming.port_name(value), value, 15)


def environment_name(value: Any) -> Finding | None:
    return _named(naming.environment_name(value), value, 0)


def _named(key: str | None, value: str, longest: int) -> Finding | None:
    return Finding(key, {"value": value, "length": len(value), "longest": longest}) if key else None


def image(value: Any) -> Finding | None:
    return None if _IMAGE.fullmatch(value) else Finding("problem.image", {"value": value})


def alias(value: Any) -> Finding | None:
    if len(value) > 63:
        return Finding("problem.name.too_long", {"value": value, "length": len(value), "longest": 63})
    return None if _ALIAS.fullmatch(value) else Finding("problem.alias", {"value": value})


def at_most_256(value: Any) -> Finding | None:
    return Finding("problem.name.too_long", {"length": len(value), "longest": 256}) if len(value) > 256 else None


def non_negative(value: Any) -> Finding | None:
    return Finding("problem.negative", {"value": value}) if value < 0 else None


def port(value: Any) -> Finding | None:
    return None if 1 <= value <= 65535 else Finding("problem.port", {"value": value})


def target_port(value: Any) -> Finding | None:
    """A container's port by its number or its name."""
    return port(value) if isinstance(value, int) else port_name(value)


def max_unavailable(value: Any) -> Finding | None:
    """A number above 0, or 1% to 100% (apps/validation: validateRollingUpdateStatefulSet)."""
    percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if percent:
        return None if 1 <= int(percent.group(1)) <= 100 else Finding("problem.max_unavailable", {"value": value})
    return None if isinstance(value, int) and value > 0 else Finding("problem.max_unavailable", {"value": value})


def any_quantity(value: Any) -> Finding | None:
    return Finding("problem.negative", {"value": value}) if quantity.parse(value) < 0 else None


def positive_quantity(value: Any) -> Finding | None:
    return None if quantity.parse(value) > 0 else Finding("problem.size", {"value": value})


def mount_path(value: Any) -> Finding | None:
    """The API takes any text; a relative path is relative to the image's working directory on some nodes, an error on
    others.
    """
    if ":" in value:
        return Finding("problem.mount_path.colon", {"value": value})
    return None if value.startswith("/") else Finding("problem.mount_path.relative", {"value": value}, "warning")


def sub_path(value: Any) -> Finding | None:
    valid = not value.startswith("/") and ".." not in value.split("/")
    return None if valid else Finding("problem.sub_path", {"value": value})


RULES: dict[str, Rule] = {
    "set_name": set_name,
    "dns_label": dns_label,
    "subdomain": subdomain,
    "port_name": port_name,
    "environment_name": environment_name,
    "image": image,
    "alias": alias,
    "at_most_256": at_most_256,
    "non_negative": non_negative,
    "port": port,
    "target_port": target_port,
    "max_unavailable": max_unavailable,
    "quantity": any_quantity,
    "positive_quantity": positive_quantity,
    "mount_path": mount_path,
    "sub_path": sub_path,
}


def label(key: str, value: Any) -> Finding | None:
    """An entry of a map of labels."""
    found = _named(naming.label_key(key), key, 63)
    if found is None and (wrong := naming.label_value(value)):
        return Finding(wrong, {"value": value, "length": len(str(value)), "longest": 63})
    return found


def annotation(key: str, value: Any) -> Finding | None:
    """An entry of a map of annotations: keys as of labels in any case, values any text."""
    found = _named(naming.label_key(key.lower()), key, 63)
    return found or (None if isinstance(value, str) else Finding("problem.not_text", {"value": value}))


ENTRY_RULES: dict[str, Callable[[str, Any], Finding | None]] = {"labels": label, "annotations": annotation}
