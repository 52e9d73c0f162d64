"""Rules about nodes (core `ValidateNode`, `ValidateNodeUpdate`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import addresses, causes, metadata, names, resources, scheduling
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]


def check(obj: Json) -> Causes:
    """A node."""
    found = [*_taints(obj), *_resources(obj)]
    ranges = (obj.get("spec") or {}).get("podCIDRs") or []
    for index, value in enumerate(ranges):
        found += addresses.cidr(value, f"spec.podCIDRs[{index}]")
    if len(ranges) > 1 and (len(ranges) > 2 or len({":" in value for value in ranges}) < 2):
        text = "may specify no more than one CIDR for each IP family"
        found.append(causes.invalid("spec.podCIDRs", ranges, text))
    return found


def _taints(obj: Json) -> Causes:
    found: Causes = []
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate((obj.get("spec") or {}).get("taints") or ()):
        here = f"metadata.taints[{index}]"
        key, value, effect = taint.get("key", ""), taint.get("value", ""), taint.get("effect", "")
        found += causes.all_of(f"{here}.key", key, names.label_key(key))
        messages = names.label_value(value)
        if messages:
            found.append(causes.invalid(f"{here}.value", value, ";".join(messages)))
        if not effect:
            found.append(causes.required(f"{here}.effect"))
        elif effect not in scheduling.EFFECTS:
            found.append(causes.not_supported(f"{here}.effect", effect, scheduling.EFFECTS))
        if (key, effect) in seen:
            shown = {"Key": key, "Value": value, "Effect": effect, "TimeAdded": taint.get("timeAdded")}
            found.append(causes.duplicate(here, shown, "taints must be unique by key and effect pair"))
        seen.add((key, effect))
    return found


def _resources(obj: Json) -> Causes:
    status = obj.get("status") or {}
    return [
        cause
        for key in ("capacity", "allocatable")
        for name, value in (status.get(key) or {}).items()
        for cause in resources.value(name, value, f"status.{key}.{name}")
    ]


def update(new: Json, old: Json, _subresource: str) -> Causes:
    """A changed node: its ranges and its provider's id stay."""
    found = [*metadata.check_update(new, old), *_resources(new)]
    seen: list[Json] = []
    for index, address in enumerate((new.get("status") or {}).get("addresses") or ()):
        if address in seen:
            shown = {"Type": address.get("type", ""), "Address": address.get("address", "")}
            found.append(causes.duplicate(f"status.addresses[{index}]", shown))
        seen.append(address)
    after, before = new.get("spec") or {}, old.get("spec") or {}
    was, now = before.get("podCIDRs") or [], after.get("podCIDRs") or []
    if was and was != now:
        text = 'node updates may not change podCIDR except from "" to valid'
        changed = len(was) if len(was) == len(now) else 1
        found += [causes.forbidden("spec.podCIDRs", text) for _ in range(changed)]
    return [*found, *_taints(new), *_provider(after.get("providerID", ""), before.get("providerID", ""))]


def _provider(after: str, before: str) -> Causes:
    if not before or after == before:
        return []
    text = "field cannot be modified once set" if after else "field cannot be cleared once set"
    return [causes.invalid("spec.providerID", None, text)]
