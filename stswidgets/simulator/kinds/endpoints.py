"""Endpoints and EndpointSlices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, names, plain, pods
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]


def default_endpoints(obj: Json) -> None:
    """Ports are TCP."""
    for subset in obj.get("subsets") or ():
        for port in subset.get("ports") or ():
            pod_defaults.fill(port, {"protocol": "TCP"})


def default_slice(obj: Json) -> None:
    """Ports have a name (an empty one) and are TCP."""
    for port in obj.get("ports") or ():
        port.setdefault("name", "")
        port.setdefault("protocol", "TCP")


def endpoint_list(obj: Json, _now: datetime) -> str:
    """The first three endpoints."""
    found: list[str] = []
    for subset in obj.get("subsets") or ():
        addresses = [address["ip"] for address in subset.get("addresses") or ()]
        ports = subset.get("ports") or ()
        if not ports:
            found.extend(addresses)
        for port in ports:
            found.extend(f"[{ip}]:{port['port']}" if ":" in ip else f"{ip}:{port['port']}" for ip in addresses)
    return cells.more(found) if obj.get("subsets") and found else ("" if obj.get("subsets") else "<none>")


def slice_ports(obj: Json, _now: datetime) -> str:
    """The first three ports."""
    ports = obj.get("ports") or ()
    return cells.more([str(port.get("port", port.get("name", "*"))) for port in ports])


def slice_endpoints(obj: Json, _now: datetime) -> str:
    """The first three addresses."""
    return cells.more(
        [address for endpoint in obj.get("endpoints") or () for address in endpoint.get("addresses") or ()]
    )


ENDPOINT_COLUMNS = (cells.NAME, Column("Endpoints", endpoint_list), cells.AGE)
SLICE_COLUMNS = (
    cells.NAME,
    Column("AddressType", cells.at("addressType")),
    Column("Ports", slice_ports),
    Column("Endpoints", slice_endpoints),
    cells.AGE,
)


def _endpoints(obj: Json) -> Causes:
    """Addresses, and ports with names where there are several."""
    found: Causes = []
    for index, subset in enumerate(obj.get("subsets") or ()):
        path = f"subsets[{index}]"
        addresses = [*(subset.get("addresses") or ()), *(subset.get("notReadyAddresses") or ())]
        if not addresses:
            found.append(causes.required(path, "must specify `addresses` or `notReadyAddresses`"))
        for number, address in enumerate(subset.get("addresses") or ()):
            found += pods.address(address.get("ip", ""), f"{path}.addresses[{number}].ip")
        ports = subset.get("ports") or ()
        for number, port in enumerate(ports):
            here = f"{path}.ports[{number}]"
            if len(ports) > 1 and not port.get("name"):
                found.append(causes.required(f"{here}.name"))
            elif port.get("name"):
                found += causes.all_of(f"{here}.name", port["name"], names.dns_label(port["name"]))
            found += [
                causes.invalid(f"{here}.port", port.get("port", 0), text)
                for text in names.port_number(port.get("port", 0))
            ]
    return found


ENDPOINTS = Kind(
    group="",
    version="v1",
    kind="Endpoints",
    plural="endpoints",
    singular="endpoints",
    definition="io.k8s.api.core.v1.Endpoints",
    short_names=("ep",),
    default=default_endpoints,
    columns=ENDPOINT_COLUMNS,
    validate=plain.new(names.dns_subdomain, _endpoints),
    validate_update=plain.changed(_endpoints),
)

ADDRESS_TYPES = ("FQDN", "IPv4", "IPv6")


def _slice(obj: Json) -> Causes:
    """Addresses of one type, and ports with different names."""
    found: Causes = []
    kind = obj.get("addressType", "")
    for index, endpoint in enumerate(obj.get("endpoints") or ()):
        path = f"endpoints[{index}].addresses"
        addresses = endpoint.get("addresses") or []
        if kind in ("IPv4", "IPv6"):
            found += [cause for i, text in enumerate(addresses) for cause in pods.address(text, f"{path}[{i}]")]
        if not addresses:
            found.append(causes.required(path))
    seen: set[str] = set()
    for index, port in enumerate(obj.get("ports") or ()):
        name = port.get("name", "")
        if name in seen:
            found.append(causes.duplicate(f"ports[{index}].name", name))
        seen.add(name)
    if not kind:
        return [*found, causes.required("addressType")]
    return found if kind in ADDRESS_TYPES else [*found, causes.not_supported("addressType", kind, ADDRESS_TYPES)]


SLICES = Kind(
    group="discovery.k8s.io",
    version="v1",
    kind="EndpointSlice",
    plural="endpointslices",
    singular="endpointslice",
    definition="io.k8s.api.discovery.v1.EndpointSlice",
    prepare_create=strategy.first_generation,
    default=default_slice,
    columns=SLICE_COLUMNS,
    validate=plain.new(names.dns_subdomain, _slice),
    validate_update=plain.changed(_slice),
)
