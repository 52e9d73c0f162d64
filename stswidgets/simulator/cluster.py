"""A whole cluster: an API, the controllers that keep it, and the nodes that run its pods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock
from stswidgets.simulator.controllers import (
    admission,
    disruption,
    endpoints,
    expiry,
    garbage,
    limitranges,
    loop,
    namespaces,
    nodelife,
    podchecks,
    protection,
    quotas,
    volumes,
)
from stswidgets.simulator.controllers.autoscaling import controller as autoscaling
from stswidgets.simulator.controllers.statefulsets import controller as statefulsets
from stswidgets.simulator.nodes import fill, logs, meters, shell, usage
from stswidgets.simulator.nodes.kubelet import kubelets
from stswidgets.simulator.nodes.scheduling import scheduler

Json = dict[str, Any]


class Cluster:
    """Everything that runs beside the API server. Started by `start`, ended by `stop`."""

    def __init__(self, api: apis.Api) -> None:
        self.api = api
        self.kubelets = kubelets.Kubelets(api)
        self.usage = usage.Usage(api, self.kubelets.answers)
        self.fill = fill.Fill(api, self.kubelets)
        self.meters = meters.Meters(api, self.usage, self.fill)
        self._logs = logs.Logs(api.clock, self.kubelets.environment)
        self._parts: list[loop.Runs] = [
            self.usage,
            admission.Admission(api),
            limitranges.LimitRanges(api),
            podchecks.PodChecks(api),
            quotas.Quotas(api),
            namespaces.Namespaces(api),
            garbage.Garbage(api),
            volumes.Volumes(api),
            protection.Protection(api),
            statefulsets.StatefulSets(api),
            endpoints.Endpoints(api),
            expiry.Expiry(api),
            disruption.Disruption(api),
            autoscaling.Autoscalers(api, self.usage),
            nodelife.NodeLife(api, self.kubelets),
            scheduler.Scheduler(api),
            self.kubelets,
            self.fill,
        ]

    def start(self) -> None:
        """Begin with what the store holds."""
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        """End; the objects stay."""
        for part in reversed(self._parts):
            part.stop()

    def logs(self, pod: Json, container: str, *, previous: bool = False) -> Sequence[logs.Line]:
        """What a container has written so far, oldest first; it only grows."""
        return self._logs.of(pod, container, previous=previous)

    def finish(self, pod: Json, container: str, code: int) -> None:
        """Let a container end with an exit code, as its program would."""
        run = self.kubelets.run_of(pod)
        if run is not None:
            run.finish(container, code)

    def shell(self, pod: Json, container: str, argv: Sequence[str], stdin: str = "") -> tuple[str, str, int]:
        """Run a command in a container: (standard output, standard error, exit code)."""
        now = clock.stamp(self.api.clock.now())
        return shell.run(shell.machine(pod, container, now, self.kubelets.environment(pod, container)), argv, stdin)
