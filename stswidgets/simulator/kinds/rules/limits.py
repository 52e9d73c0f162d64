"""Rules about LimitRanges (core `ValidateLimitRange`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, names, resources
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

TYPES = ("Pod", "Container", "PersistentVolumeClaim")
KEYS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
ORDERS = (
    ("min", "max", "min", "min", "min value {0} is greater than max value {1}"),
    (
        "min",
        "defaultRequest",
        "defaultRequest",
        "defaultRequest",
        "min value {0} is greater than default request value {1}",
    ),
    (
        "defaultRequest",
        "max",
        "defaultRequest",
        "defaultRequest",
        "default request value {0} is greater than max value {1}",
    ),
    (
        "defaultRequest",
        "default",
        "defaultRequest",
        "defaultRequest",
        "default request value {0} is greater than default limit value {1}",
    ),
    ("min", "default", "default", "min", "min value {0} is greater than default value {1}"),
    ("default", "max", "default", "max", "default value {0} is greater than max value {1}"),
)
"""(the smaller one, the larger one, the field that errors name, the value they show, the sentence)."""


def check(obj: Json) -> Causes:
    """All limits of a LimitRange."""
    found: Causes = []
    seen: set[str] = set()
    for index, item in enumerate((obj.get("spec") or {}).get("limits") or ()):
        path = f"spec.limits[{index}]"
        kind = item.get("type", "")
        messages = names.label_key(kind)
        found += causes.all_of(f"{path}.type", kind, messages, typed=True)
        if not messages and "/" not in kind and kind not in TYPES:
            text = "must be a standard limit type or fully qualified"
            found.append(causes.invalid(f"{path}.type", kind, text, typed=True))
        if kind in seen:
            found.append(causes.duplicate(f"{path}.type", kind))
        seen.add(kind)
        found += _item(item, kind, path)
    return found


def _item(item: Json, kind: str, path: str) -> Causes:
    found: Causes = []
    for key in KEYS:
        if kind == "Pod" and key in ("default", "defaultRequest"):
            if item.get(key):
                found.append(causes.forbidden(f"{path}.{key}", "may not be specified when `type` is 'Pod'"))
            continue
        for name in item.get(key) or {}:
            found += _name(name, kind, f"{path}.{key}[{name}]")
    if kind == "PersistentVolumeClaim" and "storage" not in {**(item.get("min") or {}), **(item.get("max") or {})}:
        text = "either minimum or maximum storage value is required, but neither was provided"
        found.append(causes.required(f"{path}.limits", text))
    for name in {name: None for key in KEYS for name in item.get(key) or {}}:
        found += _order(item, name, path)
    return found


def _name(name: str, kind: str, path: str) -> Causes:
    if kind in ("Pod", "Container"):
        return resources.container_name(name, path)
    messages = names.label_key(name)
    if messages or "/" in name or name in resources.STANDARD:
        return causes.all_of(path, name, messages, typed=True)
    return [causes.invalid(path, name, "must be a standard resource type or fully qualified", typed=True)]


_MOST_THOUSANDTHS = (2**63 - 1) // 1000


def _ratios(ratio: str, least: str, most: str) -> tuple[float, float]:
    """A ratio and that of two amounts: in thousandths, or whole where that many thousandths are no machine word."""
    amounts = [quantity.parse(text) for text in (ratio, least, most)]
    whole = [quantity.machine_value(amount) for amount in amounts]
    if max(whole) < _MOST_THOUSANDTHS:
        thousand = quantity.NANO // 1000
        milli = [-(-amount.nano // thousand) for amount in amounts]
        return milli[0] / 1000, milli[2] / milli[1] if milli[1] else float("inf")
    return float(whole[0]), whole[2] / whole[1] if whole[1] else float("inf")


def _order(item: Json, name: str, path: str) -> Causes:
    found: Causes = []
    values = {key: item[key][name] for key in KEYS if name in (item.get(key) or {})}
    for low, high, field, shown, text in ORDERS:
        if low in values and high in values and resources.compare(values[low], values[high]) > 0:
            sentence = text.format(values[low], values[high])
            found.append(causes.invalid(f"{path}.{field}[{name}]", values[shown], sentence))
    ratio = values.get("maxLimitRequestRatio")
    if ratio is not None and resources.compare(ratio, "1") < 0:
        text = f"ratio {ratio} is less than 1"
        found.append(causes.invalid(f"{path}.maxLimitRequestRatio[{name}]", ratio, text))
    if ratio is not None and "min" in values and "max" in values:
        given, limit = _ratios(ratio, values["min"], values["max"])
        if given > limit:
            text = f"ratio {ratio} is greater than max/min = {limit:f}"
            found.append(causes.invalid(f"{path}.maxLimitRequestRatio[{name}]", ratio, text))
    return found
