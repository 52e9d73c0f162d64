"""One container on a node: the state it is in, and how the kubelet reports it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from stswidgets.simulator import clock
from stswidgets.simulator.nodes import fates, programs
from stswidgets.simulator.nodes.kubelet import restarts

Json = dict[str, Any]
Role = Literal["init", "sidecar", "main"]

FIRST_BACK_OFF = 10.0
LAST_BACK_OFF = 300.0
FORGIVEN_AFTER = 600.0  # a run of this length ends a series of failures
REMOVED = "RestartingAllContainers"
_REMOVED = "The container is removed because RestartAllContainers in place"
_KILLED = 137


class Container(msgspec.Struct):
    """A container of a pod. `state` is as in containerStatuses: one key of waiting, running, terminated."""

    spec: Json
    role: Role
    pod_uid: str
    fate: fates.Fate
    state: Json = {}
    last: Json = {}
    restarts: int = 0
    ready: bool = False
    started: bool = False
    pulled: bool = False
    is_tried: bool = False  # it has begun once, or has failed to
    since: datetime | None = None  # when it began to run
    back_off: float = 0.0
    run_id: str = ""
    has_run: bool = False
    in_hook: bool = False  # it runs, which is not said before its postStart hook is over
    is_root: bool = False  # it must not run as root, and shall
    environment: dict[str, str] | None = None  # its variables, if some come from ConfigMaps or Secrets
    plan: int = 0  # counts what makes earlier plans for the container void
    is_stopping: bool = False
    allocated: Json = {}  # the resources that the node has set aside
    given: Json = {}  # the resources that it runs with

    def __post_init__(self) -> None:
        self.allocated = self.given = self.wanted

    @property
    def name(self) -> str:
        """The container's name."""
        name: str = self.spec["name"]
        return name

    @property
    def image(self) -> str:
        """The image as the pod names it."""
        image: str = self.spec["image"]
        return image

    @property
    def wanted(self) -> Json:
        """The resources that the pod asks for."""
        resources = self.spec.get("resources") or {}
        return {key: value for key, value in resources.items() if key in ("limits", "requests")}

    @property
    def exit_code(self) -> int | None:
        """How it exited last, if it does not run and has run."""
        ended = self.state.get("terminated") or (self.last.get("terminated") if "waiting" in self.state else None)
        code: int | None = ended["exitCode"] if ended else None
        return code

    @property
    def is_new(self) -> bool:
        """Whether it waits and has never ended."""
        return "waiting" in self.state and not self.last

    def age(self, now: datetime) -> float:
        """Seconds since its start."""
        return (now - self.since).total_seconds() if self.since else 0.0

    @property
    def path(self) -> str:
        """The field path that events about it carry."""
        return f"spec.{'containers' if self.role == 'main' else 'initContainers'}{{{self.name}}}"

    @property
    def is_running(self) -> bool:
        """Whether it runs now."""
        return "running" in self.state

    @property
    def is_done(self) -> bool:
        """Whether an init container has finished well."""
        return bool((self.state.get("terminated") or {}).get("exitCode", 1) == 0)

    def is_over(self, policy: str) -> bool:
        """Whether it has ended for good, in a pod of this restart policy."""
        code, ended = self.exit_code, self.state.get("terminated") or self.last.get("terminated") or {}
        if self.is_running or self.in_hook or code is None or ended.get("reason") == REMOVED:
            return False
        return not restarts.is_due(self.spec, policy, code)

    def resume(self, report: Json) -> None:
        """Be what a report of before says."""
        self.state, self.last = report["state"], report.get("lastState") or {}
        self.restarts, self.ready = report["restartCount"], report["ready"]
        self.started, self.run_id = bool(report.get("started")), report.get("containerID", "")
        self.has_run = bool(self.run_id)
        if self.is_running:
            self.since = clock.moment(self.state["running"]["startedAt"])
        if "resources" in report:
            self.given = report["resources"]
            self.allocated = {**self.given, **_only(requests=report.get("allocatedResources"))}

    def wait(self, reason: str, message: str = "") -> None:
        """Wait, saying why."""
        self._keep_ending()
        self.state = {"waiting": {"reason": reason} | ({"message": message} if message else {})}
        self.ready = self.started = False

    def begin(self, now: datetime) -> None:
        """Begin to run, which is not said yet."""
        self.since = now
        self.is_stopping = False
        self.given = self.allocated

    def run(self, now: datetime) -> None:
        """Be said to run."""
        self._keep_ending()
        self.in_hook = False
        if self.has_run:
            self.restarts += 1
        self.has_run = True
        seed = f"{self.pod_uid}/{self.name}/{self.restarts}"
        self.run_id = f"containerd://{hashlib.sha256(seed.encode()).hexdigest()}"
        self.state = {"running": {"startedAt": clock.stamp(self.since or now)}}
        self.started = self.role != "init" and not self.spec.get("startupProbe")

    def remove(self, waiting: str) -> None:
        """Be taken away from the node, to begin again with all others of the pod (RestartAllContainers).

        One that waits already waits on, as one that is new: for `waiting`.
        """
        if "waiting" in self.state:
            self.state = {"waiting": {"reason": waiting}}
        else:
            self.restarts += 1
            self.has_run = False
            ended = {"exitCode": _KILLED, "reason": REMOVED, "message": _REMOVED, "startedAt": None, "finishedAt": None}
            self.state, self.last = {"waiting": {"reason": REMOVED, "message": _REMOVED}}, {"terminated": ended}
        self.run_id = ""
        self.pulled = self.is_tried = self.ready = self.started = False
        self.plan += 1

    def end(self, now: datetime, code: int, reason: str = "") -> None:
        """Stop with an exit code."""
        reason = reason or ("Error" if code else "Completed")
        self.plan += 1
        ended = {"exitCode": code, "reason": reason}
        if self.since:
            ended["startedAt"] = clock.stamp(self.since)
        ended |= {"finishedAt": clock.stamp(now), "containerID": self.run_id}
        self.state = {"terminated": ended}
        self.ready = self.started = False

    def next_back_off(self, now: datetime) -> float:
        """How long to wait before the next start after an end: nothing at first, then 10 s, doubling up to 5 min."""
        if self.since and (now - self.since).total_seconds() > FORGIVEN_AFTER:
            self.back_off = 0.0
        return self.longer_back_off()

    def longer_back_off(self) -> float:
        """As `next_back_off`, of a container that has not begun since."""
        wait = self.back_off
        self.back_off = min(max(self.back_off * 2, FIRST_BACK_OFF), LAST_BACK_OFF)
        return wait

    def status(self) -> Json:
        """The container's entry in containerStatuses or initContainerStatuses."""
        ran = bool(self.run_id)
        report: Json = {
            "name": self.name,
            "state": self.state,
            "lastState": self.last,
            "ready": self.ready,
            "restartCount": self.restarts,
            "image": fates.full_name(self.image) if ran else self.image,
            "imageID": fates.digest(self.image) if ran else "",
        }
        if ran:
            report["containerID"] = self.run_id
        report["started"] = self.started
        if ran:
            if self.allocated.get("requests"):
                report["allocatedResources"] = self.allocated["requests"]
            report["resources"] = self.given
        mounts = [_mount(mount) for mount in self.spec.get("volumeMounts") or []]
        if mounts:
            report["volumeMounts"] = mounts
        return report

    def _keep_ending(self) -> None:
        if "terminated" in self.state:
            self.last = self.state


