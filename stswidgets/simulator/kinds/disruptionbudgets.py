"""PodDisruptionBudgets."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import cells, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, metadata, names, plain
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

EVICTION_POLICIES = ("AlwaysAllow", "IfHealthyBudget")


def _number_or_percent(value: int | str, path: str) -> Causes:
    if isinstance(value, int):
        return causes.not_negative(path, value)
    messages = names.percent(value)
    if messages:
        return causes.all_of(path, value, messages, typed=True)
    if int(value[:-1]) > 100:
        return [causes.invalid(path, value, "must not be greater than 100%", typed=True)]
    return []


def rules(obj: Json) -> Causes:
    """`ValidatePodDisruptionBudgetSpec`."""
    spec = obj.get("spec") or {}
    found: Causes = []
    if "minAvailable" in spec and "maxUnavailable" in spec:
        shown = {
            "MinAvailable": spec["minAvailable"],
            "Selector": spec.get("selector"),
            "MaxUnavailable": spec["maxUnavailable"],
            "UnhealthyPodEvictionPolicy": spec.get("unhealthyPodEvictionPolicy"),
        }
        found.append(causes.invalid("spec", shown, "minAvailable and maxUnavailable cannot be both set"))
    for key in ("minAvailable", "maxUnavailable"):
        if key in spec:
            found += _number_or_percent(spec[key], f"spec.{key}")
    found += metadata.selector(spec.get("selector"), "spec.selector")
    policy = spec.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in EVICTION_POLICIES:
        found.append(causes.not_supported("spec.unhealthyPodEvictionPolicy", policy, EVICTION_POLICIES))
    return found


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
    validate=plain.last(names.path_segment, rules),
    validate_update=plain.changed(rules),
)
