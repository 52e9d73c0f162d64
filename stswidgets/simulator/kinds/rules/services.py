"""Rules about Services (core `validateService`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, handlers, metadata, names, pods
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
PROTOCOLS = ("SCTP", "TCP", "UDP")


def check(obj: Json) -> Causes:
    """A Service's spec."""
    spec = obj["spec"]
    kind = spec.get("type", "")
    headless = spec.get("clusterIP") == "None"
    found: Causes = []
    ports = spec.get("ports") or []
    if not ports and not headless and kind != "ExternalName":
        found.append(causes.required("spec.ports"))
    found += _by_type(spec, kind, headless=headless)
    seen: set[str] = set()
    for index, port in enumerate(ports):
        found += _port(port, f"spec.ports[{index}]", seen, named=len(ports) > 1)
    found += metadata.labels(spec.get("selector"), "spec.selector")
    affinity = spec.get("sessionAffinity", "")
    if affinity not in ("ClientIP", "None"):
        found.append(causes.not_supported("spec.sessionAffinity", affinity, ("ClientIP", "None")))
    if affinity == "ClientIP":
        found += _timeout(spec.get("sessionAffinityConfig") or {})
    found += _addresses(spec, kind)
    if kind not in TYPES:
        found.append(causes.not_supported("spec.type", kind, TYPES))
    found += _twice(ports, kind)
    if "allocateLoadBalancerNodePorts" in spec and kind != "LoadBalancer":
        text = "may only be used when `type` is 'LoadBalancer'"
        found.append(causes.forbidden("spec.allocateLoadBalancerNodePorts", text))
    return [*found, *_traffic(spec, kind)]


def _by_type(spec: Json, kind: str, *, headless: bool) -> Causes:
    if kind in ("LoadBalancer", "NodePort") and headless:
        return [causes.invalid("spec.clusterIPs[0]", "None", f"may not be set to 'None' for {kind} services")]
    if kind != "ExternalName":
        return []
    text = "may not be set for ExternalName services"
    given = [key for key in ("clusterIPs", "ipFamilies", "ipFamilyPolicy") if spec.get(key)]
    found = [causes.forbidden(f"spec.{key}", text) for key in given]
    name = spec.get("externalName", "").removesuffix(".")
    if not name:
        return [*found, causes.required("spec.externalName")]
    return [*found, *causes.all_of("spec.externalName", name, names.dns_subdomain(name))]


def _port(port: Json, path: str, seen: set[str], *, named: bool) -> Causes:
    found: Causes = []
    name = port.get("name", "")
    if not name and named:
        found.append(causes.required(f"{path}.name"))
    elif name:
        found += causes.all_of(f"{path}.name", name, names.dns_label(name))
        if name in seen:
            found.append(causes.duplicate(f"{path}.name", name))
        seen.add(name)
    number = port.get("port", 0)
    found += [causes.invalid(f"{path}.port", number, text) for text in names.port_number(number)]
    found += causes.one_of(f"{path}.protocol", port.get("protocol", ""), PROTOCOLS)
    found += handlers.port(port.get("targetPort", 0), f"{path}.targetPort")
    protocol = port.get("appProtocol")
    if protocol is not None:
        found += causes.all_of(f"{path}.appProtocol", protocol, names.label_key(protocol))
    return found


def _timeout(config: Json) -> Causes:
    seconds = (config.get("clientIP") or {}).get("timeoutSeconds", 10800)
    if 0 < seconds <= 86400:
        return []
    text = "must be greater than 0 and less than 86400"
    return [causes.invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, text)]


def _addresses(spec: Json, kind: str) -> Causes:
    found: Causes = []
    addresses = spec.get("clusterIPs") or []
    if kind != "ExternalName":
        if spec.get("clusterIP") and addresses and addresses[0] != spec["clusterIP"]:
            found.append(causes.invalid("spec.clusterIPs", addresses, "first value must match `clusterIP`"))
        for index, address in enumerate(addresses):
            if address != "None":
                found += pods.address(address, f"spec.clusterIPs[{index}]")
    for index, address in enumerate(spec.get("externalIPs") or ()):
        found += pods.address(address, f"spec.externalIPs[{index}]")
    return found


def _twice(ports: list[Json], kind: str) -> Causes:
    found: Causes = []
    outside: set[tuple[str, int]] = set()
    inside: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        number = port.get("nodePort", 0)
        if number and kind == "ClusterIP":
            text = "may not be used when `type` is 'ClusterIP'"
            found.append(causes.forbidden(f"spec.ports[{index}].nodePort", text))
        key = (port.get("protocol", ""), number)
        if number and key in outside:
            found.append(causes.duplicate(f"spec.ports[{index}].nodePort", number))
        outside.add(key)
    for index, port in enumerate(ports):
        key = (port.get("protocol", ""), port.get("port", 0))
        if key in inside:
            shown = {
                "Name": "",
                "Protocol": key[0],
                "AppProtocol": None,
                "Port": key[1],
                "TargetPort": 0,
                "NodePort": 0,
            }
            found.append(causes.duplicate(f"spec.ports[{index}]", shown))
        inside.add(key)
    return found


def _traffic(spec: Json, kind: str) -> Causes:
    found: Causes = []
    outside = kind in ("NodePort", "LoadBalancer") or (kind == "ClusterIP" and bool(spec.get("externalIPs")))
    policy = spec.get("externalTrafficPolicy", "")
    if policy and not outside:
        text = "may only be set for externally-accessible services"
        found.append(causes.invalid("spec.externalTrafficPolicy", policy, text, typed=True))
    elif outside:
        found += causes.one_of("spec.externalTrafficPolicy", policy, ("Cluster", "Local"))
    inner = spec.get("internalTrafficPolicy")
    if inner is not None and inner not in ("Cluster", "Local"):
        found.append(causes.not_supported("spec.internalTrafficPolicy", inner, ("Cluster", "Local")))
    return found


def changes(new: Json, old: Json, subresource: str) -> Causes:
    """A changed Service: its primary address stays."""
    found = metadata.check_update(new, old)
    if subresource == "status":
        return found
    after, before = new["spec"], old["spec"]
    if "ExternalName" not in (after.get("type"), before.get("type")):
        was, now = before.get("clusterIPs") or [], after.get("clusterIPs") or []
        if was and now and was[0] != now[0]:
            found.append(causes.invalid("spec.clusterIPs[0]", now, "may not change once set"))
    return [*found, *check(new)]
