"""Which container of a pod a request means, and whether it runs.

Rules and texts: kubernetes `pkg/registry/core/pod/strategy.go` (LogLocation, streamLocation), kubelet
`GetContainerLogs`.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import status

Json = dict[str, Any]

_FAILING = {"ErrImagePull", "ImagePullBackOff"}


def names(pod: Json) -> list[str]:
    """All containers, those that init the pod first."""
    spec = pod["spec"]
    every = [
        *(spec.get("initContainers") or ()),
        *(spec.get("containers") or ()),
        *(spec.get("ephemeralContainers") or ()),
    ]
    return [container["name"] for container in every]


def choose(pod: Json, wanted: str) -> str:
    """The container's name. 400 if it must be said and is not, or if there is none of that name."""
    meta, spec = pod["metadata"], pod["spec"]
    if wanted:
        if wanted not in names(pod):
            raise status.bad_request(f"container {wanted} is not valid for pod {meta['name']}")
        return wanted
    main = [container["name"] for container in spec["containers"]]
    if len(main) == 1:
        return str(main[0])
    message = f"a container name must be specified for pod {meta['name']}, choose one of: [{' '.join(main)}]"
    first = [container["name"] for container in spec.get("initContainers") or ()]
    if first:
        message += f" or one of the init containers: [{' '.join(first)}]"
    raise status.bad_request(message)


def state(pod: Json, container: str) -> Json:
    """The container's status, empty if the kubelet has not said anything yet."""
    now = pod.get("status") or {}
    for group in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        for item in now.get(group) or ():
            if item["name"] == container:
                found: Json = item
                return found
    return {}


def check_started(pod: Json, container: str, *, previous: bool = False) -> None:
    """400 if the container has nothing to show: it waits, or it never ran before."""
    found = state(pod, container)
    name = pod["metadata"]["name"]
    if previous:
        if not (found.get("lastState") or {}).get("terminated"):
            message = f'previous terminated container "{container}" in pod "{name}" not found'
            raise status.bad_request(message)
        return
    waiting = (found.get("state") or {}).get("waiting")
    ran = (found.get("lastState") or {}).get("terminated")
    if found and (not waiting or ran):
        return
    reason = (waiting or {}).get("reason", "ContainerCreating")
    why = "trying and failing to pull image" if reason in _FAILING else reason
    if not found:
        why = "PodInitializing" if pod["spec"].get("initContainers") else "ContainerCreating"
    raise status.bad_request(f'container "{container}" in pod "{name}" is waiting to start: {why}')


def running(pod: Json, container: str) -> bool:
    """Whether the container runs now."""
    return "running" in (state(pod, container).get("state") or {})
