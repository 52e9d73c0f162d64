"""ServiceAccounts."""

from __future__ import annotations

from stswidgets.simulator.kinds import cells
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.kinds.rules import names, plain

KIND = Kind(
    group="",
    version="v1",
    kind="ServiceAccount",
    plural="serviceaccounts",
    singular="serviceaccount",
    definition="io.k8s.api.core.v1.ServiceAccount",
    short_names=("sa",),
    subresources=("token",),
    columns=(cells.NAME, cells.AGE),
    validate=plain.new(names.dns_subdomain),
    validate_update=plain.changed(),
)
