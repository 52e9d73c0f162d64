"""Nodes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, kind, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Cell, Column, Kind
from stswidgets.simulator.kinds.rules import names, plain
from stswidgets.simulator.kinds.rules import nodes as rules

Json = dict[str, Any]


def default(obj: Json) -> None:
    """A node can give what it has, unless it says otherwise."""
    status = obj.setdefault("status", {})
    for key in ("capacity", "allocatable"):
        if key in status:
            status[key] = pod_defaults.rounded(status[key])
    spec = obj.setdefault("spec", {})
    if spec.get("podCIDR") and not spec.get("podCIDRs"):
        spec["podCIDRs"] = [spec["podCIDR"]]  # the old field and the first of the new one are the same
    elif spec.get("podCIDRs") and not spec.get("podCIDR"):
        spec["podCIDR"] = spec["podCIDRs"][0]
    if "capacity" in status:
        status.setdefault("allocatable", dict(status["capacity"]))


ROLE = "node-role.kubernetes.io/"


def status(obj: Json, _now: datetime) -> str:
    """Ready or not, and whether new pods may come."""
    words = ["Unknown"]
    for condition in obj.get("status", {}).get("conditions") or ():
        if condition["type"] == "Ready":
            words = ["Ready" if condition.get("status") == "True" else "NotReady"]
    if obj.get("spec", {}).get("unschedulable"):
        words.append("SchedulingDisabled")
    return ",".join(words)


def roles(obj: Json, _now: datetime) -> str:
    """Roles by label."""
    labels = obj["metadata"].get("labels") or {}
    found = {key.removeprefix(ROLE) for key in labels if key.startswith(ROLE)} | {labels.get("kubernetes.io/role", "")}
    return ",".join(sorted(found - {""})) or "<none>"


def _address(kind: str) -> Cell:
    def cell(obj: Json, _now: datetime) -> str:
        for address in obj.get("status", {}).get("addresses") or ():
            if address["type"] == kind:
                text: str = address["address"]
                return text
        return "<none>"

    return cell


def kernel(obj: Json, _now: datetime) -> str:
    """Kernel and architecture."""
    info = obj.get("status", {}).get("nodeInfo", {})
    version = info.get("kernelVersion") or "<unknown>"
    return f"{version} ({info['architecture']})" if info.get("architecture") else version


COLUMNS = (
    cells.NAME,
    Column("Status", status),
    Column("Roles", roles),
    cells.AGE,
    Column("Version", cells.at("status", "nodeInfo", "kubeletVersion")),
    Column("Internal-IP", _address("InternalIP"), priority=1),
    Column("External-IP", _address("ExternalIP"), priority=1),
    Column("OS-Image", cells.at("status", "nodeInfo", "osImage", empty="<unknown>"), priority=1),
    Column("Kernel-Version", kernel, priority=1),
    Column(
        "Container-Runtime", cells.at("status", "nodeInfo", "containerRuntimeVersion", empty="<unknown>"), priority=1
    ),
)


KIND = Kind(
    group="",
    version="v1",
    kind="Node",
    plural="nodes",
    singular="node",
    definition="io.k8s.api.core.v1.Node",
    namespaced=False,
    short_names=("no",),
    subresources=("proxy", "status"),
    selectable={"spec.unschedulable": lambda node: strategy.text("spec", "unschedulable")(node) or "false"},
    prepare_update=strategy.update,
    default=default,
    prepare_create=kind.nothing,
    columns=COLUMNS,
    validate=plain.new(names.dns_subdomain, rules.check, namespaced=False),
    validate_update=rules.update,
)
