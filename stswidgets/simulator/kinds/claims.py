"""PersistentVolumeClaims."""

from __future__ import annotations

from stswidgets.simulator.kinds import pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Kind

KIND = Kind(
    group="",
    version="v1",
    kind="PersistentVolumeClaim",
    plural="persistentvolumeclaims",
    singular="persistentvolumeclaim",
    definition="io.k8s.api.core.v1.PersistentVolumeClaim",
    short_names=("pvc",),
    subresources=("status",),
    prepare_create=strategy.reset_status,
    prepare_update=strategy.update,
    default=pod_defaults.claim,
)
