"""Rules about quantities and resource lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
NATIVE = "kubernetes.io/"


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
    if (name in WHOLE or is_extended(name)) and not quantity.is_whole(quantity.parse(text)):
        found.append(causes.invalid(path, text, "must be an integer"))
    return found


def is_native(name: str) -> bool:
    """Whether a resource is Kubernetes' own."""
    return "/" not in name or NATIVE in name


def is_extended(name: str) -> bool:
    """Whether a resource is somebody else's and can be asked for."""
    return not is_native(name) and not name.startswith("requests.") and not names.label_key(f"requests.{name}")


def resource_name(name: str, path: str) -> Causes:
    """A resource's name: one of Kubernetes' own, or one with a domain."""
    found = causes.all_of(path, name, names.label_key(name), typed=True)
    if not found and "/" not in name and name not in STANDARD and not name.startswith((HUGE, f"requests.{HUGE}")):
        text = "must be a standard resource type or fully qualified"
        found.append(causes.invalid(path, name, text, typed=True))
    return found


def container_name(name: str, path: str) -> Causes:
    """A resource that a container may ask for."""
    found = resource_name(name, path)
    if "/" not in name:
        if name not in CONTAINER and not name.startswith(HUGE):
            found.append(causes.invalid(path, name, "must be a standard resource for containers", typed=True))
    elif not is_native(name) and not is_extended(name):
        found.append(causes.invalid(path, name, "doesn't follow extended resource name standard", typed=True))
    return found


def pod_name(name: str, path: str) -> Causes:
    """A resource that a pod as a whole may ask for."""
    found = resource_name(name, path)
    if not found and name not in ("cpu", "memory") and not name.startswith(HUGE):
        found.append(causes.not_supported(path, name, ("cpu", "hugepages-", "memory")))
    return found


def _overcommit(name: str) -> bool:
    return is_native(name) and not name.startswith(HUGE)


def _pages(name: str, text: str, path: str) -> Causes:
    """Whole pages of memory."""
    if not name.startswith(HUGE):
        return []
    try:
        page = quantity.parse(name.removeprefix(HUGE)).nano
    except quantity.QuantityError:
        page = 0
    if page > 0 and page % quantity.NANO == 0 and quantity.parse(text).nano % page == 0:
        return []
    return [causes.invalid(path, text, f"{text} is not positive integer multiple of {name}")]


def requirements(
    resources: Json | None,
    path: str,
    claims: Iterable[str] = (),
    name_rule: Callable[[str, str], Causes] = container_name,
) -> Causes:
    """requests, limits and claims; `claims` are the names of the pod's resource claims."""
    resources = resources or {}
    found: Causes = []
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for name, text in limits.items():
        here = f"{path}.limits[{name}]"
        found += [*name_rule(name, here), *value(name, text, here), *_pages(name, text, here)]
    for name, text in requests.items():
        here = f"{path}.requests[{name}]"
        found += [*name_rule(name, here), *value(name, text, here)]
        found += _request(name, text, limits.get(name), path)
        found += _pages(name, text, here)
    names_used = {*limits, *requests}
    if any(name.startswith(HUGE) for name in names_used) and not names_used & {"cpu", "memory"}:
        found.append(causes.forbidden(path, "HugePages require cpu or memory"))
    return [*found, *_claims(resources.get("claims"), sorted(claims), f"{path}.claims")]


def _request(name: str, text: str, limit: str | None, path: str) -> Causes:
    if limit is None:
        if _overcommit(name):
            return []
        return [causes.required(f"{path}.limits", "Limit must be set for non overcommitable resources")]
    order = compare(text, limit)
    if order != 0 and not _overcommit(name):
        return [causes.invalid(f"{path}.requests", text, f"must be equal to {name} limit of {limit}")]
    if order > 0:
        return [causes.invalid(f"{path}.requests", text, f"must be less than or equal to {name} limit of {limit}")]
    return []


def _claims(values: list[Json] | None, known: list[str], path: str) -> Causes:
    """What a container takes of the pod's claims."""
    found: Causes = []
    seen: set[str] = set()
    for index, claim in enumerate(values or ()):
        here, name, request = f"{path}[{index}]", claim.get("name", ""), claim.get("request", "")
        if not name:
            found.append(causes.required(here))
            continue
        if name in seen:
            found.append(causes.duplicate(here, name))
        else:
            key = f"{name}/{request}" if request else name
            if request:
                found += causes.all_of(f"{here}.request", request, names.dns_label(request))
            if key in seen:
                found.append(causes.duplicate(here, key))
            elif not request:
                found += [causes.duplicate(here, name) for other in seen if other.startswith(f"{name}/")]
            seen.add(key)
        if name not in known:
            text = "must be one of the names in pod.spec.resourceClaims"
            text += f": {', '.join(known)}" if known else " which is empty"
            found.append(causes.not_found(here, name, text))
    return found
