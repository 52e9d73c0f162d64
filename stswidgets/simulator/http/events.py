"""Events in the form of events.k8s.io: they are stored in the core group's, and one is shown as the other.

Rules: kubernetes `pkg/apis/core/v1/conversion.go` and `pkg/apis/events/v1/conversion.go`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from stswidgets.simulator import status
from stswidgets.simulator.kinds import events
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.kinds.rules import events as rules
from stswidgets.simulator.schema import codec

Json = dict[str, Any]

_NAMES = {
    "involvedObject": "regarding",
    "message": "note",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
    "reportingComponent": "reportingController",
}
_CORE_NAMES = {new: old for old, new in _NAMES.items()}


def is_view(kind: Kind) -> bool:
    """Whether objects of a kind are stored as another's."""
    return bool(kind.stored_as)


def shown(obj: Json) -> Json:
    """A stored event as events.k8s.io shows it."""
    renamed = {_NAMES.get(name, name): value for name, value in obj.items()}
    return renamed | {"apiVersion": events.EVENTS.api_version}


def shown_item(item: bytes) -> bytes:
    """As `shown`, of an event as it stands in a list."""
    obj: Json = msgspec.json.decode(item)
    return msgspec.json.encode({_NAMES.get(name, name): value for name, value in obj.items()})


def stored(obj: Json) -> Json:
    """An event of events.k8s.io as it is stored."""
    renamed = {_CORE_NAMES.get(name, name): value for name, value in obj.items()}
    return renamed | {"apiVersion": events.CORE.api_version}


def checked(obj: Json, namespace: str) -> Json:
    """A new event of events.k8s.io as it is stored. 400 or 422 if it breaks the group's rules."""
    try:
        made = codec.decode(stored(obj), events.CORE.definition).obj
    except codec.DecodeError:
        return stored(obj)  # refused as an event of the core group
    made["metadata"].setdefault("namespace", namespace)
    found = rules.strict(made)
    if found:
        raise status.invalid("", events.CORE.kind, made["metadata"].get("name", ""), found)
    return stored(obj)
