"""File systems grow with the volumes that they are on, on the node where a pod mounts them (NodeExpandVolume).

Rules of `pkg/volume/util/operationexecutor` (node_expander.go, Kubernetes 1.37): when a volume is mounted, and where it
is mounted already when the kubelet next looks at the pod, which it does about once a minute.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator.controllers import growth, recorder
from stswidgets.simulator.kinds import claims
from stswidgets.simulator.nodes.kubelet import mounts, record

Json = dict[str, Any]

TAKES = 0.4  # seconds for a file system to grow
_LOOKS = (1.0, 75.0)


def names(pod: Json) -> list[str]:
    """The claims whose file systems a pod mounts and may write to."""
    sources = [volume.get("persistentVolumeClaim") for volume in mounts.mounted(pod["spec"])]
    return [source["claimName"] for source in sources if source and not source.get("readOnly")]


def looks_after(claim: Json) -> float:
    """The seconds until a kubelet looks at a pod again that has a claim mounted."""
    metadata = claim["metadata"]
    seed = f"{metadata['uid']}/{metadata['resourceVersion']}"
    return random.Random(seed).uniform(*_LOOKS)  # noqa: S311 - moments, not secrets


class FileSystems:
    """The file systems of one node."""

    def __init__(self, api: apis.Api, events: recorder.Recorder, node: str) -> None:
        self._api = api
        self._events = events
        self._node = node

    def grow(self, pod: Json, there: Callable[[], bool]) -> bool:
        """Let the file systems of a pod's claims grow that wait for it; whether there are any.

        `there` says whether the pod still runs here.
        """
        namespace = pod["metadata"]["namespace"]
        found = False
        for name in names(pod):
            stored = self._api.store.get(claims.KIND, namespace, name)
            if stored is not None and growth.stage(stored.obj) in (growth.AWAITED, growth.ON_NODE):
                found = True
                self._grow(pod, stored.obj, there)
        return found

    def _grow(self, pod: Json, claim: Json, there: Callable[[], bool]) -> None:
        self._put(claim, growth.on_node(claim["status"]))
        key, uid = (pod["metadata"]["namespace"], claim["metadata"]["name"]), claim["metadata"]["uid"]

        def done() -> None:
            stored = self._api.store.get(claims.KIND, *key)
            if stored is not None and stored.obj["metadata"]["uid"] == uid and growth.stage(stored.obj) and there():
                self._finish(pod, stored.obj)

        self._api.clock.call_later(TAKES, done)

    def _finish(self, pod: Json, claim: Json) -> None:
        said = f'MountVolume.NodeExpandVolume succeeded for volume "{claim["spec"]["volumeName"]}" {self._node}'
        for about in (pod, claim):
            self._events.event(about, "Normal", "FileSystemResizeSuccessful", said)
        self._put(claim, growth.finished(claim["status"], claim["status"]["allocatedResources"]["storage"]))

    def _put(self, claim: Json, state: Json) -> None:
        self._api.update(claims.KIND, {**claim, "status": state}, subresource="status", options=record.OPTIONS)
