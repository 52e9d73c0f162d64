"""Rules about Services (core `validateService`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import addresses, causes, clusterips, handlers, internal, metadata, names
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.kinds.rules.clusterips import is_headless

Json = dict[str, Any]

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
PROTOCOLS = ("SCTP", "TCP", "UDP")
DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
TIMEOUT = 86400
HINTS = "service.kubernetes.io/topology-aware-hints"
MODE = "service.kubernetes.io/topology-mode"
RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"


def check(obj: Json, old: Json | None = None) -> Causes:
    """A Service, with what it was before."""
    spec, before = obj["spec"], (old or {}).get("spec") or {}
    annotations = obj["metadata"].get("annotations") or {}
    kind = spec.get("type", "")
    headless = is_headless(spec)
    found: Causes = []
    if MODE in annotations and HINTS in annotations and annotations[MODE] != annotations[HINTS]:
        text = f"must match annotations[{HINTS}] when both are specified"
        found.append(causes.invalid(f"metadata.annotations[{MODE}]", annotations[MODE], text))
    ports = spec.get("ports") or []
    if not ports and not headless and kind != "ExternalName":
        found.append(causes.required("spec.ports"))
    found += _by_type(spec, kind, headless=headless)
    seen: set[str] = set()
    for index, port in enumerate(ports):
        found += _port(port, f"spec.ports[{index}]", seen, named=len(ports) > 1)
    found += metadata.labels(spec.get("selector"), "spec.selector")
    found += _affinity(spec)
    found += clusterips.check(spec, before)
    for index, address in enumerate(spec.get("externalIPs") or ()):
        here = f"spec.externalIPs[{index}]"
        wrong = addresses.one(address, here, before.get("externalIPs") or ())
        found += wrong or addresses.endpoint(address, here)
    found += causes.one_of("spec.type", kind, TYPES)
    found += _twice(ports, kind)
    found += _source_ranges(obj, old)
    if "allocateLoadBalancerNodePorts" in spec and kind != "LoadBalancer":
        text = "may only be used when `type` is 'LoadBalancer'"
        found.append(causes.forbidden("spec.allocateLoadBalancerNodePorts", text))
    return [*found, *_balancer_class(spec), *_traffic(spec, kind)]


def _by_type(spec: Json, kind: str, *, headless: bool) -> Causes:
    if kind in ("LoadBalancer", "NodePort") and headless:
        return [causes.invalid("spec.clusterIPs[0]", "None", f"may not be set to 'None' for {kind} services")]
    if kind != "ExternalName":
        return []
    text = "may not be set for ExternalName services"
    given = [key for key in ("clusterIPs", "ipFamilies") if spec.get(key)]
    given += ["ipFamilyPolicy"] if "ipFamilyPolicy" in spec else []
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


def _affinity(spec: Json) -> Causes:
    affinity, config = spec.get("sessionAffinity", ""), spec.get("sessionAffinityConfig")
    found = causes.one_of("spec.sessionAffinity", affinity, ("ClientIP", "None"))
    path = "spec.sessionAffinityConfig"
    if affinity == "None" and config is not None:
        found.append(causes.forbidden(path, "must not be set when session affinity is None"))
    if affinity == "ClientIP":
        seconds = ((config or {}).get("clientIP") or {}).get("timeoutSeconds", 0)
        if not 0 < seconds <= TIMEOUT:
            text = f"must be greater than 0 and less than {TIMEOUT}"
            found.append(causes.invalid(f"{path}.clientIP.timeoutSeconds", seconds, text))
    return found


def _twice(ports: list[Json], kind: str) -> Causes:
    found: Causes = []
    for index, port in enumerate(ports):
        if port.get("nodePort") and kind == "ClusterIP":
            text = "may not be used when `type` is 'ClusterIP'"
            found.append(causes.forbidden(f"spec.ports[{index}].nodePort", text))
    outside: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        key = (port.get("protocol", ""), port.get("nodePort", 0))
        if key[1] and key in outside:
            found.append(causes.duplicate(f"spec.ports[{index}].nodePort", key[1]))
        outside.add(key)
    inside: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        key = (port.get("protocol", ""), port.get("port", 0))
        if key in inside:
            shown = internal.show({"protocol": key[0], "port": key[1]}, "ServicePort")
            found.append(causes.duplicate(f"spec.ports[{index}]", shown))
        inside.add(key)
    return found


def _source_ranges(obj: Json, old: Json | None) -> Causes:
    """Who may reach a load balancer, in the spec or in an annotation."""
    spec = obj["spec"]
    text = "may only be used when `type` is 'LoadBalancer'"
    ranges = spec.get("loadBalancerSourceRanges") or []
    if ranges:
        path = "spec.LoadBalancerSourceRanges"
        found = [] if spec.get("type") == "LoadBalancer" else [causes.forbidden(path, text)]
        known = [value.strip() for value in ((old or {}).get("spec") or {}).get("loadBalancerSourceRanges") or ()]
        for index, value in enumerate(ranges):
            found += addresses.cidr(value.strip(), f"{path}[{index}]", known)
        return found
    annotations = obj["metadata"].get("annotations") or {}
    if RANGES not in annotations:
        return []
    path = f"metadata.annotations[{RANGES}]"
    found = [] if spec.get("type") == "LoadBalancer" else [causes.forbidden(path, text)]
    value = annotations[RANGES].strip()
    if not value or (old and (old["metadata"].get("annotations") or {}).get(RANGES) == annotations[RANGES]):
        return found
    return [*found, *(cause for part in value.split(",") for cause in addresses.cidr(part.strip(), path))]


def _balancer_class(spec: Json) -> Causes:
    name, path = spec.get("loadBalancerClass"), "spec.loadBalancerClass"
    if name is None:
        return []
    if spec.get("type") != "LoadBalancer":
        return [causes.forbidden(path, "may only be used when `type` is 'LoadBalancer'")]
    return causes.all_of(path, name, names.label_key(name))


def needs_health_check(spec: Json) -> bool:
    """Whether a load balancer asks nodes if they have a ready pod."""
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def _traffic(spec: Json, kind: str) -> Causes:
    found: Causes = []
    outside = kind in ("NodePort", "LoadBalancer") or (kind == "ClusterIP" and bool(spec.get("externalIPs")))
    policy = spec.get("externalTrafficPolicy", "")
    if policy and not outside:
        text = "may only be set for externally-accessible services"
        found.append(causes.invalid("spec.externalTrafficPolicy", policy, text, typed=True))
    elif outside:
        found += causes.one_of("spec.externalTrafficPolicy", policy, ("Cluster", "Local"))
    port, path = spec.get("healthCheckNodePort", 0), "spec.healthCheckNodePort"
    if needs_health_check(spec):
        found += [causes.invalid(path, port, text) for text in names.port_number(port)]
    elif port:
        text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        found.append(causes.invalid(path, port, text))
    inner = spec.get("internalTrafficPolicy")
    if inner is not None and inner not in ("Cluster", "Local"):
        found.append(causes.not_supported("spec.internalTrafficPolicy", inner, ("Cluster", "Local")))
    distribution = spec.get("trafficDistribution")
    if distribution is not None and distribution not in DISTRIBUTIONS:
        found.append(causes.not_supported("spec.trafficDistribution", distribution, DISTRIBUTIONS))
    return found


def changes(new: Json, old: Json, subresource: str) -> Causes:
    """A changed Service: its addresses stay."""
    found = metadata.check_update(new, old)
    if subresource == "status":
        return found
    after, before = new["spec"], old["spec"]
    found += clusterips.changes(after, before)
    if after.get("type") == before.get("type") == "LoadBalancer":
        name = after.get("loadBalancerClass")
        if name != before.get("loadBalancerClass"):
            found.append(causes.invalid("spec.loadBalancerClass", name, "may not change once set"))
    found += _balancer_class(after)
    key = "healthCheckNodePort"
    if needs_health_check(before) and needs_health_check(after) and after.get(key) != before.get(key):
        found.append(causes.forbidden(f"spec.{key}", "field is immutable"))
    return [*found, *check(new, old)]


def warn(obj: Json) -> list[str]:
    """What the server warns of (`pkg/api/service`)."""
    spec = obj["spec"]
    headless, external = is_headless(spec), spec.get("externalIPs") or []
    found: list[str] = []
    if HINTS in (obj["metadata"].get("annotations") or {}):
        found.append(f"annotation {HINTS} is deprecated, please use {MODE} instead")
    if spec.get("clusterIP") not in (None, "None"):
        for index, address in enumerate(spec.get("clusterIPs") or ()):
            found += addresses.warn(address, f"spec.clusterIPs[{index}]")
    if headless:
        found += ["spec.loadBalancerIP is ignored for headless services"] if spec.get("loadBalancerIP") else []
        found += ["spec.externalIPs is ignored for headless services"] if external else []
        if spec.get("sessionAffinity") != "None":
            found.append("spec.SessionAffinity is ignored for headless services")
    for index, address in enumerate(external):
        found += addresses.warn(address, f"spec.externalIPs[{index}]")
    is_name = spec.get("type") == "ExternalName"
    if external and not headless and not is_name:
        found.append("spec.externalIPs is deprecated and may no longer be implemented in some clusters")
    if spec.get("loadBalancerIP"):
        found += addresses.warn(spec["loadBalancerIP"], "spec.loadBalancerIP")
    for index, value in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        found += addresses.warn_cidr(value, f"spec.loadBalancerSourceRanges[{index}]")
    if is_name and external:
        found.append('spec.externalIPs is ignored when spec.type is "ExternalName"')
    if not is_name and spec.get("externalName"):
        found.append('spec.externalName is ignored when spec.type is not "ExternalName"')
    if spec.get("trafficDistribution") == "PreferClose":
        found.append('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
    return found
