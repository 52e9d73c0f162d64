"""A whole cluster: an API, the controllers that keep it, and the nodes that run its pods."""

from __future__ import annotations

from stswidgets.simulator import api as apis
from stswidgets.simulator.controllers import admission, garbage, loop, namespaces, volumes
from stswidgets.simulator.controllers.statefulsets import controller as statefulsets
from stswidgets.simulator.nodes import kubelet, scheduler


class Cluster:
    """Everything that runs beside the API server. Started by `start`, ended by `stop`."""

    def __init__(self, api: apis.Api) -> None:
        self.api = api
        self.kubelets = kubelet.Kubelets(api)
        self._parts: list[loop.Runs] = [
            admission.Admission(api),
            namespaces.Namespaces(api),
            garbage.Garbage(api),
            volumes.Volumes(api),
            statefulsets.StatefulSets(api),
            scheduler.Scheduler(api),
            self.kubelets,
        ]

    def start(self) -> None:
        """Begin with what the store holds."""
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        """End; the objects stay."""
        for part in reversed(self._parts):
            part.stop()
