"""What the scheduler writes: events, conditions, nominations, and the end of those who have to make room."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, status
from stswidgets.simulator.controllers import readiness, recorder
from stswidgets.simulator.kinds import pods
from stswidgets.simulator.nodes.scheduling import preemption

Json = dict[str, Any]

OPTIONS = apis.Options(manager="kube-scheduler", user="system:kube-scheduler")
_NOTE_LIMIT = 1024
_MAKING_ROOM = "default-scheduler: preempting to accommodate a higher priority pod"


class Reports:
    """Writes in the scheduler's name."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._events = recorder.Recorder(api, "default-scheduler", newer=True)

    def forget(self, pod: Json) -> None:
        """A pod is gone."""
        self._events.forget(pod)

    def scheduled(self, pod: Json, node: str) -> None:
        """A pod has its node."""
        about = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        self._events.event(pod, "Normal", "Scheduled", f"Successfully assigned {about} to {node}", action="Binding")

    def failed(self, pod: Json, message: str, *, reason: str = "Unschedulable", nominated: str | None = None) -> None:
        """A pod has no node, and why; `nominated`: the node it may get ("" for none, None for what is known)."""
        short = message if len(message) <= _NOTE_LIMIT else message[: _NOTE_LIMIT - 4] + " ..."
        self._events.event(pod, "Warning", "FailedScheduling", short, action="Scheduling")
        condition = {
            "type": "PodScheduled",
            "status": "False",
            "observedGeneration": pod["metadata"].get("generation", 1),
            "reason": reason,
            "message": message,
        }
        self._write(pod, condition, nominated)

    def forget_nomination(self, pod: Json) -> None:
        """A pod that waited for room has lost it to one that matters more."""
        self._write(pod, None, "")

    def push_out(self, victim: Json, winner: Json, node: str) -> None:
        """End a pod for another one's sake."""
        condition = {
            "type": "DisruptionTarget",
            "status": "True",
            "observedGeneration": victim["metadata"].get("generation", 1),
            "reason": preemption.REASON,
            "message": _MAKING_ROOM,
        }
        metadata = victim["metadata"]
        self._write(victim, condition, None)
        try:
            self._api.delete(pods.KIND, metadata["namespace"], metadata["name"], options=OPTIONS)
        except status.ApiError as error:
            if error.code != 404:
                raise
            return
        said = f"Preempted by pod {winner['metadata']['uid']} on node {node}"
        self._events.event(victim, "Normal", "Preempted", said, action="Preempting")

    def _write(self, pod: Json, condition: Json | None, nominated: str | None) -> None:
        metadata = pod["metadata"]
        stored = self._api.store.get(pods.KIND, metadata["namespace"], metadata["name"])
        if stored is None or stored.obj["metadata"]["uid"] != metadata["uid"]:
            return
        state = dict(stored.obj.get("status") or {})
        if condition is not None:
            state["conditions"] = self._conditions(stored.obj, condition)
        if nominated is not None:
            state.pop("nominatedNodeName", None)
            if nominated:
                state["nominatedNodeName"] = nominated
        if state == stored.obj.get("status"):
            return
        try:
            self._api.update(pods.KIND, {**stored.obj, "status": state}, subresource="status", options=OPTIONS)
        except status.ApiError as error:
            if error.code not in (404, 409):
                raise

    def _conditions(self, pod: Json, new: Json) -> list[Json]:
        old = readiness.condition(pod, new["type"])
        since = old["lastTransitionTime"] if old and old["status"] == new["status"] else self._now()
        full = {**new, "lastProbeTime": None, "lastTransitionTime": since}
        held = (pod.get("status") or {}).get("conditions") or []
        if old is None:
            return [*held, full]
        return [full if item["type"] == new["type"] else item for item in held]

    def _now(self) -> str:
        return clock.stamp(self._api.clock.now())
