"""Fields of features that are off in Kubernetes 1.37: the server drops them from pods and templates.

Rules: kubernetes `pkg/api/pod/util.go` (`dropDisabledFields`), `pkg/features`. What an object has already, it keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from stswidgets.simulator.kinds import pod_defaults

Json = dict[str, Any]
Places = Callable[[Json], Iterator[tuple[Json, str]]]
"""Where a feature's fields are in a spec: the object that holds one, and its key."""


def _signals_alone(spec: Json) -> Iterator[tuple[Json, str]]:
    """A lifecycle that says nothing but the signal goes with it."""
    for container in pod_defaults.containers(spec):
        if set(container.get("lifecycle") or ()) == {"stopSignal"}:
            yield container, "lifecycle"


def _stop_signals(spec: Json) -> Iterator[tuple[Json, str]]:
    for container in pod_defaults.containers(spec):
        yield container.get("lifecycle") or {}, "stopSignal"


def _probe_tls(spec: Json) -> Iterator[tuple[Json, str]]:
    for container in pod_defaults.containers(spec):
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            yield (container.get(probe) or {}).get("grpc") or {}, "mode"


def _mount_options(spec: Json) -> Iterator[tuple[Json, str]]:
    for container in pod_defaults.containers(spec):
        for mount in container.get("volumeMounts") or ():
            yield mount, "bindMountOptions"


def _directory_modes(spec: Json) -> Iterator[tuple[Json, str]]:
    for volume in spec.get("volumes") or ():
        yield volume.get("emptyDir") or {}, "mode"


def _file_users(spec: Json) -> Iterator[tuple[Json, str]]:
    for volume in spec.get("volumes") or ():
        sources = [volume.get(key) or {} for key in ("secret", "configMap", "downwardAPI", "projected")]
        for source in sources:
            yield source, "defaultUser"
        for projection in sources[-1].get("sources") or ():
            for part in projection.values():
                yield part, "user"
                sources.append(part)
        for source in sources:
            for item in source.get("items") or ():
                yield item, "user"


def _whole(key: str) -> Places:
    def places(spec: Json) -> Iterator[tuple[Json, str]]:
        yield spec, key

    return places


OFF: tuple[Places, ...] = (
    _signals_alone,
    _stop_signals,
    _probe_tls,
    _mount_options,
    _directory_modes,
    _file_users,
    _whole("schedulingGroup"),
    _whole("evictionResponders"),
)


def drop(spec: Json, old: Json | None = None) -> None:
    """Take the fields of every feature away that the spec before did not use."""
    if spec == old:
        return
    for places in OFF:
        if old is not None and any(key in holder for holder, key in places(old)):
            continue
        for holder, key in list(places(spec)):
            holder.pop(key, None)
