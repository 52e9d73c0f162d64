"""ServiceAccounts."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import cells
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.kinds.rules import names, plain

Json = dict[str, Any]


def prepare(obj: Json) -> None:
    """Of references to secrets the name alone is kept."""
    if obj.get("secrets"):
        obj["secrets"] = [{"name": item["name"]} if item.get("name") else {} for item in obj["secrets"]]


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
    prepare_create=prepare,
    prepare_update=lambda new, _old, _subresource: prepare(new),
    validate=plain.new(names.dns_subdomain),
    validate_update=plain.changed(),
)
