"""Endpoints and EndpointSlices."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]


def default_endpoints(obj: Json) -> None:
    """Ports are TCP."""
    for subset in obj.get("subsets") or ():
        for port in subset.get("ports") or ():
            pod_defaults.fill(port, {"protocol": "TCP"})


def default_slice(obj: Json) -> None:
    """Ports have a name (an empty one) and are TCP."""
    for port in obj.get("ports") or ():
        port.setdefault("name", "")
        port.setdefault("protocol", "TCP")


ENDPOINTS = Kind(
    group="",
    version="v1",
    kind="Endpoints",
    plural="endpoints",
    singular="endpoints",
    definition="io.k8s.api.core.v1.Endpoints",
    short_names=("ep",),
    default=default_endpoints,
)

SLICES = Kind(
    group="discovery.k8s.io",
    version="v1",
    kind="EndpointSlice",
    plural="endpointslices",
    singular="endpointslice",
    definition="io.k8s.api.discovery.v1.EndpointSlice",
    prepare_create=strategy.first_generation,
    default=default_slice,
)
