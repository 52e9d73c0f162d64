"""Rules about StorageClasses (storage `ValidateStorageClass`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, metadata, names
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

POLICIES = ("Delete", "Retain")
MODES = ("Immediate", "WaitForFirstConsumer")
PARAMETERS = 512
PARAMETERS_SIZE = 256 * 1024
FIXED = ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode")


def check(obj: Json) -> Causes:
    """A class."""
    found: Causes = []
    provisioner = obj.get("provisioner", "").lower()
    if provisioner:
        found += causes.all_of("provisioner", provisioner, names.label_key(provisioner))
    found += _parameters(obj.get("parameters") or {})
    if obj.get("reclaimPolicy") and obj["reclaimPolicy"] not in POLICIES:
        found.append(causes.not_supported("reclaimPolicy", obj["reclaimPolicy"], POLICIES))
    if obj["volumeBindingMode"] not in MODES:
        found.append(causes.not_supported("volumeBindingMode", obj["volumeBindingMode"], MODES))
    found += _topologies(obj.get("allowedTopologies") or [])
    return found if provisioner else [*found, causes.required("provisioner")]


def _parameters(values: dict[str, str]) -> Causes:
    if len(values) > PARAMETERS:
        return [causes.too_long("parameters", PARAMETERS)]
    found = [causes.invalid("parameters", key, "field can not be empty.") for key in values if not key]
    if sum(len(key.encode()) + len(value.encode()) for key, value in values.items()) > PARAMETERS_SIZE:
        found.append(causes.too_long("parameters", PARAMETERS_SIZE))
    return found


def _topologies(terms: list[Json]) -> Causes:
    found: Causes = []
    seen: list[dict[str, set[str]]] = [{} for _ in terms]  # as the server does, which so refuses empty terms
    for index, term in enumerate(terms):
        path = f"allowedTopologies[{index}].matchLabelExpressions"
        values: dict[str, set[str]] = {}
        for number, expression in enumerate(term.get("matchLabelExpressions") or ()):
            here, key = f"{path}[{number}]", expression.get("key", "")
            given = expression.get("values") or []
            if not given:
                found.append(causes.required(f"{here}.values"))
            for place, value in enumerate(given):
                if value in given[:place]:
                    found.append(causes.duplicate(f"{here}.values[{place}]", value))
            found += causes.all_of(f"{here}.key", key, names.label_key(key))
            if key in values:
                found.append(causes.duplicate(f"{here}.key", key))
            values[key] = set(given)
        found += [causes.duplicate(path, "") for other in seen if other == values]
        seen.append(values)
    return found


def update(new: Json, old: Json, _subresource: str) -> Causes:
    """What provisions a volume never changes."""
    found = [*check(new), *metadata.check_update(new, old)]
    return [*found, *(causes.invalid(key, None, causes.IMMUTABLE) for key in FIXED if new.get(key) != old.get(key))]
