"""Leases."""

from __future__ import annotations

from stswidgets.simulator.kinds import cells
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import names, plain

KIND = Kind(
    group="coordination.k8s.io",
    version="v1",
    kind="Lease",
    plural="leases",
    singular="lease",
    definition="io.k8s.api.coordination.v1.Lease",
    columns=(cells.NAME, Column("Holder", cells.at("spec", "holderIdentity")), cells.AGE),
    validate=plain.new(names.dns_subdomain),
    validate_update=plain.changed(),
)
