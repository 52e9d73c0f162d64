"""Services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, service_allocation, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import names, plain
from stswidgets.simulator.kinds.rules import services as rules

Json = dict[str, Any]

WITH_ADDRESS = ("ClusterIP", "NodePort", "LoadBalancer")


def default(obj: Json) -> None:
    """Defaults (core/v1 `SetDefaults_Service`)."""
    spec = obj.setdefault("spec", {})
    pod_defaults.fill(spec, {"sessionAffinity": "None", "type": "ClusterIP"})
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        config = spec.setdefault("sessionAffinityConfig", {}).setdefault("clientIP", {})
        config.setdefault("timeoutSeconds", 10800)
    for port in spec.get("ports") or ():
        pod_defaults.fill(port, {"protocol": "TCP", "targetPort": port.get("port", 0)})
    outside = spec["type"] in ("NodePort", "LoadBalancer") or (spec["type"] == "ClusterIP" and spec.get("externalIPs"))
    if outside:
        pod_defaults.fill(spec, {"externalTrafficPolicy": "Cluster"})
    if spec["type"] in WITH_ADDRESS:
        spec.setdefault("internalTrafficPolicy", "Cluster")
    if spec["type"] == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)


def prepare_create(obj: Json) -> None:
    """No status, and one way to say which address: `clusterIP` and `clusterIPs` agree."""
    obj["status"] = {"loadBalancer": {}}
    _agree(obj["spec"])


def prepare_update(new: Json, old: Json, subresource: str) -> None:
    """What the server gave stays: address, families, node ports of the same ports (core `patchAllocatedValues`)."""
    strategy.update(new, old, subresource)
    if subresource == "status":
        return
    after, before = new["spec"], old["spec"]
    if "ExternalName" not in (after["type"], before["type"]):
        for key in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"):
            if not after.get(key) and key in before:
                after[key] = before[key]
    _keep_node_ports(after, before)
    _drop_unneeded(after, before)
    if after.get("clusterIP") and after.get("clusterIPs") == before.get("clusterIPs"):
        after["clusterIPs"] = [after["clusterIP"], *(after.get("clusterIPs") or [])[1:]]
    _agree(after)


def _keep_node_ports(after: Json, before: Json) -> None:
    if after["type"] in ("NodePort", "LoadBalancer"):
        known = {(port["port"], port["protocol"]): port.get("nodePort") for port in before.get("ports") or ()}
        for port in after.get("ports") or ():
            given = known.get((port["port"], port["protocol"]))
            if not port.get("nodePort") and given:
                port["nodePort"] = given


def _drop_unneeded(after: Json, before: Json) -> None:
    """What the other type had and this one has not goes, unless the client changed it (`dropTypeDependentFields`)."""
    for needs, keys in DEPENDENT:
        if needs(before) and not needs(after):
            for key in keys:
                if after.get(key) == before.get(key):
                    after.pop(key, None)
    if _outside(before) and not _outside(after):
        known = [port.get("nodePort") for port in before.get("ports") or ()]
        if [port.get("nodePort") for port in after.get("ports") or ()] == known:
            for port in after.get("ports") or ():
                port.pop("nodePort", None)


def _outside(spec: Json) -> bool:
    return spec["type"] in ("NodePort", "LoadBalancer")


DEPENDENT: tuple[tuple[Callable[[Json], bool], tuple[str, ...]], ...] = (
    (
        lambda spec: spec["type"] != "ExternalName",
        ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"),
    ),
    (lambda spec: spec["type"] == "LoadBalancer", ("allocateLoadBalancerNodePorts", "loadBalancerClass")),
    (rules.needs_health_check, ("healthCheckNodePort",)),
    (
        lambda spec: _outside(spec) or (spec["type"] == "ClusterIP" and bool(spec.get("externalIPs"))),
        ("externalTrafficPolicy",),
    ),
)
"""Which Services need which fields."""


def _agree(spec: Json) -> None:
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]]


LOAD_BALANCER_WIDTH = 16


def external_address(obj: Json, _now: datetime) -> str:
    """Where the Service is reached from outside (`getServiceExternalIP`)."""
    spec = obj["spec"]
    external: list[str] = spec.get("externalIPs") or []
    if spec["type"] == "ExternalName":
        name: str = spec.get("externalName", "")
        return name
    if spec["type"] != "LoadBalancer":
        return ",".join(external) or "<none>"
    ingress = obj.get("status", {}).get("loadBalancer", {}).get("ingress") or ()
    text = ",".join(sorted({entry.get("ip") or entry.get("hostname", "") for entry in ingress} - {""}))
    if len(text) > LOAD_BALANCER_WIDTH:
        text = text[: LOAD_BALANCER_WIDTH - 3] + "..."
    if external:
        return ",".join([*([text] if text else []), *external])
    return text or "<pending>"


def port_list(obj: Json, _now: datetime) -> str:
    """Ports as `80/TCP` or `80:30080/TCP`."""
    texts = []
    for port in obj["spec"].get("ports") or ():
        outside = f":{port['nodePort']}" if port.get("nodePort") else ""
        texts.append(f"{port['port']}{outside}/{port['protocol']}")
    return ",".join(texts) or "<none>"


COLUMNS = (
    cells.NAME,
    Column("Type", cells.at("spec", "type")),
    Column("Cluster-IP", lambda obj, _: (obj["spec"].get("clusterIPs") or ["<none>"])[0]),
    Column("External-IP", external_address),
    Column("Port(s)", port_list),
    cells.AGE,
    Column("Selector", lambda obj, _: cells.labels(obj["spec"].get("selector")), priority=1),
)


KIND = Kind(
    group="",
    version="v1",
    kind="Service",
    plural="services",
    singular="service",
    definition="io.k8s.api.core.v1.Service",
    short_names=("svc",),
    categories=("all",),
    subresources=("proxy", "status"),
    selectable={
        "spec.clusterIP": strategy.text("spec", "clusterIP"),
        "spec.type": strategy.text("spec", "type"),
    },
    default=default,
    prepare_create=prepare_create,
    prepare_update=prepare_update,
    allocate=service_allocation.allocate,
    columns=COLUMNS,
    validate=plain.new(names.dns_label, rules.check),
    validate_update=rules.changes,
    warnings=rules.warn,
    update_warnings=lambda new, _old: rules.warn(new),
)
