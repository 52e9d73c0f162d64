"""The conditions of an autoscaler, each of a type at most once, in the order in which they first came."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def put(conditions: list[Json], kind: str, reason: str, message: str, now: str, *, good: bool = True) -> None:
    """Set a condition in place; its transition time is kept while its status stays."""
    value = "True" if good else "False"
    known = find(conditions, kind)
    if known is None:
        known = {"type": kind, "status": "", "lastTransitionTime": now, "reason": "", "message": ""}
        conditions.append(known)
    if known["status"] != value:
        known["lastTransitionTime"] = now
    known |= {"status": value, "reason": reason, "message": message}


def find(conditions: list[Json], kind: str) -> Json | None:
    """The condition of a type, or None."""
    return next((item for item in conditions if item["type"] == kind), None)
