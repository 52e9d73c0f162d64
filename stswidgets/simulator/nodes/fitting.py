"""Whether a pod fits a node, and in the scheduler's words why not.

Rules and texts of `pkg/scheduler/framework/plugins` (Kubernetes 1.37).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stswidgets.simulator import labelselector
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]
Amounts = dict[str, int]  # by resource, in nano units

UNSCHEDULABLE = "node(s) were unschedulable"
TAINTED = "node(s) had untolerated taint(s)"
AFFINITY = "node(s) didn't match Pod's node affinity/selector"
POD_AFFINITY = "node(s) didn't match pod affinity rules"
POD_ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules"
OTHERS_ANTI_AFFINITY = "node(s) didn't satisfy existing pods anti-affinity rules"
SPREAD = "node(s) didn't match pod topology spread constraints"
PORTS = "node(s) didn't have free ports for the requested pod ports"
VICTIMS_HELP = (PORTS, POD_ANTI_AFFINITY, OTHERS_ANTI_AFFINITY, SPREAD)


@dataclass(slots=True)
class Place:
    """A node and what is on it."""

    node: Json
    pods: dict[str, Json] = field(default_factory=dict)
    used: Amounts = field(default_factory=dict)

    @property
    def labels(self) -> Mapping[str, str]:
        """The node's labels."""
        return self.node["metadata"].get("labels") or {}

    def free(self, resource: str) -> int:
        """How much of a resource is left, in nano units."""
        allocatable = (self.node.get("status") or {}).get("allocatable") or {}
        return quantity.parse(allocatable.get(resource, "0")).nano - self.used.get(resource, 0)

    def add(self, pod: Json) -> None:
        """A pod is placed here."""
        uid = pod["metadata"]["uid"]
        if uid not in self.pods:
            for resource, amount in requests(pod).items():
                self.used[resource] = self.used.get(resource, 0) + amount
        self.pods[uid] = pod

    def remove(self, pod: Json) -> None:
        """A pod has left."""
        if self.pods.pop(pod["metadata"]["uid"], None) is not None:
            for resource, amount in requests(pod).items():
                self.used[resource] = self.used.get(resource, 0) - amount


def requests(pod: Json) -> Amounts:
    """What a pod asks for: its containers together, or its largest init container if that is more."""
    spec = pod["spec"]
    total: Amounts = {"pods": quantity.NANO}
    for container in spec["containers"]:
        _add(total, container)
    most: Amounts = {}
    for container in spec.get("initContainers") or []:
        if container.get("restartPolicy") == "Always":
            _add(total, container)
            continue
        for resource, amount in _asks(container).items():
            most[resource] = max(most.get(resource, 0), amount)
    for resource, amount in most.items():
        total[resource] = max(total.get(resource, 0), amount)
    return total


def _add(total: Amounts, container: Json) -> None:
    for resource, amount in _asks(container).items():
        total[resource] = total.get(resource, 0) + amount


def _asks(container: Json) -> Amounts:
    wanted = (container.get("resources") or {}).get("requests") or {}
    return {resource: quantity.parse(text).nano for resource, text in wanted.items()}


def reasons(pod: Json, place: Place, places: Iterable[Place]) -> list[str]:
    """Why a pod cannot run on a node; empty if it can. The first plugin that objects is the one that speaks."""
    spec = pod["spec"]
    if (place.node.get("spec") or {}).get("unschedulable") and not tolerates(pod, _CORDON):
        return [UNSCHEDULABLE]
    if any(taint["effect"] != "PreferNoSchedule" and not tolerates(pod, taint) for taint in taints(place.node)):
        return [TAINTED]
    if not wants(spec, place.node):
        return [AFFINITY]
    if _ports(pod) and any(_ports(pod) & _ports(other) for other in place.pods.values()):
        return [PORTS]
    short = [_shortage(resource) for resource, amount in requests(pod).items() if amount > place.free(resource)]
    if short:
        return short
    affinity = spec.get("affinity") or {}
    if spec.get("topologySpreadConstraints") or affinity.get("podAffinity") or affinity.get("podAntiAffinity"):
        why = _together(pod, place, list(places))
        if why:
            return [why]
    return [OTHERS_ANTI_AFFINITY] if _keeps_away(pod, place) else []


_CORDON = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}


def is_large_enough(pod: Json, place: Place) -> bool:
    """Whether a node could hold a pod if nothing else were on it."""
    allocatable = (place.node.get("status") or {}).get("allocatable") or {}
    return all(
        amount <= quantity.parse(allocatable.get(resource, "0")).nano for resource, amount in requests(pod).items()
    )


def _shortage(resource: str) -> str:
    return "Too many pods" if resource == "pods" else f"Insufficient {resource}"


def taints(node: Json) -> list[Json]:
    """A node's taints."""
    return (node.get("spec") or {}).get("taints") or []


def tolerates(pod: Json, taint: Json) -> bool:
    """Whether a pod tolerates a taint, for however long."""
    return any(_covers(item, taint) for item in pod["spec"].get("tolerations") or [])


