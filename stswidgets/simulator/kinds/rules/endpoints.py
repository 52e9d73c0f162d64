"""Rules about Endpoints and EndpointSlices (core `validateEndpointSubsets`, discovery `ValidateEndpointSlice`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import addresses, causes, metadata, names
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

TYPES = ("FQDN", "IPv4", "IPv6")
PROTOCOLS = ("SCTP", "TCP", "UDP")
MOST_ADDRESSES = 100
MOST_PORTS = 20000
MOST_ENDPOINTS = 1000
MOST_HINTS = 8
FULL_NAME = "should be a domain with at least two segments separated by dots"


def subsets(obj: Json) -> Causes:
    """Addresses, and ports with names where there are several."""
    found: Causes = []
    for index, subset in enumerate(obj.get("subsets") or ()):
        path = f"subsets[{index}]"
        if not subset.get("addresses") and not subset.get("notReadyAddresses"):
            found.append(causes.required(path, "must specify `addresses` or `notReadyAddresses`"))
        for key in ("addresses", "notReadyAddresses"):
            for number, address in enumerate(subset.get(key) or ()):
                found += _address(address, f"{path}.{key}[{number}]")
        ports = subset.get("ports") or ()
        for number, port in enumerate(ports):
            found += _port(port, f"{path}.ports[{number}]", named=len(ports) > 1)
    return found


def _address(address: Json, path: str) -> Causes:
    value = address.get("ip", "")
    found = addresses.one(value, f"{path}.ip")
    if address.get("hostname"):
        found += causes.all_of(f"{path}.hostname", address["hostname"], names.dns_label(address["hostname"]))
    if "nodeName" in address:
        found += causes.all_of(f"{path}.nodeName", address["nodeName"], names.dns_subdomain(address["nodeName"]))
    return [*found, *addresses.endpoint(value, f"{path}.ip")]


def _port(port: Json, path: str, *, named: bool) -> Causes:
    name, number = port.get("name", ""), port.get("port", 0)
    found: Causes = []
    if named and not name:
        found.append(causes.required(f"{path}.name"))
    elif name:
        found += causes.all_of(f"{path}.name", name, names.dns_label(name))
    found += [causes.invalid(f"{path}.port", number, text) for text in names.port_number(number)]
    found += causes.one_of(f"{path}.protocol", port.get("protocol", ""), PROTOCOLS)
    if "appProtocol" in port:
        found += causes.all_of(f"{path}.appProtocol", port["appProtocol"], names.label_key(port["appProtocol"]))
    return found


def warn(obj: Json) -> list[str]:
    """What the server warns of in Endpoints."""
    return [
        text
        for index, subset in enumerate(obj.get("subsets") or ())
        for key in ("addresses", "notReadyAddresses")
        for number, address in enumerate(subset.get(key) or ())
        for text in addresses.warn(address.get("ip", ""), f"subsets[{index}].{key}[{number}].ip")
    ]


def update(new: Json, old: Json, _subresource: str) -> Causes:
    """Changed Endpoints: what was wrong already may stay."""
    found = metadata.check_update(new, old)
    return found if new.get("subsets") == old.get("subsets") else [*found, *subsets(new)]


def endpoint_slice(obj: Json) -> Causes:
    """Addresses of one type, and ports with different names. What the API's declarative rules say comes last."""
    kind = _type(obj.get("addressType", ""))
    return [*_ports(obj.get("ports") or []), *_endpoints(obj), *kind, *_numbers_of_addresses(obj)]


def _type(kind: str) -> Causes:
    if not kind:
        return [causes.required("addressType")]
    return [] if kind in TYPES else [causes.not_supported("addressType", kind, TYPES)]


def _ports(ports: list[Json]) -> Causes:
    if len(ports) > MOST_PORTS:
        return [causes.too_many("ports", len(ports), MOST_PORTS)]
    found: Causes = []
    seen: set[str] = set()
    for index, port in enumerate(ports):
        here, name = f"ports[{index}]", port.get("name", "")
        if name:
            found += causes.all_of(f"{here}.name", name, names.dns_label(name))
        if name in seen:
            found.append(causes.duplicate(f"{here}.name", name))
        seen.add(name)
        protocol = port.get("protocol", "")
        if protocol not in PROTOCOLS:
            found.append(causes.not_supported(f"{here}.protocol", protocol, PROTOCOLS))
        if "appProtocol" in port:
            found += causes.all_of(f"{here}.appProtocol", port["appProtocol"], names.label_key(port["appProtocol"]))
    return found


