"""The subresources that are objects of another kind: scale, binding, eviction.

Rules: kubernetes `pkg/registry/apps/statefulset/storage/storage.go` (ScaleREST), `pkg/registry/core/pod/storage`.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import clock, labelselector, status
from stswidgets.simulator.kinds import registry
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.verbs import delete as deleting
from stswidgets.simulator.verbs import metadata, update
from stswidgets.simulator.verbs.request import Context, Deletion, Options, Result

Json = dict[str, Any]

_TOPOLOGY = ("topology.kubernetes.io/zone", "topology.kubernetes.io/region")
_BUDGET = "Cannot evict pod as it would violate the pod's disruption budget."


def scale(obj: Json) -> Json:
    """The Scale of an object that has `spec.replicas`."""
    meta = obj["metadata"]
    fields = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    now: Json = {"replicas": (obj.get("status") or {}).get("replicas", 0)}
    selector = labelselector.text(obj["spec"].get("selector"))
    if selector:
        now["selector"] = selector
    replicas = obj["spec"].get("replicas")
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {field: meta[field] for field in fields if field in meta},
        "spec": {"replicas": replicas} if replicas else {},
        "status": now,
    }


def set_scale(context: Context, kind: Kind, namespace: str, name: str, wanted: Json, *, options: Options) -> Result:
    """Store the replicas of a Scale in its object."""
    stored = context.store.get(kind, namespace, name)
    if stored is None:
        raise status.not_found(kind.group, kind.plural, name)
    replicas = (wanted.get("spec") or {}).get("replicas") or 0
    if replicas < 0:
        message = f"Invalid value: {replicas}: must be greater than or equal to 0"
        cause = status.Cause("spec.replicas", "FieldValueInvalid", message)
        raise status.invalid("autoscaling", "Scale", name, [cause])
    new = stored.copy()
    meta = wanted.get("metadata") or {}
    if meta.get("resourceVersion"):
        new["metadata"]["resourceVersion"] = meta["resourceVersion"]
    if meta.get("uid"):
        new["metadata"]["uid"] = meta["uid"]
    new["spec"]["replicas"] = replicas
    result = update.store(context, kind, stored.obj, new, options=options, subresource="scale")
    return Result(scale(result.obj), result.warnings)


def bind(context: Context, pod: Kind, namespace: str, name: str, node: str, *, options: Options) -> Result:
    """Give a pod its node. 409 if it has one, or is being deleted."""
    stored = context.store.get(pod, namespace, name)
    if stored is None:
        raise status.not_found("", "pods", name)
    new = stored.copy()
    why = ""
    if new["metadata"].get("deletionTimestamp"):
        why = f"pod {name} is being deleted, cannot be assigned to a host"
    elif new["spec"].get("nodeName"):
        why = f'pod {name} is already assigned to node "{new["spec"]["nodeName"]}"'
    if why:
        raise status.conflict("", "pods/binding", name, why)
    new["spec"]["nodeName"] = node
    _label_by_topology(context, new, node)
    now = clock.stamp(context.clock.now())
    conditions = [item for item in new.setdefault("status", {}).get("conditions", []) if item["type"] != "PodScheduled"]
    scheduled = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": now}
    new["status"]["conditions"] = [*conditions, scheduled]
    if options.dry_run:
        return Result(new)
    return Result(context.store.put(pod, new).obj)


def _label_by_topology(context: Context, pod: Json, node: str) -> None:
    """Give a pod the zone and region of its node (kubernetes `plugin/pkg/admission/podtopologylabels`)."""
    found = context.store.get(registry.REGISTRY.by_resource("", "v1", "nodes"), None, node)
    labels = (found.obj["metadata"].get("labels") or {}) if found else {}
    placed = {name: labels[name] for name in _TOPOLOGY if name in labels}
    if placed:
        pod["metadata"]["labels"] = {**(pod["metadata"].get("labels") or {}), **placed}


def evict(context: Context, pod: Kind, namespace: str, name: str, *, deletion: Deletion, options: Options) -> Result:
    """Delete a pod through its disruption budget."""
    stored = context.store.get(pod, namespace, name)
    if stored is None:
        raise status.not_found("", "pods", name)
    obj = stored.obj
    free = obj["metadata"].get("deletionTimestamp") or (obj.get("status") or {}).get("phase") in (
        "Succeeded",
        "Failed",
        "Pending",
    )
    if not free:
        _spend_budget(context, obj, namespace, options)
    return deleting.delete(context, pod, namespace, name, deletion=deletion, options=options)


def _spend_budget(context: Context, pod: Json, namespace: str, options: Options) -> None:
    """Take one disruption from the pod's budget; 429 if there is none left, 500 if two budgets claim the pod."""
    kind = registry.REGISTRY.by_resource("policy", "v1", "poddisruptionbudgets")
    budgets = [
        item
        for item in context.store.list(kind, namespace)
        if labelselector.matches(item.obj["spec"].get("selector"), pod["metadata"].get("labels") or {})
    ]
    if not budgets:
        return
    if len(budgets) > 1:
        message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
        raise status.ApiError(500, "InternalError", message)
    budget = budgets[0].copy()
    now: Json = budget.setdefault("status", {})
    if now.get("observedGeneration", 0) < budget["metadata"].get("generation", 1):
        raise _too_many(f"The disruption budget {budgets[0].name} is still being processed by the server.", 10)
    if now.get("disruptionsAllowed", 0) <= 0:
        desired, healthy = now.get("desiredHealthy", 0), now.get("currentHealthy", 0)
        raise _too_many(
            f"The disruption budget {budgets[0].name} needs {desired} healthy pods and has {healthy} currently", 0
        )
    if options.dry_run:
        return
    now["disruptionsAllowed"] -= 1
    disrupted = now.setdefault("disruptedPods", {})
    disrupted[pod["metadata"]["name"]] = clock.stamp(context.clock.now())
    context.store.put(kind, metadata.clone(budget))


def _too_many(cause: str, seconds: int) -> status.ApiError:
    details: Json = {"retryAfterSeconds": seconds} if seconds else {}
    return status.ApiError(
        429,
        "TooManyRequests",
        _BUDGET,
        [status.Cause("", "DisruptionBudget", cause)],
        details=details,
        headers={"Retry-After": str(seconds)} if seconds else None,
    )