def _only(**given: Json | None) -> Json:
    return {key: value for key, value in given.items() if value}


def _mount(mount: Json) -> Json:
    report = {"name": mount["name"], "mountPath": mount["mountPath"]}
    if mount.get("readOnly"):
        report |= {"readOnly": True, "recursiveReadOnly": "Disabled"}
    return report


def of_pod(pod: Json, now: str) -> tuple[list[Container], list[Container]]:
    """(init containers and sidecars, the other containers) of a pod, none of them begun."""
    inits, mains = pod["spec"].get("initContainers") or [], pod["spec"]["containers"]
    return [_new(pod, spec, _role(spec), now) for spec in inits], [_new(pod, spec, "main", now) for spec in mains]


def _new(pod: Json, spec: Json, role: Role, now: str) -> Container:
    made = Container(spec, role, pod["metadata"]["uid"], fate(pod, spec, role, now))
    shared, own = pod["spec"].get("securityContext") or {}, spec.get("securityContext") or {}
    made.is_root = bool({**shared, **own}.get("runAsNonRoot")) and {**shared, **own}.get("runAsUser") == 0
    return made


def _role(spec: Json) -> Role:
    return "sidecar" if spec.get("restartPolicy") == "Always" else "init"


def fate(pod: Json, spec: Json, role: Role, now: str, variables: Mapping[str, str] | None = None) -> fates.Fate:
    """What becomes of a container: by its pod's annotations, its image, and its command where that is known."""
    metadata = pod["metadata"]
    told = fates.word(spec["image"], metadata.get("annotations") or {}, spec["name"])
    seed = f"{metadata['namespace']}/{metadata['name']}/{spec['name']}"
    usual = fates.of(spec["image"], seed, init=role == "init", told=told)
    return programs.fate(pod, spec, usual, now, variables) if role == "main" else usual
