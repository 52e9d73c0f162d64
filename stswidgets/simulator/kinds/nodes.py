"""Nodes."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

KIND = Kind(
    group="",
    version="v1",
    kind="Node",
    plural="nodes",
    singular="node",
    definition="io.k8s.api.core.v1.Node",
    namespaced=False,
    short_names=("no",),
    subresources=("proxy", "status"),
    selectable={"spec.unschedulable": lambda node: strategy.text("spec", "unschedulable")(node) or "false"},
    prepare_create=strategy.reset_status,
    prepare_update=strategy.update,
)
