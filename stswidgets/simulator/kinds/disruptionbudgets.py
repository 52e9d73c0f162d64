"""PodDisruptionBudgets."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

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
)
