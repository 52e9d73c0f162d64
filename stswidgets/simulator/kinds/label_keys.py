"""What `matchLabelKeys` and `mismatchLabelKeys` of a new pod come to: expressions in its terms' selectors.

Rule: kubernetes `pkg/registry/core/pod/strategy.go` (applyLabelKeysToLabelSelector).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_FIELDS = (("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn"))


def write_out(pod: Json) -> None:
    """Add to the selectors of a pod's affinity terms and spread constraints what their keys mean for its labels."""
    labels = pod["metadata"].get("labels") or {}
    for term in _terms(pod["spec"]):
        selector = term.get("labelSelector")
        if selector is None:
            continue  # selects nothing, with or without keys
        for field, operator in _FIELDS:
            for key in term.get(field) or ():
                if key in labels:
                    expression = {"key": key, "operator": operator, "values": [labels[key]]}
                    selector.setdefault("matchExpressions", []).append(expression)


def _terms(spec: Json) -> Iterator[Json]:
    affinity = spec.get("affinity") or {}
    for kind in ("podAffinity", "podAntiAffinity"):
        rules = affinity.get(kind) or {}
        yield from rules.get("requiredDuringSchedulingIgnoredDuringExecution") or ()
        for wish in rules.get("preferredDuringSchedulingIgnoredDuringExecution") or ():
            yield wish["podAffinityTerm"]
    yield from spec.get("topologySpreadConstraints") or ()
