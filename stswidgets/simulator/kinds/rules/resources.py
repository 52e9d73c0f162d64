"""Rules about quantities and resource lists."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, names
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

CONTAINER = frozenset({"cpu", "memory", "ephemeral-storage"})
STANDARD = CONTAINER | {
    "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims",
    "storage", "services.nodeports", "services.loadbalancers", "requests.cpu", "requests.memory", "requests.storage",
    "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage",
}  # fmt: skip
WHOLE = frozenset({
    "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims",
    "services.nodeports", "services.loadbalancers",
})  # fmt: skip
HUGE = "hugepages-"


def compare(left: str, right: str) -> int:
    """-1, 0 or 1."""
    a, b = quantity.parse(left).nano, quantity.parse(right).nano
    return (a > b) - (a < b)


def is_negative(value: str) -> bool:
    """Below zero."""
    return quantity.parse(value).nano < 0


def value(name: str, text: str, path: str) -> Causes:
    """A value of a resource list: at least zero, whole where the resource is counted."""
    found = []
    if is_negative(text):
        found.append(causes.invalid(path, text, causes.NEGATIVE))
    counted = name in WHOLE or ("/" in name and "kubernetes.io/" not in name)
    if counted and quantity.parse(text).nano % quantity.NANO:
        found.append(causes.invalid(path, text, "must be an integer"))
    return found


def container_name(name: str, path: str) -> Causes:
    """A resource that a container may ask for."""
    found = causes.all_of(path, name, names.label_key(name), typed=True)
    if found:
        return found
    if "/" in name:
        domain = name.partition("/")[0]
        native = domain == "kubernetes.io" or domain.endswith(".kubernetes.io")
        if not native and (name.startswith("requests.") or names.label_key(f"requests.{name}")):
            return [causes.invalid(path, name, "doesn't follow extended resource name standard", typed=True)]
        return []
    huge = name.startswith(HUGE)
    if name not in STANDARD and not huge:
        found.append(causes.invalid(path, name, "must be a standard resource type or fully qualified", typed=True))
    if name not in CONTAINER and not huge:
        found.append(causes.invalid(path, name, "must be a standard resource for containers", typed=True))
    return found


def _overcommit(name: str) -> bool:
    domain = name.partition("/")[0] if "/" in name else "kubernetes.io"
    native = domain == "kubernetes.io" or domain.endswith(".kubernetes.io")
    return native and not name.startswith(HUGE)


def requirements(resources: Json | None, path: str) -> Causes:
    """requests and limits of a container."""
    found: Causes = []
    limits, requests = (resources or {}).get("limits") or {}, (resources or {}).get("requests") or {}
    for name, text in limits.items():
        here = f"{path}.limits[{name}]"
        found += [*container_name(name, here), *value(name, text, here)]
    for name, text in requests.items():
        here = f"{path}.requests[{name}]"
        found += [*container_name(name, here), *value(name, text, here)]
        if name not in limits:
            if not _overcommit(name):
                found.append(causes.required(f"{path}.limits", "Limit must be set for non overcommitable resources"))
            continue
        order = compare(text, limits[name])
        if order != 0 and not _overcommit(name):
            detail = f"must be equal to {name} limit of {limits[name]}"
            found.append(causes.invalid(f"{path}.requests", text, detail))
        elif order > 0:
            detail = f"must be less than or equal to {name} limit of {limits[name]}"
            found.append(causes.invalid(f"{path}.requests", text, detail))
    names_used = {*limits, *requests}
    if any(name.startswith(HUGE) for name in names_used) and not names_used & {"cpu", "memory"}:
        found.append(causes.forbidden(path, "HugePages require cpu or memory"))
    return found
