"""Namespaces."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

KIND = Kind(
    group="",
    version="v1",
    kind="Namespace",
    plural="namespaces",
    singular="namespace",
    definition="io.k8s.api.core.v1.Namespace",
    namespaced=False,
    short_names=("ns",),
    subresources=("finalize", "status"),
    verbs=("create", "delete", "get", "list", "patch", "update", "watch"),
    selectable={"status.phase": strategy.text("status", "phase")},
    prepare_create=strategy.reset_status,
    prepare_update=strategy.update,
)
