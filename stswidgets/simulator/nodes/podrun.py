"""One pod on its node, from the sandbox to the last container's end: the kubelet's worker for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, status
from stswidgets.simulator.controllers import recorder
from stswidgets.simulator.kinds import pods
from stswidgets.simulator.nodes import containers, fates, podstatus, programs

Json = dict[str, Any]

OPTIONS = apis.Options(manager="kubelet", user="system:nodes")
_PROBE_PERIOD = 10.0


class Node(Protocol):
    """What a pod needs of the node that it runs on."""

    api: apis.Api
    events: recorder.Recorder
    ip: str
    images: set[str]

    def address(self) -> str:
        """A free pod address."""

    def take(self, address: str) -> None:
        """A pod that runs already has this address."""

    def forget(self, uid: str) -> None:
        """The pod is gone."""


class PodRun:
    """Runs a pod. Its timers end with `cancel`."""

    def __init__(self, node: Node, pod: Json) -> None:
        self._node = node
        self._clock = node.api.clock
        metadata = pod["metadata"]
        self.namespace: str = metadata["namespace"]
        self.name: str = metadata["name"]
        self.uid: str = metadata["uid"]
        self._chance = random.Random(f"{self.namespace}/{self.name}/{metadata['creationTimestamp']}")  # noqa: S311
        self._timers: dict[int, clock.Cancel] = {}
        self._timer = 0
        self._ip = ""
        self._ending = False
        self._policy: str = pod["spec"].get("restartPolicy", "Always")
        self.inits = [self._container(spec, _role(spec)) for spec in pod["spec"].get("initContainers") or []]
        self.mains = [self._container(spec, "main") for spec in pod["spec"]["containers"]]
        now = clock.stamp(self._clock.now())
        for item in self.mains:
            item.fate = programs.fate(pod, item.spec, item.fate, now)

    def _container(self, spec: Json, role: containers.Role) -> containers.Container:
        fate = fates.of(spec["image"], f"{self.namespace}/{self.name}/{spec['name']}", init=role == "init")
        return containers.Container(spec, role, self.uid, fate)

    # What the kubelet asks for

    def start(self) -> None:
        """Take a new pod on: say so, then mount, set up the network, and start the first containers."""
        for item in self.inits + self.mains:
            item.wait("PodInitializing" if self.inits else _NEW)
        self.write()
        self._after(self._chance.uniform(0.1, 0.3), self._begin)

    def resume(self, pod: Json) -> None:
        """Take on a pod that runs already (one that was placed, or whose kubelet was away)."""
        state = pod.get("status") or {}
        self._ip = state.get("podIP", "")
        if self._ip:
            self._node.take(self._ip)
        reports = {
            item["name"]: item
            for item in [*(state.get("initContainerStatuses") or []), *(state.get("containerStatuses") or [])]
        }
        for item in self.inits + self.mains:
            report = reports.get(item.name)
            if report is None:
                item.wait(_NEW)
                continue
            item.state, item.last = report["state"], report.get("lastState") or {}
            item.restarts, item.ready = report["restartCount"], report["ready"]
            item.started, item.run_id = bool(report.get("started")), report.get("containerID", "")
            if item.is_running:
                item.since = clock.moment(item.state["running"]["startedAt"])
        if state.get("phase") not in ("Succeeded", "Failed") and any(not item.is_running for item in self.mains):
            self._after(0.1, self._begin)

    def replace(self, pod: Json) -> None:
        """Follow changed images: such a container is restarted, without a back-off."""
        wanted = {spec["name"]: spec for spec in pod["spec"]["containers"]}
        for item in self.mains:
            spec = wanted[item.name]
            if spec["image"] == item.image or self._ending:
                item.spec = spec
                continue
            self._say(item, "Normal", "Killing", f"Container {item.name} definition changed, will be restarted")
            item.spec = spec
            item.fate = fates.of(item.image, f"{self.namespace}/{self.name}/{item.name}")
            item.plan += 1  # whatever was to happen to the old one does not
            item.back_off = 0.0
            if item.is_running:
                item.end(self._clock.now(), 0, "Completed")
                item.restarts += 1
            self._pull(item)

    def terminate(self, grace: float) -> None:
        """End gracefully: stop the containers, report their end, and take the pod out of the API."""
        if self._ending:
            return
        self._ending = True
        self._cancel_timers()
        for item in self.inits + self.mains:
            if item.is_running:
                self._say(item, "Normal", "Killing", f"Stopping container {item.name}")
        running = any(item.is_running for item in self.inits + self.mains)
        self._after(min(grace, self._chance.uniform(0.3, 0.9)) if running else 0.05, self._ended)

    def finish(self, name: str, code: int) -> None:
        """A container ends by itself, if it runs; it is restarted as after any end."""
        for item in self.mains:
            if item.name == name and item.is_running and not self._ending:
                item.fate = replace(item.fate, exit_code=code, exit_reason="Error" if code else "Completed")
                self._exit(item)

    def cancel(self) -> None:
        """The pod is gone, or its node: nothing more happens here."""
        self._ending = True
        self._cancel_timers()

    def write(self, ended: str = "") -> None:
        """Store the pod's status as it is now."""
        stored = self._node.api.store.get(pods.KIND, self.namespace, self.name)
        if stored is None or stored.obj["metadata"]["uid"] != self.uid:
            return
        now = clock.stamp(self._clock.now())
        new = podstatus.compose(
            stored.obj, self.mains, self.inits, now=now, host_ip=self._node.ip, pod_ip=self._ip, ended=ended
        )
        if new != stored.obj.get("status"):
            self._node.api.update(pods.KIND, {**stored.obj, "status": new}, subresource="status", options=OPTIONS)

    # Start

    def _begin(self) -> None:
        if not self._ip:
            self._ip = self._node.address()
        self._next()

    def _next(self) -> None:
        """Start what is due: init containers one after the other, then all others at once."""
        for item in self.inits:
            if item.is_done and item.role == "init":
                continue
            if item.role == "sidecar" and item.started:
                continue
            if not item.pulled and not item.is_running:
                self._pull(item)
            return
        for item in self.mains:
            if not item.pulled and not item.is_running:
                self._pull(item)

    def _pull(self, item: containers.Container) -> None:
        item.pulled = True  # on its way: not to be begun twice
        present = item.image in self._node.images
        if present and item.spec.get("imagePullPolicy") != "Always":
            said = f'Container image "{item.image}" already present on machine and can be accessed by the pod'
            self._say(item, "Normal", "Pulled", said)
            self._later(item, self._chance.uniform(0.1, 0.3), lambda: self._run(item))
            return
        self._say(item, "Normal", "Pulling", f'Pulling image "{item.image}"')
        seconds = item.fate.pull * (0.3 if present else 1.0)
        self._later(item, seconds, lambda: self._pulled(item, seconds))

    def _pulled(self, item: containers.Container, seconds: float) -> None:
        if not item.fate.pulls:
            self._pull_failed(item)
            return
        self._node.images.add(item.image)
        took = f"{round(seconds * 1000)}ms"
        said = f'Successfully pulled image "{item.image}" in {took} ({took} including waiting).'
        self._say(item, "Normal", "Pulled", f"{said} Image size: {fates.size(item.image)} bytes.")
        self._run(item)

    def _pull_failed(self, item: containers.Container) -> None:
        error = fates.pull_error(item.image)
        said = f'Failed to pull image "{item.image}": {error}'
        self._say(item, "Warning", "Failed", said)
        self._say(item, "Warning", "Failed", "Error: ErrImagePull")
        item.wait("ErrImagePull", error)
        self.write()
        item.back_off = min(max(item.back_off * 2, containers.FIRST_BACK_OFF), containers.LAST_BACK_OFF)
        self._later(item, 2.0, lambda: self._pull_backs_off(item, error))
        self._later(item, item.back_off, lambda: self._pull(item))

    def _pull_backs_off(self, item: containers.Container, error: str) -> None:
        self._say(item, "Normal", "BackOff", f'Back-off pulling image "{item.image}"')
        self._say(item, "Warning", "Failed", "Error: ImagePullBackOff")
        item.wait("ImagePullBackOff", f'Back-off pulling image "{item.image}": ErrImagePull: {error}')
        self.write()

    def _run(self, item: containers.Container) -> None:
        self._say(item, "Normal", "Created", "Container created")
        self._say(item, "Normal", "Started", "Container started")
        item.run(self._clock.now())
        fate = item.fate
        delay = _ready_delay(item)
        if item.role != "init" and fate.ready:
            if delay:
                self._later(item, delay, lambda: self._ready(item))
            else:
                item.ready = True
        elif item.role != "init" and fate.exits_after is None:
            first = _initial_delay(item) + self._chance.uniform(0.1, 1.0)
            self._later(item, first, lambda: self._unhealthy(item))
        if fate.exits_after is not None:
            self._later(item, fate.exits_after, lambda: self._exit(item))
        self.write()
        if item.role == "sidecar":
            self._next()

    def _ready(self, item: containers.Container) -> None:
        if item.is_running:
            item.ready = True
            self.write()

    def _unhealthy(self, item: containers.Container) -> None:
        if not item.is_running:
            return
        self._say(item, "Warning", "Unhealthy", _probe_failure(item))
        period = float((item.spec.get("readinessProbe") or {}).get("periodSeconds") or _PROBE_PERIOD)
        self._later(item, period, lambda: self._unhealthy(item))

    # End

    def _exit(self, item: containers.Container) -> None:
        if not item.is_running:
            return
        now = self._clock.now()
        item.end(now, item.fate.exit_code, item.fate.exit_reason)
        if item.role == "init" and item.is_done:
            item.ready = True
            self.write()
            self._next()
            return
        if self._stays_ended(item):
            self.write(ended=self._outcome())
            return
        self.write()
        wait = item.next_back_off(now)
        if not wait:
            self._later(item, self._chance.uniform(0.3, 0.8), lambda: self._restart(item))
            return
        self._later(item, self._chance.uniform(0.5, 1.0), lambda: self._backs_off(item, wait))

    def _stays_ended(self, item: containers.Container) -> bool:
        """Whether the pod's restart policy leaves a container as it ended."""
        code = (item.state.get("terminated") or {}).get("exitCode", 0)
        if item.role == "sidecar":
            return False
        return self._policy == "Never" or (self._policy == "OnFailure" and not code)

    def _outcome(self) -> str:
        """The last phase of a pod whose containers have all ended for good; nothing while one may go on."""
        codes = [(item.state.get("terminated") or {}).get("exitCode") for item in self.mains]
        if any(item.role == "init" and "terminated" in item.state and not item.is_done for item in self.inits):
            return "Failed"
        if not all("terminated" in item.state and self._stays_ended(item) for item in self.mains):
            return ""
        return "Failed" if any(codes) else "Succeeded"

    def _backs_off(self, item: containers.Container, wait: float) -> None:
        about = f"{self.name}_{self.namespace}({self.uid})"
        self._say(item, "Warning", "BackOff", f"Back-off restarting failed container {item.name} in pod {about}")
        told = _duration(wait)
        item.wait("CrashLoopBackOff", f"back-off {told} restarting failed container={item.name} pod={about}")
        self.write()
        self._later(item, wait, lambda: self._restart(item))

    def _restart(self, item: containers.Container) -> None:
        item.restarts += 1
        self._pull(item)

    def _ended(self) -> None:
        now = self._clock.now()
        for item in self.inits + self.mains:
            if item.is_running:
                item.end(now, 0, "Completed")
        codes = [(item.state.get("terminated") or item.last.get("terminated") or {}) for item in self.mains]
        failed = any(code.get("exitCode", 0) for code in codes)
        ran = any(item.run_id for item in self.mains)
        if ran:
            self.write(ended="Failed" if failed else "Succeeded")
        self._after(0.05, self._gone)

    def _gone(self) -> None:
        deletion = apis.Deletion(grace=0, uid=self.uid)
        try:
            self._node.api.delete(pods.KIND, self.namespace, self.name, deletion=deletion, options=OPTIONS)
        except status.ApiError as error:
            if error.code not in (404, 409):
                raise
        self._node.forget(self.uid)

    # Small things

    def _say(self, item: containers.Container, kind: str, reason: str, message: str) -> None:
        stored = self._node.api.store.get(pods.KIND, self.namespace, self.name)
        if stored is not None:
            self._node.events.event(stored.obj, kind, reason, message, field_path=item.path)

    def _later(self, item: containers.Container, seconds: float, callback: Callable[[], None]) -> None:
        """As `_after`, unless the container's run has ended or its image has changed by then."""
        plan = item.plan

        def due() -> None:
            if item.plan == plan:
                callback()

        self._after(seconds, due)

    def _after(self, seconds: float, callback: Callable[[], None]) -> None:
        self._timer += 1
        number = self._timer

        def due() -> None:
            self._timers.pop(number, None)
            callback()

        self._timers[number] = self._clock.call_later(seconds, due)

    def _cancel_timers(self) -> None:
        for cancel in self._timers.values():
            cancel()
        self._timers.clear()


