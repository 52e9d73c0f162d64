"""Namespaces."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import names, plain

Json = dict[str, Any]


def default(obj: Json) -> None:
    """Every namespace carries its name as a label, is Active, and waits for the controller before it goes."""
    metadata = obj["metadata"]
    if metadata.get("name"):
        metadata["labels"] = {**metadata.get("labels", {}), "kubernetes.io/metadata.name": metadata["name"]}
    pod_defaults.fill(obj.setdefault("status", {}), {"phase": "Active"})


def prepare_create(obj: Json) -> None:
    """A new namespace is Active and has the finalizer that empties it (core `namespaceStrategy`)."""
    obj["status"] = {"phase": "Active"}
    finalizers = (obj.get("spec") or {}).get("finalizers") or []
    obj["spec"] = {"finalizers": finalizers if "kubernetes" in finalizers else [*finalizers, "kubernetes"]}


def prepare_update(new: Json, old: Json, subresource: str) -> None:
    """Finalizers in spec change through `finalize` alone, status through `status` alone."""
    if subresource != "finalize":
        new["spec"] = old.get("spec", {})
    if subresource != "status":
        new["status"] = old.get("status", {})


KIND = Kind(
    group="",
    version="v1",
    kind="Namespace",
    plural="namespaces",
    singular="namespace",
    definition="io.k8s.api.core.v1.Namespace",
    namespaced=False,
    short_names=("ns",),
    subresources=("finalize", "status"),
    verbs=("create", "delete", "get", "list", "patch", "update", "watch"),
    selectable={"status.phase": strategy.text("status", "phase")},
    default=default,
    prepare_create=prepare_create,
    prepare_update=prepare_update,
    columns=(cells.NAME, Column("Status", cells.at("status", "phase")), cells.AGE),
    validate=plain.new(names.dns_label, namespaced=False),
    validate_update=plain.changed(),
)
