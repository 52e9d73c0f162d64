"""A pod's status from its containers, as the kubelet reports it.

Rules of `pkg/kubelet/kubelet_pods.go` (getPhase) and `pkg/kubelet/status/generate.go` (Kubernetes 1.37).
"""

from __future__ import annotations

from typing import Any

import msgspec

from stswidgets.simulator.controllers import readiness
from stswidgets.simulator.nodes.kubelet import containers, resize, restarts

Json = dict[str, Any]

_RESIZES = (resize.PENDING, resize.IN_PROGRESS)
_OVER = {"Succeeded": "PodCompleted", "Failed": "PodFailed"}
_ANEW = "AllContainersRestarting"


class Report(msgspec.Struct, frozen=True):
    """What a kubelet knows of a pod.

    `policy` is its restart policy, `ended` says that nothing of it begins again, `why` are the reason and message of
    its end, and `anew` says that all its containers are being taken away to begin again.
    """

    mains: list[containers.Container]
    inits: list[containers.Container]
    policy: str
    now: str
    host_ip: str
    pod_ip: str
    resizes: list[Json]
    why: Json
    ended: bool
    anew: bool

    def phase(self) -> str:
        """The phase: Pending until all have started, Running while one runs or is restarted, then how they ended."""
        waiting = late = False
        for item in self.inits:
            if item.role == "init" and self._is_over(item) and item.exit_code:
                return "Failed"
            if item.role == "init":
                waiting = waiting or item.is_running or item.is_new
            else:
                late = late or (item.is_running and not item.started)
        has_begun = any("waiting" not in item.state for item in self.mains)
        waiting = waiting or any(item.is_new for item in [*self.inits, *self.mains])
        if waiting or (late and not has_begun):
            return "Pending"
        if any(item.is_running for item in self.mains + self.inits) or not all(map(self._is_over, self.mains)):
            return "Running"
        return "Succeeded" if all(item.exit_code == 0 for item in self.mains) and not self.why else "Failed"

    def _is_over(self, item: containers.Container) -> bool:
        if self.ended or self.why:
            return not item.is_running and item.exit_code is not None
        return item.is_over(self.policy)

    def compose(self, pod: Json) -> Json:
        """The whole status."""
        status: Json = {**(pod.get("status") or {}), "observedGeneration": pod["metadata"].get("generation", 1)}
        status["phase"] = self.phase()
        status["conditions"] = self._conditions(pod, status["phase"])
        status["hostIP"] = self.host_ip
        status["hostIPs"] = [{"ip": self.host_ip}]
        if self.pod_ip:
            ip = self.host_ip if pod["spec"].get("hostNetwork") else self.pod_ip
            status["podIP"] = ip
            status["podIPs"] = [{"ip": ip}]
        status.setdefault("startTime", self.now)
        if self.inits:
            status["initContainerStatuses"] = [item.status() for item in self.inits]
        status["containerStatuses"] = [item.status() for item in sorted(self.mains, key=lambda item: item.name)]
        return status | self.why

    def _conditions(self, pod: Json, phase: str) -> list[Json]:
        is_over = phase in _OVER
        containers_ready = self._containers_ready(phase)
        ready = containers_ready if containers_ready["status"] == "False" else _gates(pod)
        wanted = [
            {"type": "PodReadyToStartContainers", **self._sandbox(is_over=is_over)},
            {"type": "Initialized", **self._initialized(pod, phase)},
            {"type": "Ready", **ready},
            {"type": "ContainersReady", **containers_ready},
        ]
        names = {_ANEW, *(item["type"] for item in wanted)}
        held = (pod.get("status") or {}).get("conditions") or []
        kept = [dict(item) for item in held if item["type"] not in names and item["type"] not in _RESIZES]
        whole = [self._stamped(pod, {"type": _ANEW, **self._restarting(phase)})] if self._may_begin_anew() else []
        for item in whole:
            del item["observedGeneration"]  # it is not said of this one
        return [*self.resizes, *(self._stamped(pod, item) for item in wanted), *kept, *whole]

    def _may_begin_anew(self) -> bool:
        return any(restarts.may_restart_all(item.spec) for item in [*self.inits, *self.mains])

    def _restarting(self, phase: str) -> Json:
        if phase in _OVER:
            return {"status": "False", "reason": _OVER[phase]}
        if not self.anew:
            return {"status": "False"}
        said = "container exited with restart policy rule"
        return {"status": "True", "reason": "RestartAllContainersStarted", "message": said}

    def _sandbox(self, *, is_over: bool) -> Json:
        if self.pod_ip and not is_over:
            return {"status": "True"}
        said = "pod sandbox is not ready" if self.pod_ip else "no pod sandbox exists"
        return {"status": "False", "reason": "PodSandboxNotReady", "message": said}

    def _containers_ready(self, phase: str) -> Json:
        if phase in _OVER:
            return {"status": "False", "reason": _OVER[phase]}
        unready = [item.name for item in [*self.inits, *self.mains] if item.role != "init" and not item.ready]
        if not unready:
            return {"status": "True"}
        said = f"containers with unready status: [{' '.join(unready)}]"
        return {"status": "False", "reason": "ContainersNotReady", "message": said}

    def _initialized(self, pod: Json, phase: str) -> Json:
        if phase == "Succeeded":
            return {"status": "True", "reason": "PodCompleted"}
        waiting = [item.name for item in self.inits if not (item.started if item.role == "sidecar" else item.is_done)]
        before = readiness.condition(pod, "Initialized")
        if not waiting or (before is not None and before["status"] == "True"):  # it stays so when all begin again
            return {"status": "True"}
        said = f"containers with incomplete status: [{' '.join(waiting)}]"
        return {"status": "False", "reason": "ContainersNotInitialized", "message": said}

    def _stamped(self, pod: Json, condition: Json) -> Json:
        """A condition with its times; the transition is now if its status changed."""
        old = readiness.condition(pod, condition["type"])
        unchanged = old is not None and old["status"] == condition["status"]
        return {
            **condition,
            "observedGeneration": pod["metadata"].get("generation", 1),
            "lastProbeTime": None,
            "lastTransitionTime": old["lastTransitionTime"] if old and unchanged else self.now,
        }


def _gates(pod: Json) -> Json:
    """Ready, if the readiness gates say so as well."""
    closed: list[str] = []
    for gate in pod["spec"].get("readinessGates") or ():
        name = gate["conditionType"]
        found = readiness.condition(pod, name)
        if found is None:
            closed.append(f'corresponding condition of pod readiness gate "{name}" does not exist.')
        elif found["status"] != "True":
            closed.append(f'the status of pod readiness gate "{name}" is not "True", but {found["status"]}')
    if not closed:
        return {"status": "True"}
    return {"status": "False", "reason": "ReadinessGatesNotReady", "message": ", ".join(closed)}
