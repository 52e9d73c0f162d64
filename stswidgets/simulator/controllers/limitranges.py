"""Limit ranges: what containers get that name no resources, and what goes beyond the limits.

Rules and texts of `plugin/pkg/admission/limitranger` (Kubernetes 1.37).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.controllers import plugin
from stswidgets.simulator.kinds import claims, kind, pods, podsums, quotas
from stswidgets.simulator.kinds.podsums import Sums
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

ANNOTATION = "kubernetes.io/limit-ranger"


class LimitRanges(plugin.Plugin):
    """Fills in and enforces limit ranges."""

    def _admit(self, operation: str, of: kind.Kind, new: Json | None, old: Json | None, subresource: str, /) -> None:
        if new is not None and of is pods.KIND and _is_about(operation, of, old, subresource):
            for limits in self._ranges(new):
                _fill(new, limits)

    def _check(self, operation: str, of: kind.Kind, new: Json | None, old: Json | None, subresource: str, /) -> None:
        if new is None or not _is_about(operation, of, old, subresource):
            return
        check = _pod_problems if of is pods.KIND else _claim_problems
        for limits in self._ranges(new):
            found = list(dict.fromkeys(problem for item in limits for problem in check(new, item)))
            if found:
                # As Go prints an aggregate: one error as it is, several in brackets.
                why = found[0] if len(found) == 1 else f"[{', '.join(found)}]"
                raise status.forbidden(of.group, of.plural, new["metadata"].get("name", ""), why)

    def _ranges(self, obj: Json) -> list[list[Json]]:
        namespace = obj["metadata"].get("namespace", "")
        return [
            (item.obj.get("spec") or {}).get("limits") or [] for item in self._api.store.list(quotas.LIMITS, namespace)
        ]


def _is_about(operation: str, of: kind.Kind, old: Json | None, subresource: str) -> bool:
    """Claims, and pods when what they ask for is said: at first, and by a resize (`SupportsAttributes`)."""
    if old is not None and "deletionTimestamp" in old["metadata"]:
        return False
    if of is pods.KIND:
        return (operation, subresource) in (("CREATE", ""), ("UPDATE", "resize"))
    return of is claims.KIND and not subresource


def _fill(pod: Json, limits: list[Json]) -> None:
    defaults: dict[str, Json] = {"requests": {}, "limits": {}}
    for item in limits:
        if item["type"] == "Container":
            defaults["requests"] |= item.get("defaultRequest") or {}
            defaults["limits"] |= item.get("default") or {}
    said: list[str] = []
    for role, containers in (("container", "containers"), ("init container", "initContainers")):
        for container in pod["spec"].get(containers) or ():
            said += _fill_container(container, defaults, role)
    if said:
        annotations = pod["metadata"].setdefault("annotations", {})
        annotations[ANNOTATION] = f"LimitRanger plugin set: {'; '.join(said)}"


def _fill_container(container: Json, defaults: dict[str, Json], role: str) -> Iterator[str]:
    for part, word in (("requests", "request"), ("limits", "limit")):
        own = (container.get("resources") or {}).get(part) or {}
        missing = sorted(set(defaults[part]) - set(own))
        if missing:
            container.setdefault("resources", {})[part] = own | {name: defaults[part][name] for name in missing}
            yield f"{', '.join(missing)} {word} for {role} {container['name']}"


def _pod_problems(obj: Json, item: Json) -> Iterator[str]:
    if item["type"] == "Container":
        for container in [*obj["spec"]["containers"], *(obj["spec"].get("initContainers") or ())]:
            yield from _problems(item, *(podsums.resources(container, part) for part in podsums.PARTS))
    elif item["type"] == "Pod":
        yield from _problems(item, *(podsums.of(obj, part, podsums.LIMIT_RANGE) for part in podsums.PARTS))


def _claim_problems(obj: Json, item: Json) -> Iterator[str]:
    if item["type"] != "PersistentVolumeClaim":
        return
    requests = podsums.resources(obj["spec"], "requests")
    for name, least in _amounts(item, "min"):
        yield from _too_little(item["type"], name, least, requests, {})
    for name, most in _amounts(item, "max"):
        head = f"maximum {name} usage per {item['type']} is {most}"
        if name not in requests:
            yield f"{head}.  No request is specified"
        elif requests[name].nano > most.nano:
            yield f"{head}, but request is {requests[name]}"


def _problems(item: Json, requests: Sums, limits: Sums) -> Iterator[str]:
    of = item["type"]
    for name, least in _amounts(item, "min"):
        yield from _too_little(of, name, least, requests, limits)
    for name, most in _amounts(item, "max"):
        yield from _too_much(of, name, most, requests, limits)
    for name, ratio in _amounts(item, "maxLimitRequestRatio"):
        yield from _too_far_apart(of, name, ratio, requests, limits)


def _amounts(item: Json, part: str) -> list[tuple[str, quantity.Quantity]]:
    return [(name, quantity.parse(text)) for name, text in sorted((item.get(part) or {}).items())]


def _too_little(of: str, name: str, least: quantity.Quantity, requests: Sums, limits: Sums) -> Iterator[str]:
    head = f"minimum {name} usage per {of} is {least}"
    if name not in requests:
        yield f"{head}.  No request is specified"
    elif requests[name].nano < least.nano:
        yield f"{head}, but request is {requests[name]}"
    elif name in limits and limits[name].nano < least.nano:
        yield f"{head}, but limit is {limits[name]}"


def _too_much(of: str, name: str, most: quantity.Quantity, requests: Sums, limits: Sums) -> Iterator[str]:
    head = f"maximum {name} usage per {of} is {most}"
    if name not in limits:
        yield f"{head}.  No limit is specified"
    elif limits[name].nano > most.nano:
        yield f"{head}, but limit is {limits[name]}"
    elif name in requests and requests[name].nano > most.nano:
        yield f"{head}, but request is {requests[name]}"


def _too_far_apart(of: str, name: str, ratio: quantity.Quantity, requests: Sums, limits: Sums) -> Iterator[str]:
    head = f"{name} max limit to request ratio per {of} is {ratio}, but"
    if name not in requests or requests[name].nano == 0:
        yield f"{head} no request is specified or request is 0"
    elif name not in limits or limits[name].nano == 0:
        yield f"{head} no limit is specified or limit is 0"
    elif limits[name].nano * quantity.NANO > ratio.nano * requests[name].nano:
        yield f"{head} provided ratio is {limits[name].nano / requests[name].nano:.6f}"
