"""Services."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import addresses, causes, clusterips, names, plain
from stswidgets.simulator.kinds.rules import services as rules

Json = dict[str, Any]

RANGE = ipaddress.ip_network("10.96.0.0/16")
"""Where cluster addresses come from; the first host is the API's own Service."""
NODE_PORTS = range(30000, 32768)
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


def allocate(obj: Json, others: Iterable[Json]) -> None:
    """Give address, families and node ports, none of which another Service has."""
    spec = obj["spec"]
    if spec["type"] == "ExternalName":
        return
    services = list(others)
    mine = (obj["metadata"].get("namespace"), obj["metadata"].get("name"))
    known = [item for item in services if (item["metadata"].get("namespace"), item["metadata"].get("name")) == mine]
    wrong = clusterips.check(spec, known[0]["spec"] if known else {})
    if wrong:  # told before anything else is looked at
        raise status.invalid("", "Service", obj["metadata"].get("name", ""), wrong)
    if not spec.get("clusterIP"):
        taken = {service["spec"].get("clusterIP") for service in services}
        spec["clusterIP"] = _free_address(f"{obj['metadata'].get('namespace')}/{obj['metadata'].get('name')}", taken)
        spec["clusterIPs"] = [spec["clusterIP"]]
    else:
        _check_address(obj, spec["clusterIP"])
    spec.setdefault("ipFamilies", ["IPv4"])
    spec.setdefault(
        "ipFamilyPolicy", "SingleStack" if spec.get("selector") or spec["clusterIP"] != "None" else "RequireDualStack"
    )
    if spec["ipFamilyPolicy"] == "RequireDualStack" and "IPv6" not in spec["ipFamilies"]:
        spec["ipFamilies"] = [*spec["ipFamilies"], "IPv6"]
    if spec["type"] == "NodePort" or (spec["type"] == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts")):
        used = {port.get("nodePort") for service in services for port in service["spec"].get("ports") or ()}
        given: dict[int, int] = {}  # the same port has one number outside, whatever its protocol
        for port in spec.get("ports") or ():
            number = port.get("port", 0)
            if not port.get("nodePort"):
                port["nodePort"] = given.get(number) or _free_port(f"{obj['metadata'].get('name')}/{number}", used)
                used.add(port["nodePort"])
            given.setdefault(number, port["nodePort"])
    if rules.needs_health_check(spec) and not spec.get("healthCheckNodePort"):
        used = {service["spec"].get("healthCheckNodePort") for service in services}
        spec["healthCheckNodePort"] = _free_port(f"{obj['metadata'].get('name')}/health", used)


def _check_address(obj: Json, given: str) -> None:
    """422 for an address that is none of the cluster's."""
    address, values = addresses.parse(given), obj["spec"].get("clusterIPs")
    if address is None or address in RANGE:
        return  # what is no address is told by validation
    if address.version == 6:
        found = causes.invalid("spec.clusterIPs[0]", values, "IPv6 is not configured on this cluster")
    else:
        why = f"the provided IP ({given}) is not in the valid range. The range of valid IPs is {RANGE}"
        found = causes.invalid("spec.clusterIPs", values, f"failed to allocate IP {given}: {why}")
    raise status.invalid("", "Service", obj["metadata"].get("name", ""), [found])


def _free_address(seed: str, taken: set[str | None]) -> str:
    """An address that looks random and is the same for the same name, as long as it is free."""
    hosts = RANGE.num_addresses - 257
    start = zlib.crc32(seed.encode())
    for step in range(hosts):
        address = str(RANGE[256 + (start + step) % hosts])
        if address not in taken:
            return address
    raise LookupError("range is full")


def _free_port(seed: str, used: set[int | None]) -> int:
    start = zlib.crc32(seed.encode())
    for step in range(len(NODE_PORTS)):
        port = NODE_PORTS[(start + step) % len(NODE_PORTS)]
        if port not in used:
            return port
    raise LookupError("range is full")


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
    allocate=allocate,
    columns=COLUMNS,
    validate=plain.new(names.dns_label, rules.check),
    validate_update=rules.changes,
    warnings=rules.warn,
    update_warnings=lambda new, _old: rules.warn(new),
)
