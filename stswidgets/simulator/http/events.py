"""Events in the form of events.k8s.io: they are stored in the core group's, and one is shown as the other.

Rules: kubernetes `pkg/apis/core/v1/conversion.go` and `pkg/apis/events/v1/conversion.go`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from stswidgets.simulator.kinds import events
from stswidgets.simulator.kinds.kind import Kind

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
