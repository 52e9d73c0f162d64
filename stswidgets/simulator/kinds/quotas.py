"""ResourceQuotas and LimitRanges."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

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
)

LIMITS = Kind(
    group="",
    version="v1",
    kind="LimitRange",
    plural="limitranges",
    singular="limitrange",
    definition="io.k8s.api.core.v1.LimitRange",
    short_names=("limits",),
)
