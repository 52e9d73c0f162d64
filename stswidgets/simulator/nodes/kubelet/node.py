"""What a pod needs of the node that it runs on."""

from __future__ import annotations

from typing import Any, Protocol

from stswidgets.simulator import api as apis
from stswidgets.simulator.controllers import recorder
from stswidgets.simulator.nodes.kubelet import resize


class Node(resize.Room, Protocol):
    """What a pod needs of the node that it runs on."""

    api: apis.Api
    events: recorder.Recorder
    ip: str
    images: set[str]

    def address(self) -> str:
        """A free pod address."""

    def take(self, address: str) -> None:
        """A pod that runs already has this address."""

    def grow(self, pod: dict[str, Any]) -> bool:
        """Let the file systems of a pod's claims grow that wait for it; whether there are any."""

    def forget(self, uid: str) -> None:
        """The pod is gone."""
