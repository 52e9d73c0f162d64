"""How full volumes are, and what comes of one that is full.

A claim holds a little at first and slowly more, of the size that it was made with. The annotation
`simulator.stswidgets.io/used` says otherwise: a signal in bytes (`signals`). Containers that mount a full volume end
with an error soon after each start, until it grows.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, store
from stswidgets.simulator.controllers import loop
from stswidgets.simulator.kinds import claims, pods
from stswidgets.simulator.nodes import chance, signals
from stswidgets.simulator.nodes.kubelet.kubelets import Kubelets
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]
Key = tuple[str, str]

USED = f"{signals.PREFIX}used"
_USABLE = 0.98  # of a disk; the rest is the file system's own
_MOST = 0.9
_INODE = 16384  # bytes of disk for which a file system has one
_FILE = 90_000  # bytes of a file, on average
_EVERY, _WHEN_FULL = 30.0, 5.0  # seconds between two looks, while no volume is full and while one is


class Volume(msgspec.Struct, frozen=True):
    """One mounted claim: bytes and inodes. `volume` is the volume's name in the pod."""

    namespace: str
    claim: str
    volume: str
    capacity: int
    used: int

    @property
    def available(self) -> int:
        """Bytes that are left."""
        return self.capacity - self.used

    @property
    def inodes(self) -> int:
        """Inodes that there are."""
        return self.capacity // _INODE

    @property
    def inodes_used(self) -> int:
        """Inodes in use."""
        return min(11 + self.used // _FILE, self.inodes)


class Fill:
    """What is in the volumes."""

    def __init__(self, api: apis.Api, kubelets: Kubelets) -> None:
        self._api = api
        self._kubelets = kubelets
        self._following = loop.Subscriptions(api.store)
        self._made_with: dict[str, float] = {}
        self._scripted: set[Key] = set()
        self._cancel: clock.Cancel | None = None

    def start(self) -> None:
        """Remember each claim's first size, and look after those whose fill is scripted."""
        self._following.follow(claims.KIND, self._changed)

    def stop(self) -> None:
        """End."""
        self._following.end()
        if self._cancel is not None:
            self._cancel()

    def of_pod(self, pod: Json) -> list[Volume]:
        """The bound claims of a pod."""
        namespace = pod["metadata"]["namespace"]
        found = []
        for volume in pod["spec"].get("volumes") or ():
            source = volume.get("persistentVolumeClaim")
            claim = self._api.store.get(claims.KIND, namespace, source["claimName"]) if source else None
            if claim is not None and _size(claim.obj):
                found.append(self._measured(claim.obj, volume["name"]))
        return found

    def _measured(self, claim: Json, volume: str) -> Volume:
        meta = claim["metadata"]
        capacity = int(_size(claim) * _USABLE)
        used = min(max(self._used(claim), 0.0), float(capacity))
        return Volume(meta["namespace"], meta["name"], volume, capacity, int(used))

    def _used(self, claim: Json) -> float:
        meta = claim["metadata"]
        age = self._api.clock.now().timestamp() - clock.moment(meta["creationTimestamp"]).timestamp()
        script = _script(claim)
        if script is not None:
            return script.at(age)
        size = self._made_with.get(meta["uid"], _size(claim)) * _USABLE
        seed = f"{meta['namespace']}/{meta['name']}"
        share = 0.04 + 0.1 * chance.at(seed, 0) + (0.03 + 0.08 * chance.at(seed, 1)) * math.log1p(age / 86400)
        return size * min(share, _MOST)

    def _changed(self, event: store.Event) -> None:
        key, meta = (event.new.namespace, event.new.name), event.obj["metadata"]
        if event.type == "DELETED":
            self._made_with.pop(meta["uid"], None)
            self._scripted.discard(key)
            return
        if _size(event.obj):
            self._made_with.setdefault(meta["uid"], _size(event.obj))
        if _script(event.obj) is None:
            self._scripted.discard(key)
        else:
            self._scripted.add(key)
            if self._cancel is None:
                self._cancel = self._api.clock.call_later(_WHEN_FULL, self._look)

    def _look(self) -> None:
        """End the containers that write to a full volume."""
        pause = _EVERY
        for namespace, name in sorted(self._scripted):
            claim = self._api.store.get(claims.KIND, namespace, name)
            if claim is None or not _size(claim.obj) or self._measured(claim.obj, "").available > 0:
                continue
            pause = _WHEN_FULL
            for item in self._api.store.list(pods.KIND, namespace):
                self._break(item.obj, name)
        self._cancel = self._api.clock.call_later(pause, self._look) if self._scripted else None

    def _break(self, pod: Json, claim: str) -> None:
        run = self._kubelets.run_of(pod)
        volumes = {
            volume["name"]
            for volume in pod["spec"].get("volumes") or ()
            if (volume.get("persistentVolumeClaim") or {}).get("claimName") == claim
        }
        if run is None or not volumes:
            return
        for container in pod["spec"]["containers"]:
            if any(mount["name"] in volumes for mount in container.get("volumeMounts") or ()):
                run.finish(container["name"], 1)


def _size(claim: Json) -> float:
    text = ((claim.get("status") or {}).get("capacity") or {}).get("storage")
    return quantity.parse(text).nano / quantity.NANO if text else 0.0


def _script(claim: Json) -> signals.Signal | None:
    text = (claim["metadata"].get("annotations") or {}).get(USED)
    return signals.parse(text) if text else None
