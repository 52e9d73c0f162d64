"""The kubelets: each runs the pods that are bound to its node, unless the node is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import store
from stswidgets.simulator.controllers import growth, loop, readiness
from stswidgets.simulator.kinds import claims, nodes, pod_defaults, pods
from stswidgets.simulator.nodes import environment
from stswidgets.simulator.nodes.kubelet import filesystems, heartbeat, podrun
from stswidgets.simulator.nodes.kubelet.machine import Machine

Json = dict[str, Any]

_AGAIN = 60.0  # seconds until a node that was lost is asked again


class Kubelets:
    """All kubelets of the cluster."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._following = loop.Subscriptions(api.store)
        self._machines: dict[str, Machine] = {}
        self._queue: loop.Queue[tuple[str, str]] = loop.Queue(api.clock, self._look)
        self._watchers: list[Callable[[str, bool], None]] = []
        self._heartbeats = heartbeat.Heartbeats(api)

    def start(self) -> None:
        """Run what is bound, then what comes."""
        self._following.follow(nodes.KIND, self._node_changed)
        self._following.follow(pods.KIND, self._pod_changed)
        self._following.follow(claims.KIND, self._claim_changed)

    def stop(self) -> None:
        """End; pods stay in the API as they are."""
        self._following.end()
        self._queue.stop()
        self._heartbeats.stop()
        for machine in self._machines.values():
            for run in machine.runs.values():
                run.cancel()

    def machine(self, name: str) -> Machine | None:
        """A node's machine, or None."""
        return self._machines.get(name)

    def answers(self, name: str) -> bool:
        """Whether a node's kubelet can be asked: not if there is none, or if it is lost."""
        machine = self._machines.get(name)
        return machine is not None and not machine.lost

    def run_of(self, pod: Json) -> podrun.PodRun | None:
        """What runs a pod, or None if nothing does."""
        machine = self._machines.get(pod["spec"].get("nodeName", ""))
        return machine.runs.get(pod["metadata"]["uid"]) if machine else None

    def environment(self, pod: Json, container: str) -> dict[str, str]:
        """The variables that a pod's container was started with."""
        run = self.run_of(pod)
        known = run.environment(container) if run else None
        if known is not None:
            return known
        of = next(item for item in pod_defaults.containers(pod["spec"]) if item["name"] == container)
        since = _started(pod, container)
        return environment.Environment(self._api.store, pod, lenient=True, since=since).of(of)

    def watch(self, told: Callable[[str, bool], None]) -> None:
        """Call `told(node, answers)` when a node falls silent or speaks again."""
        self._watchers.append(told)

    def lose(self, name: str) -> None:
        """A node is gone from the network: its kubelet reports nothing and does nothing. KeyError if there is none."""
        machine = self._machines[name]
        machine.lost = True
        self._heartbeats.end(name)
        for run in machine.runs.values():
            run.cancel()
        machine.runs.clear()
        self._tell(name, answers=False)

    def find(self, name: str) -> None:
        """A lost node is back: its kubelet catches up. KeyError if there is none."""
        machine = self._machines[name]
        machine.lost = False
        self._heartbeats.begin(name)
        self._tell(name, answers=True)
        for item in self._api.store.list(pods.KIND):
            if item.obj["spec"].get("nodeName") == name:
                self._queue.add((item.namespace, item.name))

    def _tell(self, name: str, *, answers: bool) -> None:
        for told in self._watchers:
            told(name, answers)

    def _node_changed(self, event: store.Event) -> None:
        name = event.new.name
        if event.type == "DELETED":
            self._heartbeats.end(name)
            machine = self._machines.pop(name, None)
            for run in machine.runs.values() if machine else ():
                run.cancel()
        elif name not in self._machines:
            self._machines[name] = Machine(self._api, event.obj)
            self._heartbeats.begin(name)

    def _pod_changed(self, event: store.Event) -> None:
        machine = self._machines.get(event.obj["spec"].get("nodeName", ""))
        if machine is None:
            return
        if event.type == "DELETED":
            machine.drop(event.obj)
        elif _matters(event):
            self._queue.add((event.new.namespace, event.new.name))

    def _claim_changed(self, event: store.Event) -> None:
        if event.type == "DELETED":
            for machine in self._machines.values():
                machine.events.forget(event.obj)
        elif growth.stage(event.obj) == growth.AWAITED and (
            event.old is None or growth.stage(event.old.obj) != growth.AWAITED
        ):
            key, uid = (event.new.namespace, event.new.name), event.obj["metadata"]["uid"]
            self._api.clock.call_later(filesystems.looks_after(event.obj), lambda: self._grow(key, uid))

    def _grow(self, key: tuple[str, str], uid: str) -> None:
        """A claim's file system waits for a node: for that of a pod that has it mounted, if there is one."""
        stored = self._api.store.get(claims.KIND, *key)
        if stored is None or stored.obj["metadata"]["uid"] != uid or growth.stage(stored.obj) != growth.AWAITED:
            return
        for item in self._api.store.list(pods.KIND, key[0]):
            machine = self._machines.get(item.obj["spec"].get("nodeName", ""))
            over = (item.obj.get("status") or {}).get("phase") in ("Succeeded", "Failed")
            if machine is None or over or key[1] not in filesystems.names(item.obj):
                continue
            run = self.run_of(item.obj)
            if machine.lost:
                self._api.clock.call_later(_AGAIN, lambda: self._grow(key, uid))
            elif run is not None and run.ip:
                machine.grow(item.obj)

    def _look(self, key: tuple[str, str]) -> None:
        stored = self._api.store.get(pods.KIND, *key)
        if stored is None:
            return
        machine = self._machines.get(stored.obj["spec"].get("nodeName", ""))
        if machine is not None and not machine.lost:
            machine.see(stored.obj)


def _started(pod: Json, container: str) -> str:
    """When a container began to run; empty if it does not."""
    state = pod.get("status") or {}
    for item in [*(state.get("containerStatuses") or ()), *(state.get("initContainerStatuses") or ())]:
        if item["name"] == container:
            return str((item["state"].get("running") or {}).get("startedAt") or "")
    return ""


def _matters(event: store.Event) -> bool:
    """Whether a change of a pod is one that its kubelet acts on: its own status reports are not."""
    if event.old is None:
        return True
    old, new = event.old.obj, event.obj
    if old["spec"] != new["spec"] or old["metadata"]["uid"] != new["metadata"]["uid"]:
        return True
    before, after = old["metadata"], new["metadata"]
    if any(before.get(field) != after.get(field) for field in ("deletionTimestamp", "deletionGracePeriodSeconds")):
        return True
    return any(
        readiness.condition(old, gate["conditionType"]) != readiness.condition(new, gate["conditionType"])
        for gate in new["spec"].get("readinessGates") or ()
    )
