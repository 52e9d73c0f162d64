"""Conditions of pods: ready, and available after minReadySeconds (`pkg/api/v1/pod/util.go`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator import clock

Json = dict[str, Any]


def condition(obj: Json, kind: str) -> Json | None:
    """A condition of an object's status by type, or None."""
    for item in (obj.get("status") or {}).get("conditions") or []:
        if item["type"] == kind:
            found: Json = item
            return found
    return None


def is_ready(pod: Json) -> bool:
    """Whether a pod's Ready condition is true."""
    found = condition(pod, "Ready")
    return found is not None and found["status"] == "True"


def seconds_to_available(pod: Json, min_ready: int, now: datetime) -> float | None:
    """How long a ready pod needs to become available: 0 if it is, None if it is not even ready."""
    found = condition(pod, "Ready")
    if found is None or found["status"] != "True":
        return None
    if min_ready == 0:
        return 0.0
    since = found.get("lastTransitionTime")
    if not since:
        return None
    return max(0.0, min_ready - (now - clock.moment(since)).total_seconds())


def is_available(pod: Json, min_ready: int, now: datetime) -> bool:
    """Whether a pod has been ready for `min_ready` seconds."""
    return seconds_to_available(pod, min_ready, now) == 0.0
