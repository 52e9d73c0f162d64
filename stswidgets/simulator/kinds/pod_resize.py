"""The subresource `resize` of pods: what of a change is kept, and what is refused.

Rules: kubernetes `pkg/registry/core/pod/strategy.go` (podResizeStrategy), `validation.go` (ValidatePodResize).
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import pod_status
from stswidgets.simulator.kinds.rules import causes
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

_GROUPS = ("containers", "initContainers")
_OWN = ("resources", "resizePolicy")
_MUTABLE = ("cpu", "memory")


def prepare(new: Json, old: Json) -> None:
    """Keep the containers' resources and resize policies, and take all else back."""
    after, before = new["spec"], old["spec"]
    if any(len(after.get(group) or ()) != len(before.get(group) or ()) for group in _GROUPS):
        return  # refused by `validate`
    kept = {group: [_kept(*pair) for pair in _pairs(after, before, group)] for group in _GROUPS if group in before}
    new["spec"] = {**before, **kept}
    for field in ("labels", "annotations", "finalizers", "ownerReferences"):
        new["metadata"].pop(field, None)
        if field in old["metadata"]:
            new["metadata"][field] = old["metadata"][field]


def _pairs(after: Json, before: Json, group: str) -> list[tuple[Json, Json]]:
    return list(zip(after.get(group) or (), before.get(group) or (), strict=False))


def _kept(container: Json, was: Json) -> Json:
    if container.get("name") != was["name"]:
        return container
    others = {key: value for key, value in was.items() if key not in _OWN}
    return others | {key: container[key] for key in _OWN if key in container}


def validate(new: Json, old: Json) -> Causes:
    """What a resize may not do."""
    after, before = new["spec"], old["spec"]
    found: Causes = []
    qos = pod_status.qos_class(before)
    if pod_status.qos_class(after) != qos:
        found.append(causes.invalid("spec", qos, "Pod QOS Class may not change as a result of resizing"))
    if not _is_supported(old):
        found.append(causes.forbidden("spec", "Pod running on node without support for resize"))
    for group in ("initContainers", "containers"):
        names = [item["name"] for item in before.get(group) or ()]
        if [item["name"] for item in after.get(group) or ()] != names:
            text = f"{group} may not be renamed, reordered, added or removed on resize"
            return [*found, causes.forbidden(f"spec.{group}", text)]
        for index, (container, was) in enumerate(_pairs(after, before, group)):
            found += _removed(container, was, f"spec.{group}[{index}].resources")
    if any(_differs_elsewhere(*pair) for pair in _pairs(after, before, "containers")):
        found.append(causes.forbidden("spec", "only cpu and memory resources are mutable"))
    return found


def _removed(container: Json, was: Json, path: str) -> Causes:
    after, before = container.get("resources") or {}, was.get("resources") or {}
    return [
        causes.forbidden(f"{path}.{group}", f"resource {group} cannot be removed")
        for group in ("requests", "limits")
        if not set(before.get(group) or ()) <= set(after.get(group) or ())
    ]


def _differs_elsewhere(container: Json, was: Json) -> bool:
    return _elsewhere(container) != _elsewhere(was)


def _elsewhere(container: Json) -> Json:
    resources = container.get("resources") or {}
    return {
        group: {name: value for name, value in (resources.get(group) or {}).items() if name not in _MUTABLE}
        for group in ("requests", "limits")
    }


def _is_supported(pod: Json) -> bool:
    """Whether the node tells what its running containers have."""
    reports = (pod.get("status") or {}).get("containerStatuses") or ()
    return all("resources" in item for item in reports if "running" in item.get("state", {}))
