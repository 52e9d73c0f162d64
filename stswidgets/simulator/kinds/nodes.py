"""Nodes."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import kind, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]


def default(obj: Json) -> None:
    """A node can give what it has, unless it says otherwise."""
    status = obj.setdefault("status", {})
    for key in ("capacity", "allocatable"):
        if key in status:
            status[key] = pod_defaults.rounded(status[key])
    if "capacity" in status:
        status.setdefault("allocatable", dict(status["capacity"]))


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
    prepare_update=strategy.update,
    default=default,
    prepare_create=kind.nothing,
)
