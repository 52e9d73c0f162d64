"""Endpoints and EndpointSlices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import endpoints, names, plain

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
    validate=plain.new(names.dns_subdomain, endpoints.subsets),
    validate_update=endpoints.update,
    warnings=endpoints.warn,
    update_warnings=lambda new, _old: endpoints.warn(new),
)


def _count_changes(new: Json, old: Json, _subresource: str) -> None:
    """Generation counts the changes of everything but metadata, and of labels."""
    parts = ("addressType", "endpoints", "ports")
    same = all((new.get(part) or None) == (old.get(part) or None) for part in parts)
    same = same and (new["metadata"].get("labels") or {}) == (old["metadata"].get("labels") or {})
    new["metadata"]["generation"] = (old["metadata"].get("generation") or 0) + (not same)


SLICES = Kind(
    group="discovery.k8s.io",
    version="v1",
    kind="EndpointSlice",
    plural="endpointslices",
    singular="endpointslice",
    definition="io.k8s.api.discovery.v1.EndpointSlice",
    prepare_create=strategy.first_generation,
    prepare_update=_count_changes,
    default=default_slice,
    columns=SLICE_COLUMNS,
    validate=plain.new(names.dns_subdomain, endpoints.endpoint_slice),
    validate_update=endpoints.update_slice,
    warnings=endpoints.warn_slice,
    update_warnings=lambda new, _old: endpoints.warn_slice(new),
)
