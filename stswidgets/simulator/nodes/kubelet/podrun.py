"""One pod on its node, from the sandbox to the last container's end: the kubelet's worker for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from stswidgets.simulator import clock
from stswidgets.simulator.kinds import config
from stswidgets.simulator.nodes import environment
from stswidgets.simulator.nodes.kubelet import (
    anew,
    backoff,
    containers,
    ending,
    filesystems,
    hooks,
    images,
    mounts,
    node,
    podstatus,
    probes,
    record,
    resize,
    restarts,
    starting,
    timers,
)

Json = dict[str, Any]

_GATHERED = 2.0  # seconds for which the steps of a pod are one, long ago in a scenario's past
_TOO_LONG = "Pod was active on the node longer than the specified deadline"


class PodRun:
    """Runs a pod. Its timers end with `cancel`."""

    def __init__(self, on: node.Node, pod: Json) -> None:
        self._node = on
        self._clock = on.api.clock
        metadata = pod["metadata"]
        self.namespace: str = metadata["namespace"]
        self.name: str = metadata["name"]
        self.uid: str = metadata["uid"]
        self.about = f"{self.name}_{self.namespace}({self.uid})"  # as events name it
        self.ip = ""
        self._policy: str = pod["spec"].get("restartPolicy") or "Always"
        self._grace = float(pod["spec"].get("terminationGracePeriodSeconds") or 0)
        self._deadline: float | None = pod["spec"].get("activeDeadlineSeconds")
        chance = random.Random(f"{self.namespace}/{self.name}/{metadata['creationTimestamp']}")  # noqa: S311
        self.chance = chance
        self._plans = timers.Timers(self._clock)
        self._is_ending = False
        self._after_hooks: list[Callable[[], None]] = []
        self._unwritten: clock.Cancel | None = None
        self._why: Json = {}  # reason and message of a pod that was ended
        self.inits, self.mains = containers.of_pod(pod, clock.stamp(self._clock.now()))
        self.first_reason = "PodInitializing" if self.inits else "ContainerCreating"  # for which new containers wait
        self._record = record.Record(on.api, on.events, pod)
        self._back_off = backoff.BackOff(self, self._plans, chance, self.pull)
        self._images = images.Images(self, on.images, self._plans)
        self._probes = probes.Probes(self, self._plans, self._clock)
        self._stopper = ending.Stopper(self, self._plans, self._clock, chance)
        self._anew = anew.Anew(self, self._plans, self._clock, self._stopper, self._renewed)
        self._starter = starting.Starter(self, on, self._plans, self._stopper, self._back_off)
        self.resizer = resize.Resizer(self, on, self._plans, self._clock)

    def all(self) -> list[containers.Container]:
        """Its containers, init containers first."""
        return self.inits + self.mains

    def stored(self) -> Json | None:
        """The pod as it is in the API."""
        return self._record.stored()

    def environment(self, name: str) -> dict[str, str] | None:
        """The variables that a container was started with, if some of them come from ConfigMaps or Secrets."""
        return next((item.environment for item in self.all() if item.name == name), None)

    # What the kubelet asks for

    def start(self) -> None:
        """Take a new pod on: say so, then mount, set up the network, and start the first containers."""
        for item in self.all():
            item.wait(self.first_reason)
        self.write()
        self._plans.after(self.chance.uniform(0.1, 0.3), self._begin)
        if self._deadline is not None:
            self._plans.after(float(self._deadline), self._too_long)

    def resume(self, pod: Json) -> None:
        """Take on a pod that runs already (one that was placed, or whose kubelet was away)."""
        state = pod.get("status") or {}
        self.ip = state.get("podIP", "")
        if self.ip:
            self._node.take(self.ip)
        groups = (state.get("initContainerStatuses") or [], state.get("containerStatuses") or [])
        reports = {item["name"]: item for group in groups for item in group}
        for item in self.all():
            if item.name in reports:
                item.resume(reports[item.name])
            else:
                item.wait(self.first_reason)
        if state.get("phase") in ("Succeeded", "Failed"):
            return
        for item in self.all():
            if item.is_running and environment.refers(item.spec):
                item.environment = environment.Environment(self._node.api.store, pod, lenient=True).of(item.spec)
            if item.is_running:
                self._follow(item)
        if any(not item.is_running for item in self.mains):
            self._plans.after(0.1, self._begin)

    def replace(self, pod: Json) -> None:
        """Follow a changed pod: a container with another image is restarted, without a back-off."""
        wanted = {spec["name"]: spec for spec in pod["spec"]["containers"]}
        for item in self.mains:
            old, item.spec = item.image, wanted[item.name]
            if item.image == old or self._is_ending:
                continue
            item.fate = containers.fate(pod, item.spec, item.role, clock.stamp(self._clock.now()))
            item.back_off = 0.0
            item.plan += 1  # whatever was to happen to the old one does not
            if item.in_hook:
                item.run(self._clock.now())
            if item.is_running:
                self.restart(item, f"Container {item.name} definition changed, will be restarted")
            else:
                self.pull(item)
        for item, spec in zip(self.inits, pod["spec"].get("initContainers") or [], strict=True):
            item.spec = spec
        self.write()

    def terminate(self, grace: float) -> None:
        """End gracefully: stop the containers, report their end, and take the pod out of the API."""
        if self._is_ending:
            self._plans.after(grace, self._force)
            return
        if any(item.in_hook for item in self.all()):
            self._after_hooks = [lambda: self.terminate(grace)]
            return
        self._is_ending = True
        self._plans.cancel()
        self._stopper.all(self.all(), grace, self._ended)

    def finish(self, name: str, code: int) -> None:
        """A container ends by itself, if it runs; it is restarted as after any end."""
        for item in self.mains:
            if item.name == name and not self._is_ending:
                self._exit(item, code, "")

    def cancel(self) -> None:
        """The pod is gone, or its node: nothing more happens here."""
        self._is_ending = True
        self._write_later(None)
        self._plans.cancel()

    def write(self, *, ended: bool = False) -> None:
        """Store the pod's status as it is now; `ended`: its containers will not be restarted, whatever its policy.

        Long ago in a scenario's past, what happens to a pod within two seconds is one write.
        """
        if self._is_ending or not self._clock.is_long_ago:
            self._write_later(None)
            self._write(ended=ended)
        elif self._unwritten is None:
            self._write_later(_GATHERED)

    def _write_later(self, seconds: float | None) -> None:
        """Write after so many seconds, or not."""
        if self._unwritten is not None:
            self._unwritten()
        self._unwritten = None if seconds is None else self._clock.call_later(seconds, self._write_gathered)

    def _write_gathered(self) -> None:
        self._unwritten = None
        self._write(ended=False)

    def _write(self, *, ended: bool) -> None:
        stored = self._record.stored()
        if stored is None:
            return
        report = podstatus.Report(
            mains=self.mains,
            inits=self.inits,
            policy=self._policy,
            now=clock.stamp(self._clock.now()),
            host_ip=self._node.ip,
            pod_ip=self.ip,
            resizes=self.resizer.conditions(),
            why=self._why,
            ended=ended,
            anew=self._anew.is_on,
        )
        self._record.put(stored, report.compose(stored))

    # Start

    def _begin(self) -> None:
        pod = self.stored()
        if pod is None:
            return
        if self.ip:
            self._next()
        else:
            mounts.Mounts(self, self._node.api.store, self._plans).begin(pod, self._mounted)

    def _mounted(self) -> None:
        self.ip = self._node.address()
        pod = self.stored()
        if pod is not None and self._node.grow(pod):
            self._plans.after(filesystems.TAKES, self._next)  # the volume is mounted once it has grown
        else:
            self._next()

    def _next(self) -> None:
        """Start what is due: init containers one after the other, then all others but those behind a hook that runs."""
        if self._anew.is_on or self._after_hooks or self._is_ending or self._why:
            return
        for item in self.inits:
            if item.is_done and item.role == "init":
                continue
            if item.role == "sidecar" and item.started:
                continue
            self._first_pull(item)
            return
        for item in self.mains:
            self._first_pull(item)
            if hooks.post_start(item) and not item.is_tried:
                return

    def _first_pull(self, item: containers.Container) -> None:
        if not item.pulled and not item.is_running:
            self.pull(item)

    def pull(self, item: containers.Container) -> None:
        """Begin with a container's image."""
        item.pulled = True  # on its way: not to be begun twice
        self._images.pull(item, lambda: self._starter.start(item, lambda: self._grace))

    def not_pulled(self, item: containers.Container, *, tried: bool) -> None:
        """A container has no image; if a pull has failed, that may be for want of a Secret."""
        pod = self.stored() if tried else None
        names = (
            [item["name"] for item in (pod["spec"].get("imagePullSecrets") or ()) if item.get("name")] if pod else []
        )
        missing = [name for name in names if self._node.api.store.get(config.SECRETS, self.namespace, name) is None]
        if missing:
            said = f"Unable to retrieve some image pull secrets ({', '.join(missing)})"
            self.tell(
                "Warning", "FailedToRetrieveImagePullSecret", f"{said}; attempting to pull the image may not succeed."
            )
        self.tried(item)

    def tried(self, item: containers.Container) -> None:
        """A container was tried: the others of the pod do not wait for it any more."""
        item.is_tried = True
        if hooks.post_start(item):
            self._next()

    def runs(self, item: containers.Container) -> None:
        """A container runs, and its hook is over."""
        item.run(self._clock.now())
        self.resizer.settle()
        self._follow(item)
        self.write()
        self._after_hook(item)
        if item.role == "sidecar" and item.started:
            self._next()

    def _after_hook(self, item: containers.Container) -> None:
        self.tried(item)
        self._end_if_due()

    def _end_if_due(self) -> bool:
        """End, if that has waited for hooks and none runs any more."""
        if not self._after_hooks or any(other.in_hook for other in self.all()):
            return False
        waiting, self._after_hooks = self._after_hooks, []
        for callback in waiting:
            callback()
        return True

    def _renewed(self) -> None:
        if not self._end_if_due():
            self._next()

    def unhooked(self, item: containers.Container, code: int, message: str) -> None:
        """A container was stopped because its hook failed: it ends, and says why it waits if it is to begin again."""
        self._exit(item, code, "", why={"reason": starting.HOOK_FAILED, "message": message})
        self._after_hook(item)

    def _follow(self, item: containers.Container) -> None:
        """See to what becomes of a container that runs."""
        self._probes.begin(item)
        fate = item.fate
        if fate.exits_after is not None:
            left = max(fate.exits_after - item.age(self._clock.now()), 0.0)
            self._plans.later(item, left, lambda: self._exit(item, fate.exit_code, fate.exit_reason))

    def started(self, item: containers.Container) -> None:
        """A container has passed its startup probe: a sidecar lets the next ones begin."""
        if item.role == "sidecar":
            self._next()

    # A container ends

    def failed(self, item: containers.Container, probe: str, grace: float | None) -> None:
        """Stop a container for what a probe found; it is restarted, whatever its exit code, unless the pod never is."""
        message = f"Container {item.name} failed {probe} probe"
        if self._policy == "Never" and item.role != "sidecar":
            self._stop(item, message, grace, again=False)
        else:
            self._stop(item, f"{message}, will be restarted", grace, again=True)

    def restart(self, item: containers.Container, message: str) -> None:
        """Stop a container and start it again at once."""
        self._stop(item, message, None, again=True)

    def _stop(self, item: containers.Container, message: str, grace: float | None, *, again: bool) -> None:
        grace = self._grace if grace is None else grace
        self._stopper.one(item, grace, message, lambda code: self._exit(item, code, "", again=again))

    def _exit(
        self, item: containers.Container, code: int, reason: str, *, again: bool = False, why: Json | None = None
    ) -> None:
        if not item.is_running:
            return
        now = self._clock.now()
        item.end(now, code, reason)
        if item.role == "init" and not code:
            item.ready = True
            self.write()
            self._next()
        elif restarts.restarts_all(item.spec, code):
            self._anew.start()
        elif again or restarts.is_due(item.spec, self._policy, code):
            if why:
                item.wait(**why)
            self.write()
            self._back_off.after(item, item.next_back_off(now))
        else:
            self.write()
            self._finish()

    def _finish(self) -> None:
        """Let the sidecars go once nothing else runs or will."""
        waits = [item for item in self.inits if item.role == "init" and not item.is_done]
        stuck = any(item.is_over(self._policy) for item in waits)
        if stuck or (not waits and all(item.is_over(self._policy) for item in self.mains)):
            self._stopper.all(self.inits, self._grace, self.write)

    # The pod ends

    def _too_long(self) -> None:
        if any(item.in_hook for item in self.all()):
            self._after_hooks = [*self._after_hooks, self._too_long]
            return
        self._why = {"reason": "DeadlineExceeded", "message": _TOO_LONG}
        self.tell("Normal", "DeadlineExceeded", _TOO_LONG)
        self._plans.cancel()
        self._stopper.all(self.all(), self._grace, self.write)

    def _force(self) -> None:
        """A shorter grace is over."""
        for item in self.all():
            if item.is_running:
                item.end(self._clock.now(), 137)
        self._plans.cancel()
        self._ended()

    def _ended(self) -> None:
        if any(item.run_id for item in self.mains):
            self.write(ended=True)
        self._plans.after(0.05, self._gone)

    def _gone(self) -> None:
        self._record.remove()
        self._node.forget(self.uid)

    # What is said

    def say(self, item: containers.Container, kind: str, reason: str, message: str) -> None:
        """An event about a container."""
        self._record.say(kind, reason, message, item)

    def tell(self, kind: str, reason: str, message: str) -> None:
        """An event about the pod."""
        self._record.say(kind, reason, message)
