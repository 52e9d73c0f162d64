"""The subresources that are objects of another kind: scale and binding.

Rules: kubernetes `pkg/registry/apps/statefulset/storage/storage.go` (ScaleREST), `pkg/registry/core/pod/storage`.
Eviction is a room of its own.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import clock, labelselector, status
from stswidgets.simulator.kinds import registry
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.verbs import update
from stswidgets.simulator.verbs.request import Context, Options, Result

Json = dict[str, Any]

_TOPOLOGY = ("topology.kubernetes.io/zone", "topology.kubernetes.io/region")


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
    new["status"].pop("nominatedNodeName", None)  # what a pod waited for it now has, here or elsewhere
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
