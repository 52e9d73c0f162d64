"""What kube-state-metrics makes of pods (its `internal/store/pod.go`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stswidgets.simulator import clock
from stswidgets.simulator.http.prometheus.text import Family
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

_PHASES = ("Pending", "Succeeded", "Failed", "Unknown", "Running")
_UNITS = {"cpu": "core"}


def families(pods: Iterable[Json]) -> Iterable[Family]:
    """Everything about pods."""
    found = list(pods)
    return *_of_pods(found), *_of_containers(found), *_of_resources(found), *_of_volumes(found)


def seconds(stamp: str) -> float:
    """A moment as Prometheus has it."""
    return clock.moment(stamp).timestamp()


def key(pod: Json) -> dict[str, str]:
    """The labels that all series of a pod have."""
    meta = pod["metadata"]
    return {"namespace": meta["namespace"], "pod": meta["name"], "uid": meta["uid"]}


def _of_pods(pods: list[Json]) -> Iterable[Family]:
    info = Family("kube_pod_info", "[STABLE] Information about pod.")
    owner = Family("kube_pod_owner", "[STABLE] Information about the Pod's owner.")
    created = Family("kube_pod_created", "[STABLE] Unix creation timestamp")
    start = Family("kube_pod_start_time", "[STABLE] Start time in unix timestamp for a pod.")
    gone = Family("kube_pod_deletion_timestamp", "Unix deletion timestamp")
    phase = Family("kube_pod_status_phase", "[STABLE] The pods current phase.")
    ready = Family("kube_pod_status_ready", "[STABLE] Describes whether the pod is ready to serve requests.")
    scheduled = Family("kube_pod_status_scheduled", "[STABLE] Describes the status of the scheduling process.")
    for pod in pods:
        meta, spec, state, labels = pod["metadata"], pod["spec"], pod.get("status") or {}, key(pod)
        owners = meta.get("ownerReferences") or [{"kind": "", "name": ""}]
        info.add(
            1,
            **labels,
            host_ip=state.get("hostIP", ""),
            pod_ip=state.get("podIP", ""),
            node=spec.get("nodeName", ""),
            created_by_kind=owners[0]["kind"],
            created_by_name=owners[0]["name"],
            priority_class=spec.get("priorityClassName", ""),
            host_network=str(bool(spec.get("hostNetwork"))).lower(),
        )
        for item in owners:
            is_controller = str(bool(item.get("controller"))).lower()
            owner.add(1, **labels, owner_kind=item["kind"], owner_name=item["name"], owner_is_controller=is_controller)
        created.add(seconds(meta["creationTimestamp"]), **labels)
        if state.get("startTime"):
            start.add(seconds(state["startTime"]), **labels)
        if meta.get("deletionTimestamp"):
            gone.add(seconds(meta["deletionTimestamp"]), **labels)
        for name in _PHASES:
            phase.add(state.get("phase") == name, **labels, phase=name)
        for family, kind in ((ready, "Ready"), (scheduled, "PodScheduled")):
            for item in state.get("conditions") or ():
                if item["type"] == kind:
                    for value in ("true", "false", "unknown"):
                        family.add(item["status"].lower() == value, **labels, condition=value)
    return info, owner, created, start, gone, phase, ready, scheduled


def _of_containers(pods: list[Json]) -> Iterable[Family]:
    head = "kube_pod_container_status"
    info = Family("kube_pod_container_info", "[STABLE] Information about a container in a pod.")
    ready = Family(f"{head}_ready", "[STABLE] Describes whether the containers readiness check succeeded.")
    restarts = Family(f"{head}_restarts_total", "[STABLE] The number of container restarts per container.", "counter")
    states = {
        name: Family(f"{head}_{name}", f"[STABLE] Describes whether the container is currently in {name} state.")
        for name in ("running", "waiting", "terminated")
    }
    reasons = {
        name: Family(f"{head}_{name}_reason", f"Describes the reason the container is currently in {name} state.")
        for name in ("waiting", "terminated")
    }
    last = Family(f"{head}_last_terminated_reason", "Describes the last reason the container was in terminated state.")
    code = Family(f"{head}_last_terminated_exitcode", "Describes the exit code of the last terminated container.")
    for pod in pods:
        for item in (pod.get("status") or {}).get("containerStatuses") or ():
            labels = {**key(pod), "container": item["name"]}
            image = {"image": item["image"], "image_id": item["imageID"], "container_id": item.get("containerID", "")}
            info.add(1, **labels, **image)
            ready.add(item["ready"], **labels)
            restarts.add(item["restartCount"], **labels)
            for name, family in states.items():
                family.add(name in item["state"], **labels)
            for name, family in reasons.items():
                if (item["state"].get(name) or {}).get("reason"):
                    family.add(1, **labels, reason=item["state"][name]["reason"])
            ended = (item.get("lastState") or {}).get("terminated")
            if ended:
                last.add(1, **labels, reason=ended.get("reason", ""))
                code.add(ended["exitCode"], **labels)
    return info, ready, restarts, *states.values(), *reasons.values(), last, code


def _of_resources(pods: list[Json]) -> Iterable[Family]:
    requests = Family(
        "kube_pod_container_resource_requests",
        "The number of requested request resource by a container.",
    )
    limits = Family("kube_pod_container_resource_limits", "The number of requested limit resource by a container.")
    for pod in pods:
        for container in pod["spec"]["containers"]:
            for family, part in ((requests, "requests"), (limits, "limits")):
                for name, text in ((container.get("resources") or {}).get(part) or {}).items():
                    family.add(
                        amount(text),
                        **key(pod),
                        container=container["name"],
                        node=pod["spec"].get("nodeName", ""),
                        resource=name.replace("-", "_"),
                        unit=_UNITS.get(name, "byte"),
                    )
    return requests, limits


def _of_volumes(pods: list[Json]) -> Iterable[Family]:
    name = "kube_pod_spec_volumes_persistentvolumeclaims_info"
    found = Family(name, "[STABLE] Information about persistentvolumeclaim volumes in a pod.")
    for pod in pods:
        for volume in pod["spec"].get("volumes") or ():
            source = volume.get("persistentVolumeClaim")
            if source:
                found.add(1, **key(pod), volume=volume["name"], persistentvolumeclaim=source["claimName"])
    return (found,)


def amount(text: str) -> float:
    """A quantity as a number."""
    return quantity.parse(text).nano / quantity.NANO
