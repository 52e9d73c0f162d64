"""What taints keep away, and what tolerates them (`ToleratesTaint` of k8s.io/component-helpers)."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

CORDONED = "node.kubernetes.io/unschedulable"
"""The key of a cordoned node's taint."""


def toleration(pod: Json, taint: Json) -> Json | None:
    """The first of a pod's tolerations that fits a taint."""
    return next((item for item in pod["spec"].get("tolerations") or () if _fits(item, taint)), None)


def _fits(toleration: Json, taint: Json) -> bool:
    if toleration.get("effect") and toleration["effect"] != taint["effect"]:
        return False
    if toleration.get("key") and toleration["key"] != taint["key"]:
        return False
    operator = toleration.get("operator") or "Equal"
    return operator == "Exists" or (operator == "Equal" and toleration.get("value", "") == taint.get("value", ""))
