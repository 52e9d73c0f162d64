"""A pod's status from its containers, as the kubelet reports it.

Rules of `pkg/kubelet/kubelet_pods.go` and `pkg/kubelet/status/generate.go` (Kubernetes 1.37).
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.controllers import readiness
from stswidgets.simulator.nodes import containers

Json = dict[str, Any]


def phase(mains: list[containers.Container], inits: list[containers.Container]) -> str:
    """The phase of a pod that restarts its containers."""
    if any(not (item.is_done if item.role == "init" else item.started) for item in inits):
        return "Pending"
    if any("waiting" in item.state and not item.last for item in mains):
        return "Pending"
    return "Running"


def compose(
    pod: Json,
    mains: list[containers.Container],
    inits: list[containers.Container],
    *,
    now: str,
    host_ip: str,
    pod_ip: str,
    ended: str = "",
) -> Json:
    """The whole status. `ended` is the last phase of a pod whose containers were stopped for good."""
    old = pod.get("status") or {}
    generation = pod["metadata"].get("generation", 1)
    status: Json = {**old, "observedGeneration": generation}
    status["phase"] = ended or phase(mains, inits)
    status["conditions"] = _conditions(pod, mains, inits, now=now, pod_ip=pod_ip, ended=ended)
    status["hostIP"] = host_ip
    status["hostIPs"] = [{"ip": host_ip}]
    if pod_ip:
        status["podIP"] = pod_ip
        status["podIPs"] = [{"ip": pod_ip}]
    status.setdefault("startTime", now)
    if inits:
        status["initContainerStatuses"] = [item.status() for item in inits]
    status["containerStatuses"] = [item.status() for item in sorted(mains, key=lambda item: item.name)]
    return status


def _conditions(
    pod: Json,
    mains: list[containers.Container],
    inits: list[containers.Container],
    *,
    now: str,
    pod_ip: str,
    ended: str,
) -> list[Json]:
    waiting = [item.name for item in inits if not (item.is_done or (item.role == "sidecar" and item.started))]
    unready = [item.name for item in [*inits, *mains] if item.role != "init" and not item.ready]
    initialized: Json = {"type": "Initialized", "status": "True"}
    if waiting and not ended:
        said = f"containers with incomplete status: [{' '.join(waiting)}]"
        initialized |= {"status": "False", "reason": "ContainersNotInitialized", "message": said}
    ready: Json = {"status": "True"}
    if ended:
        ready = {"status": "False", "reason": "PodCompleted" if ended == "Succeeded" else "PodFailed"}
    elif unready:
        said = f"containers with unready status: [{' '.join(unready)}]"
        ready = {"status": "False", "reason": "ContainersNotReady", "message": said}
    wanted = [
        {"type": "PodReadyToStartContainers", "status": "True" if pod_ip and not ended else "False"},
        initialized,
        {"type": "Ready", **ready},
        {"type": "ContainersReady", **ready},
    ]
    kept = [dict(item) for item in (pod.get("status") or {}).get("conditions") or []]
    names = {item["type"] for item in wanted}
    generation = pod["metadata"].get("generation", 1)
    return [stamped(pod, item, now, generation) for item in wanted] + [
        item for item in kept if item["type"] not in names
    ]


def stamped(pod: Json, condition: Json, now: str, generation: int) -> Json:
    """A condition with its times; the transition is now if its status changed."""
    old = readiness.condition(pod, condition["type"])
    unchanged = old is not None and old["status"] == condition["status"]
    return {
        **condition,
        "observedGeneration": generation,
        "lastProbeTime": None,
        "lastTransitionTime": old["lastTransitionTime"] if old and unchanged else now,
    }
