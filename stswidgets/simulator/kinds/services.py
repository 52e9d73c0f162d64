"""Services."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

KIND = Kind(
    group="",
    version="v1",
    kind="Service",
    plural="services",
    singular="service",
    definition="io.k8s.api.core.v1.Service",
    short_names=("svc",),
    categories=("all",),
    subresources=("proxy", "status"),
    selectable={
        "spec.clusterIP": strategy.text("spec", "clusterIP"),
        "spec.type": strategy.text("spec", "type"),
    },
    prepare_create=strategy.reset_status,
    prepare_update=strategy.update,
)
