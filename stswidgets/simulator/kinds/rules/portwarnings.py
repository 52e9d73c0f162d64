"""What the server warns of in the ports of a pod's containers (`pkg/api/pod/warnings.go`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules.windows import containers
from stswidgets.simulator.schema import gotext

Json = dict[str, Any]


def check(spec: Json, path: str) -> list[str]:
    """Ports that are there twice, and names that are."""
    return [*_numbers(spec, path), *_names(spec, path)]


def _numbers(spec: Json, path: str) -> list[str]:
    found: list[str] = []
    seen: dict[str, list[tuple[str, Json]]] = {}
    for here, container in containers(spec, path):
        for index, port in enumerate(container.get("ports") or ()):
            place = f"{here}.ports[{index}]"
            if port.get("hostIP") and not port.get("hostPort"):
                found.append(f"{place}: hostIP set without hostPort: {_printed(port)}")
            key = f"{port.get('containerPort', 0)}/{port.get('protocol') or 'TCP'}"
            for other, before in seen.get(key, ()):
                text = _clash(port, before)
                if text:
                    found.append(f"{place}: {text} port definition with {other}")
            seen.setdefault(key, []).append((place, port))
    return found


def _printed(port: Json) -> str:
    """A port as Go's `%+v` prints it."""
    fields = (
        f"Name:{port.get('name', '')}",
        f"HostPort:{port.get('hostPort', 0)}",
        f"ContainerPort:{port.get('containerPort', 0)}",
        f"Protocol:{port.get('protocol', '')}",
        f"HostIP:{port.get('hostIP', '')}",
    )
    return "{" + " ".join(fields) + "}"


def _clash(port: Json, before: Json) -> str:
    host, other = port.get("hostPort", 0), before.get("hostPort", 0)
    address, other_address = port.get("hostIP", ""), before.get("hostIP", "")
    if (host, address) == (other, other_address):
        return "duplicate"
    if not host or not other:
        return "overlapping"
    return "dangerously ambiguous" if host == other and bool(address) != bool(other_address) else ""


def _names(spec: Json, path: str) -> list[str]:
    found: list[str] = []
    seen: dict[str, str] = {}
    for here, container in containers(spec, path):
        for index, port in enumerate(container.get("ports") or ()):
            name, place = port.get("name"), f"{here}.ports[{index}]"
            if not name:
                continue
            if name in seen:
                other = seen[name]
                text = f"services and probes that select ports by name will use {other}"
                found.append(f"{place}: duplicate port name {gotext.quote(name)} with {other}, {text}")
            seen.setdefault(name, place)
    return found
