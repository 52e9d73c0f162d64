"""Rules about the addresses of Services inside the cluster (core `ValidateServiceClusterIPsRelatedFields`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import addresses, causes
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

FAMILIES = ("IPv4", "IPv6")
POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
PATH = "spec.clusterIPs"
FIXED = "may not change once set"


def is_headless(spec: Json) -> bool:
    """Whether a Service has no address."""
    return (spec.get("clusterIPs") or []) == ["None"]


def check(spec: Json, before: Json) -> Causes:
    """clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy agree."""
    if spec.get("type") == "ExternalName":
        return []
    values, families = spec.get("clusterIPs") or [], spec.get("ipFamilies") or []
    found: Causes = []
    if spec.get("clusterIP"):
        if not values:
            found.append(causes.required(PATH))
        elif values[0] != spec["clusterIP"]:
            found.append(causes.invalid(PATH, values, "first value must match `clusterIP`"))
    elif values:
        found.append(causes.invalid(PATH, values, "must be empty when `clusterIP` is not specified"))
    for index, family in enumerate(families):
        if family not in FAMILIES:
            found.append(causes.not_supported(f"spec.ipFamilies[{index}]", family, FAMILIES))
        if family in families[:index]:
            found.append(causes.duplicate(f"spec.ipFamilies[{index}]", family))
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in POLICIES:
        found.append(causes.not_supported("spec.ipFamilyPolicy", policy, POLICIES))
    wrong = _values(values, before.get("clusterIPs") or [])
    found += wrong
    if len(values) > 2:
        found.append(causes.invalid(PATH, values, "may only hold up to 2 values"))
    return found if wrong else [*found, *_families(values, families)]


def _values(values: list[str], known: list[str]) -> Causes:
    found: Causes = []
    for index, value in enumerate(values):
        if index == 0 and value == "None":
            if len(values) > 1:
                found.append(causes.invalid(PATH, values, "'None' must be the first and only value"))
            continue
        found += addresses.one(value, f"{PATH}[{index}]", known)
    return found


def _families(values: list[str], families: list[str]) -> Causes:
    found: Causes = []
    parsed = [addresses.parse(value) for value in values]
    if len(values) > 1 and {address.version for address in parsed if address} != {4, 6}:
        found.append(causes.invalid(PATH, values, "may specify no more than one IP for each IP family"))
    if values == ["None"]:
        return found
    for index, (address, family) in enumerate(zip(parsed, families, strict=False)):
        if address and family in FAMILIES and f"IPv{address.version}" != family:
            text = f"expected an {family} value as indicated by `ipFamilies[{index}]`"
            found.append(causes.invalid(f"{PATH}[{index}]", values[index], text))
    return found


def changes(after: Json, before: Json) -> Causes:
    """The first address and family stay; a second one may come and go."""
    if "ExternalName" in (after.get("type"), before.get("type")):
        return []
    found: Causes = []
    if not (is_headless(after) and is_headless(before)):
        found += _changed(after, before, "clusterIPs", "primary clusterIP can not be unset", "clusterIP")
    if not is_headless(after) and not is_headless(before):
        found += _changed(after, before, "ipFamilies", "primary ipFamily can not be unset", "ipFamily")
    return found


def _changed(after: Json, before: Json, key: str, unset: str, word: str) -> Causes:
    new, old = after.get(key) or [], before.get(key) or []
    shown = new or None
    found: Causes = []
    if len(new) == len(old):
        for index, (value, was) in enumerate(zip(new, old, strict=True)):
            if value != was:
                place = index if key == "clusterIPs" else 0
                found.append(causes.invalid(f"spec.{key}[{place}]", new, FIXED))
        return found
    if len(old) > len(new) and not after.get("clusterIPs"):
        found.append(causes.invalid(f"spec.{key}[0]", shown, unset))
    if old and new and new[0] != old[0]:
        found.append(causes.invalid(f"spec.{key}[0]", after.get("clusterIPs"), FIXED))
    if len(old) > len(new) == 1 and after.get("ipFamilyPolicy") != "SingleStack":
        text = f"must be set to 'SingleStack' when releasing the secondary {word}"
        found.append(causes.invalid("spec.ipFamilyPolicy", after.get("ipFamilyPolicy"), text))
    return found
