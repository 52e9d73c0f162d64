"""StatefulSets."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import cells, gates, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import statefulsets as rules
from stswidgets.simulator.kinds.rules import warnings

Json = dict[str, Any]


def default(obj: Json) -> None:
    """Defaults (apps/v1 `SetDefaults_StatefulSet`; `maxUnavailable` has one since 1.37)."""
    spec = obj["spec"]
    pod_defaults.fill(spec, {"podManagementPolicy": "OrderedReady"})
    strategy_ = spec.setdefault("updateStrategy", {})
    if not strategy_.get("type"):
        strategy_["type"] = "RollingUpdate"
        strategy_.setdefault("rollingUpdate", {})
    if strategy_["type"] == "RollingUpdate" and "rollingUpdate" in strategy_:
        strategy_["rollingUpdate"].setdefault("partition", 0)
        strategy_["rollingUpdate"].setdefault("maxUnavailable", 1)
    retention = spec.setdefault("persistentVolumeClaimRetentionPolicy", {})
    pod_defaults.fill(retention, {"whenDeleted": "Retain", "whenScaled": "Retain"})
    spec.setdefault("replicas", 1)
    spec.setdefault("revisionHistoryLimit", 10)
    pod_defaults.pod_spec(spec["template"].setdefault("spec", {}))
    for claim in spec.get("volumeClaimTemplates") or ():
        claim.setdefault("apiVersion", "v1")
        claim.setdefault("kind", "PersistentVolumeClaim")
        pod_defaults.claim(claim)


def prepare_create(obj: Json) -> None:
    """A new set, without fields of features that are off."""
    gates.drop(obj["spec"]["template"]["spec"])
    strategy.first_generation(obj)


def prepare_update(new: Json, old: Json, subresource: str) -> None:
    """A changed set."""
    gates.drop(new["spec"]["template"]["spec"], old["spec"]["template"]["spec"])
    strategy.counted_update(new, old, subresource)


def warn(obj: Json) -> list[str]:
    """What the server warns of in a new set."""
    return [*warnings.pod(obj["spec"]["template"], "spec.template"), *_warn_always(obj)]


def warn_update(new: Json, old: Json) -> list[str]:
    """What the server warns of in a changed set: of its template only where its spec changes."""
    same = new["metadata"].get("generation") == old["metadata"].get("generation")
    always = _warn_always(new, ".Spec")
    return always if same else [*warnings.pod(new["spec"]["template"], "spec.template"), *always]


def _warn_always(obj: Json, part: str = "") -> list[str]:
    """`part` is what errors about updates say of a claim's path besides."""
    spec = obj["spec"]
    found: list[str] = []
    for index, claim in enumerate(spec.get("volumeClaimTemplates") or ()):
        found += warnings.claim_spec(claim.get("spec") or {}, f"spec.volumeClaimTemplates[{index}]{part}")
    if spec.get("revisionHistoryLimit", 0) < 0:
        text = "a negative value retains all historical revisions; a value >= 0 is recommended"
        found.append(f"spec.revisionHistoryLimit: {text}")
    return found


def _containers(obj: Json) -> list[Json]:
    found: list[Json] = obj["spec"]["template"]["spec"].get("containers") or []
    return found


COLUMNS = (
    cells.NAME,
    Column("Ready", lambda obj, _: f"{obj['status'].get('readyReplicas', 0)}/{obj['spec'].get('replicas', 0)}"),
    cells.AGE,
    Column("Containers", lambda obj, _: cells.names(_containers(obj)), priority=1),
    Column("Images", lambda obj, _: cells.images(_containers(obj)), priority=1),
)


KIND = Kind(
    group="apps",
    version="v1",
    kind="StatefulSet",
    plural="statefulsets",
    singular="statefulset",
    definition="io.k8s.api.apps.v1.StatefulSet",
    short_names=("sts",),
    categories=("all",),
    subresources=("scale", "status"),
    prepare_create=prepare_create,
    prepare_update=prepare_update,
    default=default,
    validate=rules.validate,
    validate_update=rules.validate_update,
    warnings=warn,
    update_warnings=warn_update,
    columns=COLUMNS,
)
