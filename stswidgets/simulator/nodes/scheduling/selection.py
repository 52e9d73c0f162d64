"""Which nodes a pod picks by labels, fields and taints (`nodeaffinity`, `tainttoleration`, `nodeunschedulable`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stswidgets.simulator import labelselector
from stswidgets.simulator.kinds import taints as taint_rules
from stswidgets.simulator.nodes.scheduling import places

Json = dict[str, Any]

CORDON = {"key": taint_rules.CORDONED, "effect": "NoSchedule"}


def untolerated(pod: Json, taints: Iterable[Json], effects: tuple[str, ...] = ("NoSchedule", "NoExecute")) -> int:
    """How many taints of these effects a pod does not tolerate."""
    return sum(taint["effect"] in effects and not tolerates(pod, taint) for taint in taints)


def tolerates(pod: Json, taint: Json) -> bool:
    """Whether a pod tolerates a taint, for however long."""
    return taint_rules.toleration(pod, taint) is not None


def wants(spec: Json, node: Json) -> bool:
    """Whether a pod's nodeSelector and required node affinity accept a node."""
    labels = node["metadata"].get("labels") or {}
    if any(labels.get(key) != value for key, value in (spec.get("nodeSelector") or {}).items()):
        return False
    required = _required(spec)
    return required is None or any(fits(term, node) for term in required)


def _required(spec: Json) -> list[Json] | None:
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get(places.REQUIRED)
    return None if required is None else required.get("nodeSelectorTerms") or []


def named(spec: Json) -> set[str] | None:
    """The only nodes that a pod's affinity names (`metadata.name`): None if it names none, empty if it contradicts."""
    required = _required(spec)
    if not required:
        return None
    names: set[str] = set()
    for term in required:
        own = [set(item["values"]) for item in term.get("matchFields") or () if _is_name_in(item)]
        if not own:
            return None
        names |= set.intersection(*own)
    return names


def _is_name_in(item: Json) -> bool:
    return bool(item["key"] == "metadata.name" and item["operator"] == "In")


def fits(term: Json, node: Json) -> bool:
    """Whether a node meets a node selector term; an empty one is met by none."""
    labels = node["metadata"].get("labels") or {}
    expressions, names = term.get("matchExpressions") or (), term.get("matchFields") or ()
    if not expressions and not names:
        return False
    fields = {"metadata.name": node["metadata"]["name"]}
    return all(_meets(item, labels) for item in expressions) and all(_meets(item, fields) for item in names)


def _meets(item: Json, labels: Mapping[str, str]) -> bool:
    if item["operator"] not in ("Gt", "Lt"):
        return labelselector.matches({"matchExpressions": [item]}, labels)
    try:
        left, right = int(labels.get(item["key"], "")), int(item["values"][0])
    except (ValueError, IndexError):
        return False
    return left > right if item["operator"] == "Gt" else left < right


def preference(spec: Json, node: Json) -> int:
    """The sum of the weights of the preferred node affinity terms that a node meets."""
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    return sum(item["weight"] for item in affinity.get(places.PREFERRED) or () if fits(item["preference"], node))