def _endpoints(obj: Json) -> Causes:
    kind, endpoints = obj.get("addressType", ""), obj.get("endpoints") or []
    if len(endpoints) > MOST_ENDPOINTS:
        return [causes.too_many("endpoints", len(endpoints), MOST_ENDPOINTS)]
    found: Causes = []
    for index, endpoint in enumerate(endpoints):
        here = f"endpoints[{index}]"
        for number, value in enumerate(endpoint.get("addresses") or ()):
            found += _value(kind, value, f"{here}.addresses", number)
        if "nodeName" in endpoint:
            name = endpoint["nodeName"]
            found += causes.all_of(f"{here}.nodeName", name, names.dns_subdomain(name))
        found += metadata.labels(endpoint.get("deprecatedTopology"), f"{here}.deprecatedTopology")
        if "hostname" in endpoint:
            found += causes.all_of(f"{here}.hostname", endpoint["hostname"], names.dns_label(endpoint["hostname"]))
        found += _hints(endpoint.get("hints") or {}, f"{here}.hints")
    return found


def _numbers_of_addresses(obj: Json) -> Causes:
    found: Causes = []
    endpoints = obj.get("endpoints") or []
    for index, endpoint in enumerate(endpoints if len(endpoints) <= MOST_ENDPOINTS else ()):
        here, number = f"endpoints[{index}].addresses", len(endpoint.get("addresses") or ())
        if not number:
            found.append(causes.required(here))
        elif number > MOST_ADDRESSES:
            found.append(causes.too_many(here, number, MOST_ADDRESSES))
    return found


def _value(kind: str, value: str, path: str, number: int) -> Causes:
    here = f"{path}[{number}]"
    if kind == "FQDN":
        if not value:
            return [causes.required(here)]
        name = value.removesuffix(".")
        messages = names.dns_subdomain(name)
        if messages:
            return causes.all_of(here, name, messages)
        return [] if "." in name else [causes.invalid(here, name, FULL_NAME)]
    if kind not in ("IPv4", "IPv6"):
        return []
    wrong = addresses.one(value, here)
    if wrong:
        return wrong
    parsed = addresses.parse(value)
    other = parsed is not None and f"IPv{parsed.version}" != kind
    found = [causes.invalid(path, value, f"must be an {kind} address")] if other else []
    return [*found, *addresses.endpoint(value, here)]


def _hints(hints: Json, path: str) -> Causes:
    found: Causes = []
    for key, rule in (("forZones", names.label_value), ("forNodes", names.dns_subdomain)):
        items = hints.get(key) or []
        if len(items) > MOST_HINTS:
            return [*found, causes.too_many(f"{path}.{key}", len(items), MOST_HINTS)]
        seen: set[str] = set()
        for index, item in enumerate(items):
            here, name = f"{path}.{key}[{index}].name", item.get("name", "")
            if name in seen:
                found.append(causes.duplicate(here, name))
            seen.add(name)
            found += causes.all_of(here, name, rule(name))
    return found


def update_slice(new: Json, old: Json, _subresource: str) -> Causes:
    """A changed slice keeps its type."""
    found = metadata.check_update(new, old)
    found += _ports(new.get("ports") or [])
    if new.get("endpoints") != old.get("endpoints"):
        found += [*_endpoints(new), *_type(new.get("addressType", "")), *_numbers_of_addresses(new)]
    else:
        found += _type(new.get("addressType", ""))
    same = new.get("addressType") == old.get("addressType")
    return found if same else [*found, causes.invalid("addressType", None, causes.IMMUTABLE)]


def warn_slice(obj: Json) -> list[str]:
    """What the server warns of in a slice."""
    found = ["spec.addressType: FQDN endpoints are deprecated"] if obj.get("addressType") == "FQDN" else []
    for index, endpoint in enumerate(obj.get("endpoints") or ()):
        for number, value in enumerate(endpoint.get("addresses") or ()):
            found += addresses.warn(value, f"endpoints[{index}].addresses[{number}]")
    return found
