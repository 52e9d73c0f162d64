"""What is unique in a cluster: addresses and node ports of Services (`pkg/registry/core/service/storage/alloc.go`)."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.kinds.rules import addresses, causes, clusterips
from stswidgets.simulator.kinds.rules import services as rules

Json = dict[str, Any]

RANGE = ipaddress.ip_network("10.96.0.0/16")
"""Where cluster addresses come from."""
API_SERVER = str(RANGE[1])
"""The address of the API's own Service."""
NODE_PORTS = range(30000, 32768)
_DYNAMIC = NODE_PORTS[86:]
"""Where ports come from that nobody asks for; the others are for those who do."""

_TAKEN = "provided port is already allocated"
_BEYOND = f"provided port is not in the valid range. The range of valid ports is {NODE_PORTS[0]}-{NODE_PORTS[-1]}"


def allocate(obj: Json, others: Iterable[Json], dry_run: bool) -> None:
    """Give address, families and node ports, none of which another Service has.

    Of a dry run fewer wishes are refused: only what is taken is looked up, and of addresses only whether they are
    in the range.
    """
    spec = obj["spec"]
    if spec["type"] == "ExternalName":
        return
    services = list(others)
    mine = (obj["metadata"].get("namespace"), obj["metadata"].get("name"))
    known = [item for item in services if (item["metadata"].get("namespace"), item["metadata"].get("name")) == mine]
    before = known[0]["spec"] if known else {}
    wrong = clusterips.check(spec, before)
    if wrong:  # told before anything else is looked at
        raise _invalid(obj, *wrong)
    _give_address(obj, services, before, dry_run=dry_run)
    spec.setdefault("ipFamilies", ["IPv4"])
    spec.setdefault(
        "ipFamilyPolicy", "SingleStack" if spec.get("selector") or spec["clusterIP"] != "None" else "RequireDualStack"
    )
    if spec["ipFamilyPolicy"] == "RequireDualStack" and "IPv6" not in spec["ipFamilies"]:
        spec["ipFamilies"] = [*spec["ipFamilies"], "IPv6"]
    pool = _Ports({port for service in services for port in _numbers(service["spec"])}, dry_run=dry_run)
    if spec["type"] in ("NodePort", "LoadBalancer"):
        if known:
            _change_ports(obj, before, pool)
        else:
            _first_ports(obj, pool)
    if rules.needs_health_check(spec) and not rules.needs_health_check(before):
        _check_health(obj, pool)


def _invalid(obj: Json, *wrong: status.Cause) -> status.ApiError:
    return status.invalid("", "Service", obj["metadata"].get("name", ""), wrong)


def _numbers(spec: Json) -> Iterator[int]:
    """Every port that a Service takes on each node."""
    yield from (port["nodePort"] for port in spec.get("ports") or () if port.get("nodePort"))
    if spec.get("healthCheckNodePort"):
        yield spec["healthCheckNodePort"]


class _RefusedError(Exception):
    """A port that cannot be had; the text says why."""


class _Ports:
    """The ports that are taken, on their way to what one request takes."""

    def __init__(self, used: set[int], *, dry_run: bool) -> None:
        self._used = used
        self._dry_run = dry_run

    def take(self, number: int) -> None:
        """Take this one. _RefusedError if that cannot be."""
        if not self._dry_run and number not in NODE_PORTS:
            raise _RefusedError(_BEYOND)
        if number in self._used:
            raise _RefusedError(_TAKEN)
        self._used.add(number)

    def any(self, seed: str) -> int:
        """One that looks random and is the same for the same seed, as long as it is free."""
        start = zlib.crc32(seed.encode())
        for ports in (_DYNAMIC, NODE_PORTS):
            for step in range(len(ports)):
                port = ports[(start + step) % len(ports)]
                if port not in self._used:
                    self._used.add(port)
                    return port
        raise LookupError("range is full")


def _wanted(spec: Json) -> Iterator[tuple[int, Json]]:
    """The ports that get a number outside: of a load balancer that wants none, those that bring one."""
    everyone = spec["type"] == "NodePort" or spec.get("allocateLoadBalancerNodePorts")
    for index, port in enumerate(spec.get("ports") or ()):
        if everyone or port.get("nodePort"):
            yield index, port