def _covers(toleration: Json, taint: Json) -> bool:
    if toleration.get("effect") and toleration["effect"] != taint["effect"]:
        return False
    if toleration.get("key") and toleration["key"] != taint["key"]:
        return False
    if toleration.get("operator", "Equal") == "Exists":
        return True
    return bool(toleration.get("key")) and toleration.get("value", "") == taint.get("value", "")


def wants(spec: Json, node: Json) -> bool:
    """Whether a pod's nodeSelector and required node affinity accept a node."""
    labels = node["metadata"].get("labels") or {}
    if any(labels.get(key) != value for key, value in (spec.get("nodeSelector") or {}).items()):
        return False
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    if required is None:
        return True
    return any(_term_fits(term, node) for term in required.get("nodeSelectorTerms") or [])


def _term_fits(term: Json, node: Json) -> bool:
    labels = node["metadata"].get("labels") or {}
    fields = {"metadata.name": node["metadata"]["name"]}
    expressions, names = term.get("matchExpressions") or [], term.get("matchFields") or []
    if not expressions and not names:
        return False
    return all(_meets(item, labels) for item in expressions) and all(_meets(item, fields) for item in names)


def _meets(item: Json, labels: Mapping[str, str]) -> bool:
    if item["operator"] not in ("Gt", "Lt"):
        return labelselector.matches({"matchExpressions": [item]}, labels)
    try:
        left, right = int(labels.get(item["key"], "")), int(item["values"][0])
    except (ValueError, IndexError):
        return False
    return left > right if item["operator"] == "Gt" else left < right


def _ports(pod: Json) -> set[tuple[str, int]]:
    return {
        (port.get("protocol", "TCP"), port["hostPort"])
        for container in pod["spec"]["containers"]
        for port in container.get("ports") or []
        if port.get("hostPort")
    }


def _together(pod: Json, place: Place, places: list[Place]) -> str:
    """Pod affinity, anti-affinity and topology spread; the reason, or an empty text."""
    affinity = pod["spec"].get("affinity") or {}
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    for term in (affinity.get("podAffinity") or {}).get(required) or []:
        near = _same_domain(place, places, term["topologyKey"])
        if near is None or not any(_selects(term, pod, other) for other in near):
            everywhere = [other for item in places for other in item.pods.values()]
            alone = not any(_selects(term, pod, other) for other in everywhere) and _selects(term, pod, pod)
            if near is None or not alone:
                return POD_AFFINITY
    for term in (affinity.get("podAntiAffinity") or {}).get(required) or []:
        near = _same_domain(place, places, term["topologyKey"])
        if near is not None and any(_selects(term, pod, other) for other in near):
            return POD_ANTI_AFFINITY
    for constraint in pod["spec"].get("topologySpreadConstraints") or []:
        if constraint.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule":
            why = _skewed(pod, place, places, constraint)
            if why:
                return why
    return ""


def _same_domain(place: Place, places: list[Place], key: str) -> list[Json] | None:
    """The pods on the nodes that share a label's value with a node; None if the node has no such label."""
    value = place.labels.get(key)
    if value is None:
        return None
    return [pod for item in places if item.labels.get(key) == value for pod in item.pods.values()]


def _selects(term: Json, pod: Json, other: Json) -> bool:
    """Whether a pod's affinity term means another pod."""
    namespaces = term.get("namespaces") or [pod["metadata"]["namespace"]]
    labels = other["metadata"].get("labels") or {}
    return other["metadata"]["namespace"] in namespaces and labelselector.matches(term.get("labelSelector"), labels)


def _skewed(pod: Json, place: Place, places: list[Place], constraint: Json) -> str:
    key = constraint["topologyKey"]
    if key not in place.labels:
        return f"{SPREAD} (missing required label)"
    counts: dict[str, int] = {}
    for item in places:
        if key in item.labels and wants(pod["spec"], item.node):
            here = sum(_counts(constraint, pod, other) for other in item.pods.values())
            counts[item.labels[key]] = counts.get(item.labels[key], 0) + here
    fewest = min(counts.values(), default=0)
    if len(counts) < (constraint.get("minDomains") or 1):
        fewest = 0
    after = counts.get(place.labels[key], 0) + _counts(constraint, pod, pod)
    return SPREAD if after - fewest > constraint["maxSkew"] else ""


def _counts(constraint: Json, pod: Json, other: Json) -> bool:
    metadata = other["metadata"]
    if metadata["namespace"] != pod["metadata"]["namespace"] or "deletionTimestamp" in metadata:
        return False
    labels = metadata.get("labels") or {}
    own = pod["metadata"].get("labels") or {}
    same = {key: own[key] for key in constraint.get("matchLabelKeys") or [] if key in own}
    return labelselector.matches(constraint.get("labelSelector"), labels) and all(
        labels.get(key) == value for key, value in same.items()
    )


def _keeps_away(pod: Json, place: Place) -> bool:
    """Whether a pod that is on the node already will not have this one beside it (by host name, the usual key)."""
    for other in place.pods.values():
        rules = (other["spec"].get("affinity") or {}).get("podAntiAffinity") or {}
        for term in rules.get("requiredDuringSchedulingIgnoredDuringExecution") or []:
            if term["topologyKey"] == "kubernetes.io/hostname" and _selects(term, other, pod):
                return True
    return False
