"""Tables: what kubectl prints (meta.k8s.io/v1 Table), and objects cut down to their metadata.

The columns and cells are each kind's own (`kinds`); here is the envelope.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]

META = "meta.k8s.io/v1"


def definitions(kind: Kind) -> list[Json]:
    """The columns of a kind as the Table declares them."""
    return [
        {
            "name": column.name,
            "type": column.type,
            "format": column.format,
            "description": column.description,
            "priority": column.priority,
        }
        for column in kind.columns
    ]


def partial(obj: Json) -> Json:
    """PartialObjectMetadata."""
    return {"kind": "PartialObjectMetadata", "apiVersion": META, "metadata": obj["metadata"]}


def check_include(include: str) -> str:
    """The value of `includeObject`. 400 if it is unknown."""
    if include not in ("", "None", "Metadata", "Object"):
        raise status.bad_request(
            f'Unable to convert to Table as requested: includeObject: Invalid value: "{include}": '
            "must be 'Metadata', 'Object', 'None', or empty"
        )
    return include or "Metadata"


def row(kind: Kind, obj: Json, now: datetime, include: str) -> Json:
    """One object as a row."""
    made: Json = {"cells": [column.cell(obj, now) for column in kind.columns], "object": None}
    if include == "Object":
        made["object"] = obj
    elif include == "Metadata":
        made["object"] = partial(obj)
    return made


def table(
    kind: Kind, objects: Iterable[Json], now: datetime, *, include: str, metadata: Json, columns: bool = True
) -> Json:
    """A Table of objects. A watch sends the columns once, so later tables come without."""
    return {
        "kind": "Table",
        "apiVersion": META,
        "metadata": metadata,
        "columnDefinitions": definitions(kind) if columns else None,
        "rows": [row(kind, obj, now, include) for obj in objects],
    }


def partial_list(objects: Iterable[Json], metadata: Json) -> Json:
    """PartialObjectMetadataList."""
    items = [partial(obj) for obj in objects]
    return {"kind": "PartialObjectMetadataList", "apiVersion": META, "metadata": metadata, "items": items}
