"""Cells that the tables of several kinds have in common (k8s.io/kubernetes `pkg/printers/internalversion`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import ages
from stswidgets.simulator.kinds.kind import Cell, Column

Json = dict[str, Any]


def at(*path: str, empty: Any = "") -> Cell:
    """The value at a path, or `empty`."""

    def cell(obj: Json, _now: datetime) -> Any:
        value: Any = obj
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return empty if value is None or value == "" else value

    return cell


def age(obj: Json, now: datetime) -> str:
    """Since its creation."""
    return ages.since(obj["metadata"].get("creationTimestamp"), now)


NAME = Column("Name", at("metadata", "name"), format="name")
AGE = Column("Age", age)
CREATED_AT = Column("Created At", at("metadata", "creationTimestamp"), type="date")
DEFAULT = (NAME, CREATED_AT)
"""Kinds that no printer knows."""


def names(containers: Iterable[Json]) -> str:
    """Names of containers."""
    return ",".join(container.get("name", "") for container in containers)


def images(containers: Iterable[Json]) -> str:
    """Images of containers."""
    return ",".join(container.get("image", "") for container in containers)


def labels(pairs: Json | None) -> str:
    """Labels as `a=b,c=d`."""
    return ",".join(f"{key}={value}" for key, value in sorted((pairs or {}).items())) or "<none>"


MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}


def access_modes(modes: Iterable[str] | None) -> str:
    """Access modes in short, each once, in the API's order."""
    wanted = set(modes or ())
    return ",".join(short for mode, short in MODES.items() if mode in wanted)


def more(texts: list[str], limit: int = 3) -> str:
    """The first few, and how many more there are."""
    if not texts:
        return "<unset>"
    shown = ",".join(texts[:limit])
    return f"{shown} + {len(texts) - limit} more..." if len(texts) > limit else shown


def class_name(obj: Json) -> str:
    """The storage class of a claim or volume."""
    annotated: str = obj["metadata"].get("annotations", {}).get("volume.beta.kubernetes.io/storage-class", "")
    name: str = annotated or obj.get("spec", {}).get("storageClassName", "")
    return name


def phase(obj: Json, _now: datetime) -> str:
    """Phase, or Terminating once it is being deleted."""
    if obj["metadata"].get("deletionTimestamp"):
        return "Terminating"
    text: str = obj.get("status", {}).get("phase", "")
    return text
