"""The kubelets: each runs the pods that are bound to its node, unless the node is lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import store
from stswidgets.simulator.controllers import loop, recorder
from stswidgets.simulator.kinds import nodes, pods
from stswidgets.simulator.nodes import podrun

Json = dict[str, Any]


class Machine:
    """One node as its kubelet sees it."""

    def __init__(self, api: apis.Api, node: Json) -> None:
        self.api = api
        self.name: str = node["metadata"]["name"]
        self.events = recorder.Recorder(api, "kubelet", self.name)
        addresses = {item["type"]: item["address"] for item in (node.get("status") or {}).get("addresses") or []}
        self.ip = addresses.get("InternalIP", "10.0.0.1")
        self.images: set[str] = set()
        self.lost = False
        self._used: set[str] = set()  # addresses
        self.runs: dict[str, podrun.PodRun] = {}
        cidr = (node.get("spec") or {}).get("podCIDR") or "10.244.0.0/24"
        self._prefix = cidr.rpartition("/")[0].rpartition(".")[0]
        self._numbers = itertools.count(2)

    def address(self) -> str:
        """The next free pod address of the node's range; one that is used only when all are."""
        for _ in range(252):
            address = f"{self._prefix}.{(next(self._numbers) - 2) % 252 + 2}"
            if address not in self._used:
                break
        self._used.add(address)
        return address

    def take(self, address: str) -> None:
        """A pod that runs already has this address."""
        self._used.add(address)

    def release(self, address: str) -> None:
        """An address is free again."""
        self._used.discard(address)

    def forget(self, uid: str) -> None:
        """A pod is gone."""
        self.runs.pop(uid, None)

    def see(self, pod: Json) -> None:
        """A pod of this node is new or has changed."""
        metadata = pod["metadata"]
        run = self.runs.get(metadata["uid"])
        if run is None:
            run = self.runs[metadata["uid"]] = podrun.PodRun(self, pod)
            if (pod.get("status") or {}).get("startTime"):
                run.resume(pod)
            elif "deletionTimestamp" not in metadata:
                run.start()
        elif "deletionTimestamp" not in metadata:
            run.replace(pod)
        if "deletionTimestamp" in metadata:
            run.terminate(float(metadata.get("deletionGracePeriodSeconds", 30)))

    def drop(self, pod: Json) -> None:
        """A pod of this node is gone from the API."""
        run = self.runs.pop(pod["metadata"]["uid"], None)
        if run is not None:
            run.cancel()
        self.release((pod.get("status") or {}).get("podIP", ""))
        self.events.forget(pod)


class Kubelets:
    """All kubelets of the cluster."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._following = loop.Subscriptions(api.store)
        self._machines: dict[str, Machine] = {}
        self._queue: loop.Queue[tuple[str, str]] = loop.Queue(api.clock, self._look)
        self._watchers: list[Callable[[str, bool], None]] = []

    def start(self) -> None:
        """Run what is bound, then what comes."""
        self._following.follow(nodes.KIND, self._node_changed)
        self._following.follow(pods.KIND, self._pod_changed)

    def stop(self) -> None:
        """End; pods stay in the API as they are."""
        self._following.end()
        self._queue.stop()
        for machine in self._machines.values():
            for run in machine.runs.values():
                run.cancel()

    def machine(self, name: str) -> Machine | None:
        """A node's machine, or None."""
        return self._machines.get(name)

    def run_of(self, pod: Json) -> podrun.PodRun | None:
        """What runs a pod, or None if nothing does."""
        machine = self._machines.get(pod["spec"].get("nodeName", ""))
        return machine.runs.get(pod["metadata"]["uid"]) if machine else None

    def answers(self, name: str) -> bool:
        """Whether a node's kubelet can be asked: not if there is none, or if it is lost."""
        machine = self._machines.get(name)
        return machine is not None and not machine.lost

    def watch(self, told: Callable[[str, bool], None]) -> None:
        """Call `told(node, answers)` when a node falls silent or speaks again."""
        self._watchers.append(told)

    def lose(self, name: str) -> None:
        """A node is gone from the network: its kubelet reports nothing and does nothing. KeyError if there is none."""
        machine = self._machines[name]
        machine.lost = True
        for run in machine.runs.values():
            run.cancel()
        machine.runs.clear()
        self._tell(name, answers=False)

    def find(self, name: str) -> None:
        """A lost node is back: its kubelet catches up. KeyError if there is none."""
        machine = self._machines[name]
        machine.lost = False
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
            machine = self._machines.pop(name, None)
            for run in machine.runs.values() if machine else ():
                run.cancel()
        elif name not in self._machines:
            self._machines[name] = Machine(self._api, event.obj)

    def _pod_changed(self, event: store.Event) -> None:
        machine = self._machines.get(event.obj["spec"].get("nodeName", ""))
        if machine is None:
            return
        if event.type == "DELETED":
            machine.drop(event.obj)
        elif _matters(event):
            self._queue.add((event.new.namespace, event.new.name))

    def _look(self, key: tuple[str, str]) -> None:
        stored = self._api.store.get(pods.KIND, *key)
        if stored is None:
            return
        machine = self._machines.get(stored.obj["spec"].get("nodeName", ""))
        if machine is not None and not machine.lost:
            machine.see(stored.obj)


def _matters(event: store.Event) -> bool:
    """Whether a change of a pod is one that its kubelet acts on: its own status reports are not."""
    if event.old is None:
        return True
    old, new = event.old.obj, event.obj
    return bool(
        old["spec"] != new["spec"]
        or old["metadata"]["uid"] != new["metadata"]["uid"]
        or old["metadata"].get("deletionTimestamp") != new["metadata"].get("deletionTimestamp")
    )