def _first_ports(obj: Json, pool: _Ports) -> None:
    """Of a new Service. The same port has one number outside, whatever its protocol."""
    spec = obj["spec"]
    asked: dict[int, int] = {}
    for port in spec.get("ports") or ():
        if port.get("nodePort"):
            asked.setdefault(port.get("port", 0), port["nodePort"])
    given: dict[int, int] = {}
    for index, port in _wanted(spec):
        number = port.get("port", 0)
        if number not in given:
            given[number] = asked.get(number) or pool.any(f"{obj['metadata'].get('name')}/{number}")
            if number in asked:
                _take(obj, index, asked[number], pool)
            port["nodePort"] = given[number]
        elif not port.get("nodePort"):
            port["nodePort"] = given[number]
        elif port["nodePort"] != given[number]:
            _take(obj, index, port["nodePort"], pool)


def _change_ports(obj: Json, before: Json, pool: _Ports) -> None:
    """Of a changed Service, which keeps what it has."""
    own = {port.get("nodePort") for port in before.get("ports") or ()}
    seen: set[tuple[str, int]] = set()
    for index, port in _wanted(obj["spec"]):
        number = port.get("nodePort")
        if not number:
            number = port["nodePort"] = pool.any(f"{obj['metadata'].get('name')}/{port.get('port', 0)}")
        elif number not in own:
            _take(obj, index, number, pool)
        own.add(number)
        key = (port.get("protocol", ""), number)
        if key in seen:
            raise status.ApiError(500, "", f"duplicate nodePort: {{{key[0]} {key[1]}}}")
        seen.add(key)


def _take(obj: Json, index: int, number: int, pool: _Ports) -> None:
    try:
        pool.take(number)
    except _RefusedError as error:
        raise _invalid(obj, causes.invalid(f"spec.ports[{index}].nodePort", number, str(error))) from error


def _check_health(obj: Json, pool: _Ports) -> None:
    """A load balancer's port for questions about health."""
    number = obj["spec"].get("healthCheckNodePort")
    if not number:
        obj["spec"]["healthCheckNodePort"] = pool.any(f"{obj['metadata'].get('name')}/health")
        return
    try:
        pool.take(number)
    except _RefusedError as error:
        why = f"failed to allocate requested HealthCheck NodePort {number}: {error}"
        text = f"Internal error occurred: {why}"
        raise status.ApiError(500, "InternalError", text, [status.Cause("", "", why)]) from error


def _give_address(obj: Json, services: list[Json], before: Json, *, dry_run: bool) -> None:
    spec = obj["spec"]
    taken = {API_SERVER, *(service["spec"].get("clusterIP") for service in services)}
    if not spec.get("clusterIP"):
        spec["clusterIP"] = _free_address(f"{obj['metadata'].get('namespace')}/{obj['metadata'].get('name')}", taken)
        spec["clusterIPs"] = [spec["clusterIP"]]
        return
    given, values = spec["clusterIP"], spec.get("clusterIPs")
    address = addresses.parse(given)
    if address is None:
        return  # what is no address is told by validation
    if address.version == 6:
        raise _invalid(obj, causes.invalid("spec.clusterIPs[0]", values, "IPv6 is not configured on this cluster"))
    if before.get("clusterIP"):
        return  # it may not change, as validation tells
    why = ""
    if address not in RANGE or address in (RANGE.network_address, RANGE.broadcast_address):
        beyond = f"the provided IP ({given}) is not in the valid range. The range of valid IPs is {RANGE}"
        why = beyond if dry_run else "the provided network does not match the current range"
    elif given in taken and not dry_run:
        why = "provided IP is already allocated"
    if why:
        why = f"failed to allocate IP {given}: {why}"
        raise _invalid(obj, causes.invalid("spec.clusterIPs", values, why))


def _free_address(seed: str, taken: set[str | None]) -> str:
    """An address that looks random and is the same for the same name, as long as it is free."""
    hosts = RANGE.num_addresses - 257
    start = zlib.crc32(seed.encode())
    for step in range(hosts):
        address = str(RANGE[256 + (start + step) % hosts])
        if address not in taken:
            return address
    raise LookupError("range is full")
