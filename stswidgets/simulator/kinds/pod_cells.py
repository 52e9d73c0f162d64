"""The columns of pods (`printPod`), and the word under STATUS."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import ages, cells
from stswidgets.simulator.kinds.kind import Column

Json = dict[str, Any]


class _Summary:
    """What the columns of one pod are made of."""

    def __init__(self, pod: Json) -> None:
        self.pod = pod
        status = pod.get("status", {})
        self.status = status
        self.reason: str = status.get("reason") or status.get("phase", "")
        self.restarts = 0
        self.last_restart = ""
        self.ready = 0
        init = pod.get("spec", {}).get("initContainers") or ()
        self.sidecars = {container["name"] for container in init if container.get("restartPolicy") == "Always"}
        self.total = len(pod.get("spec", {}).get("containers") or ()) + len(self.sidecars)
        conditions = status.get("conditions") or ()
        if any(c["type"] == "PodScheduled" and c.get("reason") == "SchedulingGated" for c in conditions):
            self.reason = "SchedulingGated"
        sidecar_restarts, sidecar_last = self._init(len(init))
        initialized = any(c["type"] == "Initialized" and c.get("status") == "True" for c in conditions)
        if not self.initializing or initialized:
            self.restarts, self.last_restart = sidecar_restarts, sidecar_last
            self._containers(conditions)
        if pod["metadata"].get("deletionTimestamp"):
            if status.get("reason") == "NodeLost":
                self.reason = "Unknown"
            elif status.get("phase") not in ("Failed", "Succeeded"):
                self.reason = "Terminating"

    def _count(self, container: Json) -> str:
        self.restarts += container.get("restartCount", 0)
        finished: str = (container.get("lastState", {}).get("terminated") or {}).get("finishedAt") or ""
        self.last_restart = max(self.last_restart, finished)
        return finished

    def _init(self, count: int) -> tuple[int, str]:
        """Init containers, up to the first that is not done; what sidecars among them restarted."""
        restarts, last = 0, ""
        self.initializing = False
        for index, container in enumerate(self.status.get("initContainerStatuses") or ()):
            finished = self._count(container)
            sidecar = container["name"] in self.sidecars
            if sidecar:
                restarts += container.get("restartCount", 0)
                last = max(last, finished)
            state = container.get("state", {})
            terminated, waiting = state.get("terminated"), state.get("waiting") or {}
            if terminated and terminated.get("exitCode", 0) == 0:
                continue
            if sidecar and container.get("started"):
                self.ready += bool(container.get("ready"))
                continue
            if terminated:
                self.reason = "Init:" + _ended(terminated)
            elif waiting.get("reason") and waiting["reason"] != "PodInitializing":
                self.reason = "Init:" + waiting["reason"]
            else:
                self.reason = f"Init:{index}/{count}"
            self.initializing = True
            break
        return restarts, last

    def _containers(self, conditions: Any) -> None:
        running, failure = False, ""
        for container in reversed(self.status.get("containerStatuses") or ()):
            self._count(container)
            state = container.get("state", {})
            if (state.get("waiting") or {}).get("reason"):
                self.reason = state["waiting"]["reason"]
            elif state.get("terminated"):
                self.reason = _ended(state["terminated"])
                if state["terminated"].get("exitCode", 0) != 0:
                    failure = self.reason
            elif container.get("ready") and state.get("running") is not None:
                running = True
                self.ready += 1
        if self.reason == "Completed":
            ready = any(c["type"] == "Ready" and c.get("status") == "True" for c in conditions)
            if running and ready:
                self.reason = "Running"
            elif failure:
                self.reason = failure
            elif running:
                self.reason = "NotReady"


def _ended(terminated: Json) -> str:
    if terminated.get("reason"):
        text: str = terminated["reason"]
        return text
    if terminated.get("signal"):
        return f"Signal:{terminated['signal']}"
    return f"ExitCode:{terminated.get('exitCode', 0)}"


def ready(pod: Json, _now: datetime) -> str:
    """Ready containers of all."""
    summary = _Summary(pod)
    return f"{summary.ready}/{summary.total}"


def status(pod: Json, _now: datetime) -> str:
    """The word that says best how the pod is."""
    return _Summary(pod).reason


def restarts(pod: Json, now: datetime) -> str:
    """Restarts, and how long ago the last one was."""
    summary = _Summary(pod)
    if summary.restarts and summary.last_restart:
        return f"{summary.restarts} ({ages.since(summary.last_restart, now)} ago)"
    return str(summary.restarts)


def address(pod: Json, _now: datetime) -> str:
    """The first address."""
    addresses = pod.get("status", {}).get("podIPs") or [{}]
    return addresses[0].get("ip") or "<none>"


def gates(pod: Json, _now: datetime) -> str:
    """Readiness gates that are true, of all."""
    wanted = pod.get("spec", {}).get("readinessGates") or ()
    if not wanted:
        return "<none>"
    true = {c["type"] for c in pod.get("status", {}).get("conditions") or () if c.get("status") == "True"}
    return f"{sum(gate['conditionType'] in true for gate in wanted)}/{len(wanted)}"


COLUMNS = (
    cells.NAME,
    Column("Ready", ready),
    Column("Status", status),
    Column("Restarts", restarts),
    cells.AGE,
    Column("IP", address, priority=1),
    Column("Node", cells.at("spec", "nodeName", empty="<none>"), priority=1),
    Column("Nominated Node", cells.at("status", "nominatedNodeName", empty="<none>"), priority=1),
    Column("Readiness Gates", gates, priority=1),
)