_NEW = "ContainerCreating"


def _role(spec: Json) -> containers.Role:
    return "sidecar" if spec.get("restartPolicy") == "Always" else "init"


def _initial_delay(item: containers.Container) -> float:
    probes = [item.spec.get(name) or {} for name in ("startupProbe", "readinessProbe")]
    return float(sum(probe.get("initialDelaySeconds", 0) for probe in probes))


def _ready_delay(item: containers.Container) -> float:
    """Seconds from start to ready: what the probes ask for, and what the fate adds."""
    probe = item.spec.get("readinessProbe") or {}
    more = (probe.get("successThreshold", 1) - 1) * probe.get("periodSeconds", 10) if probe else 0
    probing = 0.3 if probe or item.spec.get("startupProbe") else 0.0
    return _initial_delay(item) + float(more) + probing + item.fate.ready_after


def _probe_failure(item: containers.Container) -> str:
    probe = item.spec.get("readinessProbe") or {}
    if probe.get("exec"):
        return "Readiness probe failed: "
    if probe.get("tcpSocket"):
        port = probe["tcpSocket"].get("port", 0)
        return f"Readiness probe failed: dial tcp: connect to port {port}: connection refused"
    return "Readiness probe failed: HTTP probe failed with statuscode: 503"


def _duration(seconds: float) -> str:
    """Seconds as Go prints a duration: 10s, 1m20s, 5m0s."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
