"""ControllerRevisions: what a StatefulSet looked like."""

from __future__ import annotations

from stswidgets.simulator.kinds.kind import Kind

KIND = Kind(
    group="apps",
    version="v1",
    kind="ControllerRevision",
    plural="controllerrevisions",
    singular="controllerrevision",
    definition="io.k8s.api.apps.v1.ControllerRevision",
)
