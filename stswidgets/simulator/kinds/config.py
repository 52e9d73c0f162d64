"""ConfigMaps and Secrets."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

CONFIGMAPS = Kind(
    group="",
    version="v1",
    kind="ConfigMap",
    plural="configmaps",
    singular="configmap",
    definition="io.k8s.api.core.v1.ConfigMap",
    short_names=("cm",),
)

SECRETS = Kind(
    group="",
    version="v1",
    kind="Secret",
    plural="secrets",
    singular="secret",
    definition="io.k8s.api.core.v1.Secret",
    selectable={"type": strategy.text("type")},
)
