"""What a pod's status means: the word that kubectl prints, whether it is ready, and what it waits for.

The word follows `printPod` (pkg/printers/internalversion/printers.go). What a pod waits for is told apart into a plain
wait (an image is pulled, a probe has not answered yet) and trouble that does not pass by itself (`Trouble.lasting`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from stswidgets.domain import ages, paths
from stswidgets.domain.sentence import Sentence, say

Object = dict[str, Any]

# A pod that runs and is not ready is starting; after this time it is said to be in trouble.
PATIENCE = timedelta(minutes=2)

_LONGEST_MESSAGE = 300

# Waiting reasons of the kubelet that do not pass without a change (pkg/kubelet/images, pkg/kubelet/kuberuntime).
_LASTING = {
    "ErrImagePull": "image",
    "ImagePullBackOff": "image",
    "InvalidImageName": "image",
    "ErrImageNeverPull": "image",
    "ImageInspectError": "image",
    "RegistryUnavailable": "image",
    "CrashLoopBackOff": "crash",
    "CreateContainerConfigError": "config",
    "CreateContainerError": "config",
    "RunContainerError": "config",
    "PreStartHookError": "config",
    "PostStartHookError": "config",
}
_VOLUME_EVENTS = {"FailedMount", "FailedAttachVolume", "FailedMapVolume"}


@dataclasses.dataclass(frozen=True, slots=True)
class Trouble:
    """Why a pod is not ready. `reason` is Kubernetes' own word; `lasting` says that waiting will not help."""

    reason: str
    sentence: Sentence
    lasting: bool


def ready(pod: Object) -> bool:
    return _condition(pod, "Ready").get("status") == "True"


def terminating(pod: Object) -> bool:
    return bool(paths.get(pod, ("metadata", "deletionTimestamp"), None))


def finished(pod: Object) -> bool:
    """Failed or Succeeded: the controller deletes and makes it again by itself."""
    return paths.get(pod, ("status", "phase"), None) in {"Failed", "Succeeded"}


def revision(pod: Object) -> str:
    """The name of the ControllerRevision that the pod was made from."""
    return str(paths.get(pod, ("metadata", "labels", "controller-revision-hash"), ""))


def name(pod: Object) -> str:
    return str(paths.get(pod, ("metadata", "name"), ""))


def word(pod: Object) -> str:
    """What `kubectl get pods` prints as STATUS."""
    status = _map(pod, ("status",))
    phase = str(status.get("phase") or "Pending")
    reason = str(status.get("reason") or phase)
    if _condition(pod, "PodScheduled").get("reason") == "SchedulingGated":
        reason = "SchedulingGated"
    starting = _init_word(pod)
    if starting is None or _condition(pod, "Initialized").get("status") == "True":
        reason = _container_word(pod, reason)
    else:
        reason = starting
    if terminating(pod):
        if status.get("reason") == "NodeLost":
            return "Unknown"
        return reason if finished(pod) else "Terminating"
    return reason


def _init_word(pod: Object) -> str | None:
    containers = {each.get("name"): each for each in _maps(pod, ("spec", "initContainers"))}
    for at, status in enumerate(_maps(pod, ("status", "initContainerStatuses"))):
        state = _map(status, ("state",))
        ended, waiting = state.get("terminated"), state.get("waiting")
        if isinstance(ended, dict) and ended.get("exitCode") == 0:
            continue
        sidecar = containers.get(status.get("name"), {}).get("restartPolicy") == "Always"
        if sidecar and status.get("started"):
            continue
        if isinstance(ended, dict):
            return f"Init:{_ended_word(ended)}"
        if isinstance(waiting, dict) and waiting.get("reason") not in {None, "", "PodInitializing"}:
            return f"Init:{waiting['reason']}"
        return f"Init:{at}/{len(containers)}"
    return None


def _container_word(pod: Object, reason: str) -> str:
    running, failed = False, ""
    for status in reversed(_maps(pod, ("status", "containerStatuses"))):
        state = _map(status, ("state",))
        waiting, ended = state.get("waiting"), state.get("terminated")
        if isinstance(waiting, dict) and waiting.get("reason"):
            reason = str(waiting["reason"])
        elif isinstance(ended, dict):
            reason = _ended_word(ended)
            failed = reason if ended.get("exitCode") != 0 else failed
        elif status.get("ready") and "running" in state:
            running = True
    if reason != "Completed":
        return reason
    if running and ready(pod):
        return "Running"
    return failed or ("NotReady" if running else reason)


def _ended_word(ended: Object) -> str:
    if ended.get("reason"):
        return str(ended["reason"])
    return f"Signal:{ended['signal']}" if ended.get("signal") else f"ExitCode:{ended.get('exitCode', 0)}"


def trouble(pod: Object, events: Iterable[Object] = (), now: datetime | None = None) -> Trouble | None:
    """What the pod waits for, or None where it is ready. `events` may be of other objects too; `now` is in UTC."""
    if ready(pod):
        return None
    own = [event for event in events if _is_about(event, pod)]
    return (
        _ended_pod(pod)
        or _unscheduled(pod)
        or _containers(pod)
        or _volumes(pod, own)
        or _probes(pod, own, now)
        or _starting(pod)
    )


