"""Small builders of what a cluster stores: a set, its pods, its revisions. Only what the rules read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stswidgets.domain import paths

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OLD, NEW = "db-old", "db-new"


def statefulset(replicas: int = 3, status: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    """A set named db in the middle of an update from OLD to NEW."""
    told = {"observedGeneration": 2, "replicas": replicas, "currentRevision": OLD, "updateRevision": NEW}
    return {
        "metadata": {"name": "db", "namespace": "shop", "uid": "set", "generation": 2},
        "spec": {"replicas": replicas, "podManagementPolicy": "OrderedReady", **spec},
        "status": {**told, **(status or {})},
    }


def pod(ordinal: int, revision: str = NEW, *, ready: bool = True, **changes: Any) -> dict[str, Any]:
    """A pod of db, running. `changes` are put at their paths, `__` for a dot."""
    state = {"running": {"startedAt": "2026-11-24T11:59:50Z"}}
    made: dict[str, Any] = {
        "metadata": {
            "name": f"db-{ordinal}",
            "uid": f"pod-{ordinal}",
            "labels": {"controller-revision-hash": revision},
        },
        "spec": {"nodeName": "n1", "containers": [{"name": "pg", "image": "postgres:16"}]},
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": str(ready)}, {"type": "PodScheduled", "status": "True"}],
            "containerStatuses": [{"name": "pg", "ready": ready, "restartCount": 0, "state": state}],
        },
    }
    for path, value in changes.items():
        made = paths.put(made, tuple(path.split("__")), value)
    return made


def waiting(ordinal: int, reason: str, revision: str = NEW, *, last: Any = None, restarts: int = 0) -> dict[str, Any]:
    """A pod whose container waits for `reason`."""
    status = {"name": "pg", "ready": False, "restartCount": restarts, "state": {"waiting": {"reason": reason}}}
    if last is not None:
        status["lastState"] = {"terminated": last}
    return pod(ordinal, revision, ready=False, status__containerStatuses=[status])


def event(kind: str, name: str, reason: str, message: str, uid: str = "") -> dict[str, Any]:
    about = {"kind": kind, "name": name, **({"uid": uid} if uid else {})}
    return {"type": "Warning", "reason": reason, "message": message, "involvedObject": about}


def revision(
    number: int, name: str, image: str = "postgres:16", *, owner: str = "set", **template: Any
) -> dict[str, Any]:
    """A ControllerRevision whose template has one container."""
    spec = {"containers": [{"name": "pg", "image": image}]}
    return {
        "metadata": {
            "name": name,
            "creationTimestamp": f"2026-11-{number:02}T00:00:00Z",
            "ownerReferences": [{"uid": owner, "controller": True}],
        },
        "revision": number,
        "data": {"spec": {"template": {"$patch": "replace", "spec": spec, **template}}},
    }
