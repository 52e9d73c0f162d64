"""Endpoints and EndpointSlices."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

ENDPOINTS = Kind(
    group="",
    version="v1",
    kind="Endpoints",
    plural="endpoints",
    singular="endpoints",
    definition="io.k8s.api.core.v1.Endpoints",
    short_names=("ep",),
)

SLICES = Kind(
    group="discovery.k8s.io",
    version="v1",
    kind="EndpointSlice",
    plural="endpointslices",
    singular="endpointslice",
    definition="io.k8s.api.discovery.v1.EndpointSlice",
    prepare_create=strategy.first_generation,
)
