"""The status that a new pod begins with (core `podStrategy`); what admission adds to its spec is not of this room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stswidgets.simulator.kinds import label_keys
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]


def prepare_create(pod: Json) -> None:
    """A new pod is Pending, has its quality of service, and says so if gates keep it from being scheduled."""
    pod["metadata"]["generation"] = 1
    pod["status"] = {"phase": "Pending", "qosClass": qos_class(pod["spec"])}
    label_keys.write_out(pod)
    if pod["spec"].get("schedulingGates"):
        gated = {
            "type": "PodScheduled",
            "status": "False",
            "lastProbeTime": None,
            "lastTransitionTime": pod["metadata"].get("creationTimestamp"),
            "reason": "SchedulingGated",
            "message": "Scheduling is blocked due to non-empty scheduling gates",
        }
        pod["status"]["conditions"] = [gated]


def qos_class(spec: Json) -> str:
    """Guaranteed, Burstable or BestEffort, by the CPU and memory that the containers ask for."""
    containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    lists = [(part.get("limits") or {}, part.get("requests") or {}) for part in _resources(containers)]
    named = [any(_positive(values, name) for values in pair for name in ("cpu", "memory")) for pair in lists]
    if not any(named):
        return "BestEffort"
    for limits, requests in lists:
        for name in ("cpu", "memory"):
            if not _positive(limits, name) or requests.get(name, limits.get(name)) != limits.get(name):
                return "Burstable"
    return "Guaranteed"


def _resources(containers: Iterable[Json]) -> list[Json]:
    return [container.get("resources") or {} for container in containers]


def _positive(values: Json, name: str) -> bool:
    return name in values and quantity.parse(str(values[name])).nano > 0
