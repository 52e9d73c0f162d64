"""What blocks a StatefulSet besides its pods' own status: a pod that cannot be made or cannot end, a claim without a
volume.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from stswidgets.domain import ages, paths, pods
from stswidgets.domain.pods import Object, Trouble
from stswidgets.domain.sentence import say


def not_created(pod: str, set_name: str, events: Iterable[Object]) -> Trouble | None:
    """Why the controller could not make `pod`: its FailedCreate event, for example when a quota is used up."""
    found = [
        event for event in events if _about(event, "StatefulSet", set_name) and event.get("reason") == "FailedCreate"
    ]
    named = [
        event
        for event in found
        if f"Pod {pod} " in str(event.get("message")) or f"for Pod {pod} " in str(event.get("message"))
    ]
    if not named:
        return None
    # "create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: ..."
    message = str(_newest(named).get("message"))
    return Trouble(
        "FailedCreate", say("pods.not_created", message=pods.cut(message.partition("error: ")[2] or message)), True
    )


def not_ending(pod: Object, now: datetime | None) -> Trouble | None:
    """A pod whose time to end is long over: its node does not answer, or a finalizer holds it."""
    due = ages.parse(paths.get(pod, ("metadata", "deletionTimestamp"), None))
    if now is None or due is None or now - due < pods.PATIENCE:
        return None
    finalizers = paths.get(pod, ("metadata", "finalizers"), None)
    if isinstance(finalizers, list) and finalizers:
        held = ", ".join(str(each) for each in finalizers)
        return Trouble(
            "Terminating", say("pods.held_by_finalizer", age=ages.duration(now - due), finalizers=held), True
        )
    node = paths.get(pod, ("spec", "nodeName"), "?")
    return Trouble("Terminating", say("pods.not_ending", age=ages.duration(now - due), node=node), True)


def claim_pending(pod: Object, trouble: Trouble, claims: Iterable[Object], events: Iterable[Object]) -> Trouble | None:
    """The claim that keeps an unschedulable pod waiting, with what its provisioner says."""
    if trouble.reason != "Unschedulable":
        return None
    for claim in claims:
        name = str(paths.get(claim, ("metadata", "name"), ""))
        pending = paths.get(claim, ("status", "phase"), None) in {"Pending", "Lost"}
        if pending and name.endswith(f"-{pods.name(pod)}"):
            own = [event for event in events if _about(event, "PersistentVolumeClaim", name)]
            told = [event for event in own if event.get("type") == "Warning"] or own
            message = pods.cut(_newest(told).get("message")) if told else ""
            key = "pods.claim_pending_because" if message else "pods.claim_pending"
            return Trouble("VolumeUnbound", say(key, claim=name, message=message), lasting=True)
    return None


def _about(event: Object, kind: str, name: str) -> bool:
    about: Any = event.get("involvedObject")
    return isinstance(about, dict) and about.get("kind", kind) == kind and about.get("name") == name


def _newest(events: list[Object]) -> Object:
    return max(events, key=lambda event: str(event.get("lastTimestamp") or event.get("eventTime") or ""))
