"""A node as its kubelet sees it."""

from __future__ import annotations

import itertools
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator.controllers import recorder
from stswidgets.simulator.kinds import nodes
from stswidgets.simulator.nodes.kubelet import filesystems, podrun
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]


class Machine:
    """One node: its addresses, the images that it has, and the pods that it runs."""

    def __init__(self, api: apis.Api, node: Json) -> None:
        self.api = api
        self.name: str = node["metadata"]["name"]
        self.events = recorder.Recorder(api, "kubelet", self.name)
        addresses = {item["type"]: item["address"] for item in (node.get("status") or {}).get("addresses") or []}
        self.ip = addresses.get("InternalIP", "10.0.0.1")
        self.images: set[str] = set()
        self.lost = False
        self._files = filesystems.FileSystems(api, self.events, self.name)
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

    def grow(self, pod: Json) -> bool:
        """Let the file systems of a pod's claims grow that wait for it; whether there are any."""
        uid = pod["metadata"]["uid"]
        return self._files.grow(pod, lambda: uid in self.runs and not self.lost)

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
            run.resizer.consider(pod)
        if "deletionTimestamp" in metadata:
            run.terminate(float(metadata.get("deletionGracePeriodSeconds", 30)))

    def drop(self, pod: Json) -> None:
        """A pod of this node is gone from the API."""
        run = self.runs.pop(pod["metadata"]["uid"], None)
        if run is not None:
            run.cancel()
        self.release((pod.get("status") or {}).get("podIP", ""))
        self.events.forget(pod)
        for other in self.runs.values():
            other.resizer.try_again()  # there is room now

    def room(self, resource: str) -> int:
        """How much of a resource the node has for pods, in nano units."""
        stored = self.api.store.get(nodes.KIND, None, self.name)
        allocatable = (stored.obj["status"].get("allocatable") or {}) if stored else {}
        return quantity.parse(allocatable.get(resource, "0")).nano

    def used(self, resource: str, *, without: str) -> int:
        """How much of a resource is set aside for pods other than `without` (a uid), in nano units."""
        return sum(run.resizer.allocated(resource) for uid, run in self.runs.items() if uid != without)
