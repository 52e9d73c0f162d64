"""PodDisruptionBudgets."""

from __future__ import annotations

from stswidgets.simulator.kinds import cells, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import names, plain

COLUMNS = (
    cells.NAME,
    Column("Min Available", lambda obj, _: str(obj["spec"].get("minAvailable", "N/A"))),
    Column("Max Unavailable", lambda obj, _: str(obj["spec"].get("maxUnavailable", "N/A"))),
    Column("Allowed Disruptions", cells.at("status", "disruptionsAllowed", empty=0), type="integer"),
    cells.AGE,
)


KIND = Kind(
    group="policy",
    version="v1",
    kind="PodDisruptionBudget",
    plural="poddisruptionbudgets",
    singular="poddisruptionbudget",
    definition="io.k8s.api.policy.v1.PodDisruptionBudget",
    short_names=("pdb",),
    subresources=("status",),
    prepare_create=strategy.first_generation,
    prepare_update=strategy.counted_update,
    columns=COLUMNS,
    validate=plain.new(names.dns_subdomain),
    validate_update=plain.changed(),
)
