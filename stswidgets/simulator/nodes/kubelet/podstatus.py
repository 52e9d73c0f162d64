"""A pod's status from its containers, as the kubelet reports it.

Rules of `pkg/kubelet/kubelet_pods.go` (getPhase) and `pkg/kubelet/status/generate.go` (Kubernetes 1.37).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stswidgets.simulator.controllers import readiness
from stswidgets.simulator.nodes.kubelet import containers, resize, restarts

Json = dict[str, Any]

_RESIZES = (resize.PENDING, resize.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Report:
    """What a kubelet knows of a pod: `policy` is its restart policy, `why` the reason and message of its end."""

    mains: list[containers.Container]
    inits: list[containers.Container]
    policy: str
    now: str
    host_ip: str
    pod_ip: str
    resizes: list[Json]
    why: Json

    def phase(self) -> str:
        """The phase: Pending until all have started, Running while one runs or is restarted, then how they ended."""
        inits = [item for item in self.inits if item.role == "init"]
        if any(self._is_over(item) and item.exit_code for item in inits):
            return "Failed"
        if any(not item.is_done and not (item.exit_code and not item.is_running) for item in inits):
            return "Pending"
        if any(not item.is_done for item in inits):  # they have failed and will be restarted
            return "Pending"
        has_begun = any(item.run_id for item in self.mains)
        if not has_begun and any(item.role == "sidecar" and not item.started for item in self.inits):
            return "Pending"
        if any("waiting" in item.state and not item.last for item in self.mains):
            return "Pending"
        if any(item.is_running for item in self.mains + self.inits) or not all(map(self._is_over, self.mains)):
            return "Running"
        return "Succeeded" if all(item.exit_code == 0 for item in self.mains) and not self.why else "Failed"

    def _is_over(self, item: containers.Container) -> bool:
        code = item.exit_code
        if item.is_running or code is None:
            return False
        return bool(self.why) or not restarts.is_due(item.spec, self.policy, code)

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
        is_over = phase in ("Succeeded", "Failed")
        containers_ready = self._containers_ready(phase)
        ready = containers_ready if containers_ready["status"] == "False" else _gates(pod)
        wanted = [
            {"type": "PodReadyToStartContainers", "status": "True" if self.pod_ip and not is_over else "False"},
            {"type": "Initialized", **self._initialized(phase)},
            {"type": "Ready", **ready},
            {"type": "ContainersReady", **containers_ready},
        ]
        names = {item["type"] for item in wanted}
        held = (pod.get("status") or {}).get("conditions") or []
        kept = [dict(item) for item in held if item["type"] not in names and item["type"] not in _RESIZES]
        return [*self.resizes, *(self._stamped(pod, item) for item in wanted), *kept]

    def _containers_ready(self, phase: str) -> Json:
        if phase in ("Succeeded", "Failed"):
            return {"status": "False", "reason": "PodCompleted" if phase == "Succeeded" else "PodFailed"}
        unready = [item.name for item in [*self.inits, *self.mains] if item.role != "init" and not item.ready]
        if not unready:
            return {"status": "True"}
        said = f"containers with unready status: [{' '.join(unready)}]"
        return {"status": "False", "reason": "ContainersNotReady", "message": said}

    def _initialized(self, phase: str) -> Json:
        if phase == "Succeeded":
            return {"status": "True", "reason": "PodCompleted"}
        waiting = [item.name for item in self.inits if not (item.started if item.role == "sidecar" else item.is_done)]
        if not waiting or any(item.run_id for item in self.mains):
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
