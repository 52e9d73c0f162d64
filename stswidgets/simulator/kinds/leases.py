"""Leases."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import cells
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, names, plain
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]


def _lease(obj: Json) -> Causes:
    """Durations are at least a second, and transitions are counted."""
    spec = obj.get("spec") or {}
    found: Causes = []
    if spec.get("leaseDurationSeconds", 1) <= 0:
        text = "must be greater than 0"
        found.append(causes.invalid("spec.leaseDurationSeconds", spec["leaseDurationSeconds"], text))
    return [*found, *causes.not_negative("spec.leaseTransitions", spec.get("leaseTransitions", 0))]


KIND = Kind(
    group="coordination.k8s.io",
    version="v1",
    kind="Lease",
    plural="leases",
    singular="lease",
    definition="io.k8s.api.coordination.v1.Lease",
    columns=(cells.NAME, Column("Holder", cells.at("spec", "holderIdentity")), cells.AGE),
    validate=plain.new(names.dns_subdomain, _lease),
    validate_update=plain.changed(_lease),
)
