"""What kube-state-metrics makes of stored objects: the families that dashboards of StatefulSets use.

Names and labels: kube-state-metrics 2 (its `internal/store`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from stswidgets.simulator import store
from stswidgets.simulator.http.prometheus import podstates
from stswidgets.simulator.http.prometheus.podstates import amount, seconds
from stswidgets.simulator.http.prometheus.text import Family
from stswidgets.simulator.kinds import (
    autoscalers,
    claims,
    disruptionbudgets,
    namespaces,
    nodes,
    pods,
    quotas,
    statefulsets,
    volumes,
)

Json = dict[str, Any]


def families(objects: store.Store) -> Iterable[Family]:
    """Everything, in the order of the kinds."""
    tables: tuple[tuple[Any, Callable[[list[Json]], Iterable[Family]]], ...] = (
        (autoscalers.KIND, _autoscalers),
        (namespaces.KIND, _namespaces),
        (nodes.KIND, _nodes),
        (claims.KIND, _claims),
        (volumes.VOLUMES, _volumes),
        (pods.KIND, podstates.families),
        (disruptionbudgets.KIND, _budgets),
        (quotas.QUOTAS, _quotas),
        (statefulsets.KIND, _statefulsets),
    )
    return [family for kind, table in tables for family in table([item.obj for item in objects.list(kind)])]


def _key(obj: Json, name: str) -> dict[str, str]:
    return {"namespace": obj["metadata"]["namespace"], name: obj["metadata"]["name"]}


def _statefulsets(found: list[Json]) -> Iterable[Family]:
    numbers = {
        "kube_statefulset_replicas": ("Number of desired pods for a StatefulSet.", "spec", "replicas"),
        "kube_statefulset_status_replicas": ("The number of replicas per StatefulSet.", "status", "replicas"),
    }
    for which in ("available", "current", "ready", "updated"):
        text = f"The number of {which} replicas per StatefulSet."
        numbers[f"kube_statefulset_status_replicas_{which}"] = (text, "status", f"{which}Replicas")
    text = "The generation observed by the StatefulSet controller."
    numbers["kube_statefulset_status_observed_generation"] = (text, "status", "observedGeneration")
    text = "Sequence number representing a specific generation of the desired state for the StatefulSet."
    numbers["kube_statefulset_metadata_generation"] = (text, "metadata", "generation")
    made = []
    for name, (text, part, field) in numbers.items():
        family = Family(name, f"[STABLE] {text}")
        for item in found:
            numbers_of: Json = item.get(part) or {}
            family.add(numbers_of.get(field, 0), **_key(item, "statefulset"))
        made.append(family)
    created = Family("kube_statefulset_created", "[STABLE] Unix creation timestamp")
    current = Family("kube_statefulset_status_current_revision", "[STABLE] The version of the pods before an update.")
    update = Family("kube_statefulset_status_update_revision", "[STABLE] The version of the pods after an update.")
    for item in found:
        labels, state = _key(item, "statefulset"), item.get("status") or {}
        created.add(seconds(item["metadata"]["creationTimestamp"]), **labels)
        current.add(1, **labels, revision=state.get("currentRevision", ""))
        update.add(1, **labels, revision=state.get("updateRevision", ""))
    return *made, created, current, update


def _claims(found: list[Json]) -> Iterable[Family]:
    info = Family("kube_persistentvolumeclaim_info", "[STABLE] Information about persistent volume claim.")
    wanted = Family(
        "kube_persistentvolumeclaim_resource_requests_storage_bytes", "[STABLE] The capacity of storage requested."
    )
    phase = Family("kube_persistentvolumeclaim_status_phase", "[STABLE] The phase the persistent volume claim is in.")
    for item in found:
        labels, spec = _key(item, "persistentvolumeclaim"), item["spec"]
        info.add(
            1, **labels, storageclass=spec.get("storageClassName", "<none>"), volumename=spec.get("volumeName", "")
        )
        wanted.add(amount(spec["resources"]["requests"]["storage"]), **labels)
        for name in ("Lost", "Bound", "Pending"):
            phase.add((item.get("status") or {}).get("phase") == name, **labels, phase=name)
    return info, wanted, phase


def _volumes(found: list[Json]) -> Iterable[Family]:
    capacity = Family("kube_persistentvolume_capacity_bytes", "[STABLE] Persistentvolume capacity in bytes.")
    phase = Family("kube_persistentvolume_status_phase", "[STABLE] The phase of the volume.")
    for item in found:
        name = item["metadata"]["name"]
        capacity.add(amount(item["spec"]["capacity"]["storage"]), persistentvolume=name)
        for value in ("Pending", "Available", "Bound", "Released", "Failed"):
            phase.add((item.get("status") or {}).get("phase") == value, persistentvolume=name, phase=value)
    return capacity, phase


def _autoscalers(found: list[Json]) -> Iterable[Family]:
    head = "kube_horizontalpodautoscaler"
    least = Family(f"{head}_spec_min_replicas", "[STABLE] Lower limit for the number of pods.")
    most = Family(f"{head}_spec_max_replicas", "[STABLE] Upper limit for the number of pods.")
    current = Family(f"{head}_status_current_replicas", "[STABLE] Current number of replicas of pods.")
    desired = Family(f"{head}_status_desired_replicas", "[STABLE] Desired number of replicas of pods.")
    condition = Family(f"{head}_status_condition", "[STABLE] The condition of this autoscaler.")
    target = Family(f"{head}_spec_target_metric", "The metric specifications used by this autoscaler.")
    seen = Family(f"{head}_status_target_metric", "The current metric status used by this autoscaler.")
    for item in found:
        labels, spec, state = _key(item, "horizontalpodautoscaler"), item["spec"], item.get("status") or {}
        least.add(spec.get("minReplicas", 1), **labels)
        most.add(spec["maxReplicas"], **labels)
        current.add(state.get("currentReplicas", 0), **labels)
        desired.add(state.get("desiredReplicas", 0), **labels)
        _conditions(condition, state, labels)
        for family, metrics, part in (
            (target, spec["metrics"], "target"),
            (seen, state.get("currentMetrics"), "current"),
        ):
            for metric in metrics or ():
                _metric(family, labels, metric, part)
    return least, most, current, desired, condition, target, seen


def _metric(family: Family, labels: dict[str, str], metric: Json, part: str) -> None:
    source = metric.get("resource") or metric.get("containerResource")
    for field, kind in (("averageUtilization", "utilization"), ("averageValue", "average")):
        value = ((source or {}).get(part) or {}).get(field)
        if source and value is not None:
            number = amount(value) if isinstance(value, str) else value
            family.add(number, **labels, metric_name=source["name"], metric_target_type=kind)


def _conditions(family: Family, state: Json, labels: dict[str, str]) -> None:
    for item in state.get("conditions") or ():
        for value in ("true", "false", "unknown"):
            family.add(item["status"].lower() == value, **labels, condition=item["type"], status=value)


def _budgets(found: list[Json]) -> Iterable[Family]:
    head = "kube_poddisruptionbudget_status"
    fields = {
        "current_healthy": ("currentHealthy", "Current number of healthy pods"),
        "desired_healthy": ("desiredHealthy", "Minimum desired number of healthy pods"),
        "pod_disruptions_allowed": ("disruptionsAllowed", "Number of pod disruptions that are currently allowed"),
        "expected_pods": ("expectedPods", "Total number of pods counted by this disruption budget"),
        "observed_generation": ("observedGeneration", "Most recent generation observed when updating this PDB status"),
    }
    made = []
    for name, (field, text) in fields.items():
        family = Family(f"{head}_{name}", f"[STABLE] {text}")
        for item in found:
            family.add((item.get("status") or {}).get(field, 0), **_key(item, "poddisruptionbudget"))
        made.append(family)
    return made


def _quotas(found: list[Json]) -> Iterable[Family]:
    family = Family("kube_resourcequota", "[STABLE] Information about resource quota.")
    for item in found:
        for part in ("hard", "used"):
            for name, text in ((item.get("status") or {}).get(part) or {}).items():
                family.add(amount(text), **_key(item, "resourcequota"), resource=name, type=part)
    return (family,)


def _namespaces(found: list[Json]) -> Iterable[Family]:
    family = Family("kube_namespace_status_phase", "[STABLE] kubernetes namespace status phase.")
    for item in found:
        for phase in ("Active", "Terminating"):
            is_in = (item.get("status") or {}).get("phase") == phase
            family.add(is_in, namespace=item["metadata"]["name"], phase=phase)
    return (family,)


def _nodes(found: list[Json]) -> Iterable[Family]:
    info = Family("kube_node_info", "[STABLE] Information about a cluster node.")
    condition = Family("kube_node_status_condition", "[STABLE] The condition of a cluster node.")
    closed = Family("kube_node_spec_unschedulable", "[STABLE] Whether a node can schedule new pods.")
    capacity = Family("kube_node_status_capacity", "[STABLE] The capacity for different resources of a node.")
    usable = Family("kube_node_status_allocatable", "[STABLE] The allocatable for different resources of a node.")
    for item in found:
        name, state = item["metadata"]["name"], item.get("status") or {}
        about = state.get("nodeInfo") or {}
        info.add(
            1,
            node=name,
            kernel_version=about.get("kernelVersion", ""),
            os_image=about.get("osImage", ""),
            container_runtime_version=about.get("containerRuntimeVersion", ""),
            kubelet_version=about.get("kubeletVersion", ""),
        )
        closed.add(bool((item.get("spec") or {}).get("unschedulable")), node=name)
        _conditions(condition, state, {"node": name})
        for family, part in ((capacity, "capacity"), (usable, "allocatable")):
            for resource, text in (state.get(part) or {}).items():
                unit = {"cpu": "core", "pods": "integer"}.get(resource, "byte")
                family.add(amount(text), node=name, resource=resource.replace("-", "_"), unit=unit)
    return info, condition, closed, capacity, usable
