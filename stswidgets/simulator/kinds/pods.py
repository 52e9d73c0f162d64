"""Pods."""

from __future__ import annotations

from stswidgets.simulator.kinds import pod_cells, pod_defaults, pod_status, strategy
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.kinds.rules import names, plain, podupdates, warnings

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
    validate=plain.new(names.dns_subdomain, podupdates.whole, podupdates.create),
    validate_update=podupdates.update,
    warnings=lambda obj: warnings.pod_spec(obj["spec"], "spec"),
)