def _is_about(event: Object, pod: Object) -> bool:
    """By uid: an event may be of an earlier pod of the same name."""
    about, meta = _map(event, ("involvedObject",)), _map(pod, ("metadata",))
    if about.get("uid") and meta.get("uid"):
        return bool(about["uid"] == meta["uid"])
    return about.get("kind", "Pod") == "Pod" and about.get("name") == meta.get("name")


def _ended_pod(pod: Object) -> Trouble | None:
    if not finished(pod):
        return None
    status = _map(pod, ("status",))
    reason = str(status.get("reason") or status.get("phase"))
    return Trouble(reason, say("pods.finished", reason=reason, message=cut(status.get("message"))), lasting=False)


def _unscheduled(pod: Object) -> Trouble | None:
    condition = _condition(pod, "PodScheduled")
    if condition.get("status") != "False":
        return None
    reason = str(condition.get("reason") or "Unschedulable")
    if reason != "Unschedulable":
        return Trouble(reason, say("pods.not_scheduled", reason=reason, message=cut(condition.get("message"))), False)
    return Trouble(reason, say("pods.unschedulable", message=cut(condition.get("message"))), lasting=True)


def _containers(pod: Object) -> Trouble | None:
    for part in ("initContainerStatuses", "containerStatuses"):
        for status in _maps(pod, ("status", part)):
            waiting = paths.get(status, ("state", "waiting"), None)
            if not isinstance(waiting, dict) or waiting.get("reason") not in _LASTING:
                continue
            reason = str(waiting["reason"])
            values = {"container": status.get("name", ""), "image": status.get("image") or _image(pod, status)}
            message = cut(waiting.get("message"))
            if _LASTING[reason] == "crash":
                return Trouble(reason, _crash(status, values), lasting=True)
            return Trouble(reason, say(f"pods.{_LASTING[reason]}", reason=reason, message=message, **values), True)
    return None


def _crash(status: Object, values: Object) -> Sentence:
    last = _map(status, ("lastState", "terminated"))
    count = status.get("restartCount") or 0
    if last.get("reason") == "OOMKilled":
        return say("pods.out_of_memory", count=count, **values)
    return say("pods.crash", count=count, code=last.get("exitCode", "?"), **values)


def _image(pod: Object, status: Object) -> str:
    for part in ("initContainers", "containers"):
        for container in _maps(pod, ("spec", part)):
            if container.get("name") == status.get("name"):
                return str(container.get("image") or "")
    return ""


def _volumes(pod: Object, events: Sequence[Object]) -> Trouble | None:
    """A volume that cannot be mounted keeps the containers from being created."""
    if any("running" in _map(status, ("state",)) for status in _maps(pod, ("status", "containerStatuses"))):
        return None
    found = [event for event in events if event.get("reason") in _VOLUME_EVENTS]
    if not found:
        return None
    return Trouble(str(found[-1]["reason"]), say("pods.volume", message=cut(found[-1].get("message"))), lasting=True)


def _probes(pod: Object, events: Sequence[Object], now: datetime | None) -> Trouble | None:
    """Running, and not ready: starting at first, in trouble after a while."""
    statuses = _maps(pod, ("status", "containerStatuses"))
    unready = [status for status in statuses if "running" in _map(status, ("state",)) and not status.get("ready")]
    if not unready:
        return None
    container = str(unready[0].get("name", ""))
    since = _running_since(unready)
    lasting = now is not None and since is not None and now - since > PATIENCE
    age = ages.duration(now - since) if now is not None and since is not None else ""
    failed = [event for event in events if event.get("reason") == "Unhealthy"]
    if failed:
        message = cut(failed[-1].get("message"))
        return Trouble("NotReady", say("pods.probe", container=container, age=age, message=message), lasting)
    key = "pods.not_ready_for" if lasting else "pods.not_ready"
    return Trouble("NotReady", say(key, container=container, age=age), lasting)


def _running_since(statuses: Iterable[Object]) -> datetime | None:
    times = [ages.parse(paths.get(status, ("state", "running", "startedAt"), None)) for status in statuses]
    return max((time for time in times if time is not None), default=None)


def _starting(pod: Object) -> Trouble:
    said = word(pod)
    if not paths.get(pod, ("spec", "nodeName"), None):
        return Trouble(said, say("pods.scheduling"), lasting=False)
    if said.startswith("Init:"):
        return Trouble(said, say("pods.initializing", progress=said.removeprefix("Init:")), lasting=False)
    return Trouble(said, say("pods.creating"), lasting=False)


def cut(message: object) -> str:
    """A message from the cluster, on one line and not too long."""
    text = " ".join(str(message or "").split())
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"


def _condition(pod: Object, kind: str) -> Object:
    return next((each for each in _maps(pod, ("status", "conditions")) if each.get("type") == kind), {})


def _map(tree: Any, steps: paths.Steps) -> Object:
    found = paths.get(tree, steps, None)
    return found if isinstance(found, dict) else {}


def _maps(tree: Any, steps: paths.Steps) -> list[Object]:
    found = paths.get(tree, steps, None)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def by_ordinal(pods: Iterable[Object], set_name: str) -> Iterator[tuple[int, Object]]:
    """The set's pods with their ordinals, by name."""
    for pod in pods:
        base, _, number = name(pod).rpartition("-")
        if base == set_name and number.isdigit():
            yield int(number), pod
