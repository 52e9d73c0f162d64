"""Scale: how many of something, the `scale` subresource of what has replicas. No collection holds any."""

from __future__ import annotations

from stswidgets.simulator.kinds import cells
from stswidgets.simulator.kinds.kind import Column, Kind

COLUMNS = (
    Column("Name", cells.at("metadata", "name")),
    Column("Desired", cells.at("spec", "replicas", empty=0), type="integer"),
    Column("Available", cells.at("status", "replicas", empty=0), type="integer"),
    cells.AGE,
)

KIND = Kind(
    group="autoscaling",
    version="v1",
    kind="Scale",
    plural="scale",
    singular="scale",
    definition="io.k8s.api.autoscaling.v1.Scale",
    columns=COLUMNS,
)
