"""What a pod's volumes need before its containers begin: ConfigMaps and Secrets that are there.

Rules and texts of `pkg/volume/{configmap,secret,projected}` and `util/operationexecutor` (Kubernetes 1.37). A volume
that cannot be set up is tried again for ever, ever later, and each failure is an event; the others do not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from stswidgets.simulator import store
from stswidgets.simulator.kinds import pod_defaults
from stswidgets.simulator.nodes import environment
from stswidgets.simulator.nodes.kubelet import timers

Json = dict[str, Any]

_FIRST, _LAST = 0.5, 122.0  # seconds before a volume is tried again
_LOOKS = 0.3  # seconds between two looks whether all are there
_SOURCES = (("configMap", "name", environment.CONFIG_MAP), ("secret", "secretName", environment.SECRET))


class Mounting(Protocol):
    """The pod that mounts."""

    def tell(self, kind: str, reason: str, message: str) -> None:
        """An event about the pod."""


class Mounts:
    """Sets a pod's volumes up."""

    def __init__(self, pod: Mounting, objects: store.Store, plans: timers.Timers) -> None:
        self._pod = pod
        self._objects = objects
        self._plans = plans
        self._missing: set[str] = set()

    def begin(self, pod: Json, then: Callable[[], None]) -> None:
        """Set up what the containers mount, then call back."""
        namespace = pod["metadata"]["namespace"]
        wanted = mounted(pod["spec"])
        self._missing = {volume["name"] for volume in wanted if problems(self._objects, namespace, volume)}
        for volume in wanted:
            if volume["name"] in self._missing:
                self._try(namespace, volume, _FIRST, then)
        if not self._missing:
            then()

    def _try(self, namespace: str, volume: Json, wait: float, then: Callable[[], None]) -> None:
        found = problems(self._objects, namespace, volume)
        name = volume["name"]
        if found:
            why = found[0] if len(found) == 1 else f"[{', '.join(found)}]"
            self._pod.tell("Warning", "FailedMount", f'MountVolume.SetUp failed for volume "{name}" : {why}')
            self._plans.after(wait, lambda: self._try(namespace, volume, min(wait * 2, _LAST), then))
            return
        self._missing.discard(name)
        if not self._missing:
            self._plans.after(_LOOKS, then)


def mounted(spec: Json) -> list[Json]:
    """The volumes that a pod's containers mount."""
    used = {mount["name"] for item in pod_defaults.containers(spec) for mount in item.get("volumeMounts") or ()}
    return [volume for volume in spec.get("volumes") or () if volume["name"] in used]


def problems(objects: store.Store, namespace: str, volume: Json) -> list[str]:
    """Why a volume cannot be set up: what it is made of and is not there."""
    sources = (volume.get("projected") or {}).get("sources") or [volume]
    field = 1 if "projected" in volume else None
    found: list[str] = []
    for source in sources:
        for kind, name, holder in _SOURCES:
            if kind in source:
                wanted = source[kind]
                why = _problem(objects, namespace, holder, wanted, wanted.get("name" if field else name, ""))
                if why and why not in found:
                    found.append(why)
    return found


def _problem(objects: store.Store, namespace: str, holder: environment.Holder, wanted: Json, name: str) -> str:
    optional = wanted.get("optional")
    try:
        obj = holder.read(objects, namespace, name)
    except environment.MissingError as error:
        return "" if optional else str(error)
    has = {**(obj.get("data") or {}), **(obj.get("binaryData") or {})}
    for item in wanted.get("items") or ():
        if item["key"] not in has and not optional:
            prefix = (
                "configmap references non-existent config"
                if holder is environment.CONFIG_MAP
                else "references non-existent secret"
            )
            return f"{prefix} key: {item['key']}"
    return ""
