"""Who else has a say in a set: tools that will bring back what they keep, autoscalers, owners."""

from __future__ import annotations

from collections.abc import Iterator

from stswidgets import errors
from stswidgets.cluster import plans, reading, transport
from stswidgets.cluster.decoding import Object

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def reverters(live: Object) -> Iterator[plans.Note]:
    """Those that may undo an edit: an owner, Helm, a GitOps tool, the next `kubectl apply`."""
    metadata = live.get("metadata") or {}
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    for owner in metadata.get("ownerReferences") or ():
        if owner.get("controller"):
            yield plans.Note("plan.warning.owner", {"kind": owner.get("kind"), "name": owner.get("name")})
    release = annotations.get("meta.helm.sh/release-name")
    if release or labels.get("app.kubernetes.io/managed-by") == "Helm":
        yield plans.Note("plan.warning.helm", {"release": release or labels.get("app.kubernetes.io/instance") or "-"})
    if "argocd.argoproj.io/tracking-id" in annotations or "argocd.argoproj.io/instance" in labels:
        yield plans.Note("plan.warning.gitops", {"tool": "Argo CD"})
    if "kustomize.toolkit.fluxcd.io/name" in labels or "helm.toolkit.fluxcd.io/name" in labels:
        yield plans.Note("plan.warning.gitops", {"tool": "Flux"})
    if LAST_APPLIED in annotations:
        yield plans.Note("plan.warning.last_applied")


def autoscalers(connection: transport.Transport, live: Object) -> Iterator[plans.Note]:
    """HorizontalPodAutoscalers that set this set's replicas. Nothing where they may not be listed."""
    metadata = live["metadata"]
    try:
        found, _ = reading.list_objects(connection, "horizontalpodautoscalers", metadata["namespace"])
    except (errors.ForbiddenError, errors.NotFoundError):
        return  # a warning less, and no reason to refuse the plan
    for item in found:
        target = (item.get("spec") or {}).get("scaleTargetRef") or {}
        if target.get("kind") == "StatefulSet" and target.get("name") == metadata["name"]:
            yield plans.Note("plan.warning.autoscaler", {"name": item["metadata"]["name"]})
