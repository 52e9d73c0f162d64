"""ResourceQuotas and LimitRanges."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Cell, Column, Kind
from stswidgets.simulator.kinds.rules import limits, names, plain
from stswidgets.simulator.kinds.rules import quotas as rules

Json = dict[str, Any]


def default_quota(obj: Json) -> None:
    """Values are rounded as those of all resource lists."""
    for part, keys in (("spec", ("hard",)), ("status", ("hard", "used"))):
        for key in keys:
            if key in obj.get(part, {}):
                obj[part][key] = pod_defaults.rounded(obj[part][key])


def default_limits(obj: Json) -> None:
    """A container's default limit is the maximum, its default request the limit or the minimum (core/v1)."""
    for item in obj.get("spec", {}).get("limits") or ():
        for key in ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio"):
            if key in item:
                item[key] = pod_defaults.rounded(item[key])
        if item.get("type") == "Container":
            limit = {**item.get("max", {}), **item.get("default", {})}
            request = {**item.get("min", {}), **limit, **item.get("defaultRequest", {})}
            if limit:
                item["default"] = dict(sorted(limit.items()))
            if request:
                item["defaultRequest"] = dict(sorted(request.items()))


def _used(limits: bool) -> Cell:
    def cell(obj: Json, _now: datetime) -> str:
        status = obj.get("status", {})
        texts = []
        for name, hard in sorted((status.get("hard") or {}).items()):
            if name.startswith("limits.") == limits:
                texts.append(f"{name}: {(status.get('used') or {}).get(name, '0')}/{hard}")
        return ", ".join(texts)

    return cell


QUOTA_COLUMNS = (cells.NAME, Column("Request", _used(limits=False)), Column("Limit", _used(limits=True)), cells.AGE)


QUOTAS = Kind(
    group="",
    version="v1",
    kind="ResourceQuota",
    plural="resourcequotas",
    singular="resourcequota",
    definition="io.k8s.api.core.v1.ResourceQuota",
    short_names=("quota",),
    subresources=("status",),
    prepare_create=strategy.reset_status,
    prepare_update=strategy.update,
    default=default_quota,
    columns=QUOTA_COLUMNS,
    validate=plain.new(names.dns_subdomain, rules.check),
    validate_update=rules.check_update,
)


def name_limits(obj: Json) -> None:
    """A LimitRange without a name is called by its uid (`pkg/registry/core/limitrange`)."""
    if not obj["metadata"].get("name"):
        obj["metadata"]["name"] = obj["metadata"].get("uid", "")


LIMITS = Kind(
    group="",
    version="v1",
    kind="LimitRange",
    plural="limitranges",
    singular="limitrange",
    definition="io.k8s.api.core.v1.LimitRange",
    short_names=("limits",),
    default=default_limits,
    prepare_create=name_limits,
    columns=cells.DEFAULT,
    validate=plain.new(names.dns_subdomain, limits.check),
    validate_update=plain.changed(limits.check),
)
