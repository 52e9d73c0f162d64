"""Pods."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import pod_cells, pod_defaults, pod_status, strategy
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.kinds.rules import causes, metadata, names, plain, pods, warnings
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]


def _spec(obj: Json) -> Causes:
    return pods.spec(obj["spec"], "spec")


def _fixed(spec: Json) -> Json:
    """What of a pod's spec never changes on the main resource."""
    free = ("activeDeadlineSeconds", "schedulingGates", "tolerations")
    kept = {key: value for key, value in spec.items() if key not in free}
    for key in ("containers", "initContainers"):
        if key in kept:
            kept[key] = [{k: v for k, v in container.items() if k != "image"} for container in kept[key]]
    return kept


def _new_gates(new: Json, old: Json) -> Causes:
    known = {gate["name"] for gate in old.get("schedulingGates") or ()}
    return [
        causes.forbidden(
            f"spec.schedulingGates[{number}].name",
            f"only deletion is allowed, but found new scheduling gate '{gate['name']}'",
        )
        for number, gate in enumerate(new.get("schedulingGates") or ())
        if gate["name"] not in known
    ]


def validate_update(new: Json, old: Json, subresource: str) -> Causes:
    """A changed pod: images, deadline and added tolerations may change, scheduling gates go, nothing else."""
    found = metadata.check_update(new, old)
    if subresource in ("status", "binding", "resize", "ephemeralcontainers"):
        return found
    found += _spec(new)
    found += _new_gates(new["spec"], old["spec"])
    if _fixed(new["spec"]) != _fixed(old["spec"]):
        fields = (
            "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
            "`spec.tolerations` (only additions to existing tolerations),"
            "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
        )
        found.append(causes.forbidden("spec", f"pod updates may not change fields other than {fields}"))
    return found


KIND = Kind(
    group="",
    version="v1",
    kind="Pod",
    plural="pods",
    singular="pod",
    definition="io.k8s.api.core.v1.Pod",
    short_names=("po",),
    categories=("all",),
    subresources=(
        "attach",
        "binding",
        "ephemeralcontainers",
        "eviction",
        "exec",
        "log",
        "portforward",
        "proxy",
        "resize",
        "status",
    ),
    selectable={
        "spec.nodeName": strategy.text("spec", "nodeName"),
        "spec.restartPolicy": strategy.text("spec", "restartPolicy"),
        "spec.schedulerName": strategy.text("spec", "schedulerName"),
        "spec.serviceAccountName": strategy.text("spec", "serviceAccountName"),
        "spec.hostNetwork": lambda pod: strategy.text("spec", "hostNetwork")(pod) or "false",
        "status.phase": strategy.text("status", "phase"),
        "status.podIP": strategy.text("status", "podIP"),
        "status.nominatedNodeName": strategy.text("status", "nominatedNodeName"),
    },
    prepare_create=pod_status.prepare_create,
    prepare_update=strategy.counted_update,
    default=pod_defaults.pod,
    columns=pod_cells.COLUMNS,
    validate=plain.new(names.dns_subdomain, _spec),
    validate_update=validate_update,
    warnings=lambda obj: warnings.pod_spec(obj["spec"], "spec"),
)
