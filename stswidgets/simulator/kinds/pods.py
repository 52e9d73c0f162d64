"""Pods."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import gates, pod_cells, pod_defaults, pod_resize, pod_status, strategy
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.kinds.rules import names, plain, podupdates, warnings
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]


def prepare_create(obj: Json) -> None:
    """A new pod, without fields of features that are off."""
    gates.drop(obj["spec"])
    pod_status.prepare_create(obj)


def prepare_update(new: Json, old: Json, subresource: str) -> None:
    """A changed pod; its resources stay where a client that does not know them left them out."""
    if "resources" in old["spec"]:
        new["spec"].setdefault("resources", old["spec"]["resources"])
    if subresource == "resize":
        pod_resize.prepare(new, old)
    gates.drop(new["spec"], old["spec"])
    strategy.counted_update(new, old, subresource)


def validate_update(new: Json, old: Json, subresource: str) -> Causes:
    """What a change may not do."""
    found = podupdates.update(new, old, subresource)
    if subresource == "resize":
        found += [*podupdates.whole(new), *pod_resize.validate(new, old)]
    return found


def _warn(obj: Json) -> list[str]:
    """What the server warns of in a new pod."""
    messages = names.dns_label(obj["metadata"].get("name", ""))
    text = "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended"
    return [*([f"metadata.name: {text}: [{' '.join(messages)}]"] if messages else []), *warnings.pod(obj)]


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
    prepare_create=prepare_create,
    prepare_update=prepare_update,
    default=pod_defaults.pod,
    columns=pod_cells.COLUMNS,
    validate=plain.new(names.dns_subdomain, podupdates.whole, podupdates.create),
    validate_update=validate_update,
    warnings=_warn,
)
