"""Events about objects, as client-go's recorders write them: repeated ones are counted, chatterers are slowed down.

Rules of client-go `tools/record/events_cache.go` (the classic recorder) and `tools/events` (the newer one, which the
scheduler uses: it fills `eventTime` and `series` and leaves the old timestamps empty).
"""

from __future__ import annotations

import logging
import math
from typing import Any

import msgspec

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, status
from stswidgets.simulator.controllers import expiry
from stswidgets.simulator.kinds import events

Json = dict[str, Any]
Key = tuple[str, ...]

log = logging.getLogger(__name__)

_BURST = 25.0  # events about one object from one source
_REFILL = 1 / 300  # a second
_SIMILAR = 10  # of one reason about one object, then they are combined
_SIMILAR_WINDOW = 600.0
_SERIES_END = 360.0  # seconds after which a newer recorder begins a new series


class _Memory(msgspec.Struct):
    """What a recorder remembers about one object."""

    known: dict[Key, tuple[str, str]] = {}  # -> namespace and name of the event
    past: dict[Key, Json] = {}  # events that will be gone before anybody can ask
    tokens: dict[str, tuple[float, float]] = {}  # by type: how many are left, as of when
    messages: dict[tuple[str, str], dict[str, float]] = {}  # by type and reason: when said


class Recorder:
    """Writes events in the name of one component (and, for a kubelet, its host)."""

    def __init__(self, api: apis.Api, component: str, host: str = "", *, newer: bool = False) -> None:
        self._api = api
        self._component = component
        self._host = host
        self._newer = newer
        self._memories: dict[str, _Memory] = {}
        # No field manager: events are never applied, and keeping account of their fields would be most of the work.
        self._options = apis.Options()

    def event(self, obj: Json, kind: str, reason: str, message: str, *, field_path: str = "", action: str = "") -> None:
        """Say something about `obj`. `kind` is "Normal" or "Warning"; `field_path` names a container of a pod."""
        about = reference(obj, field_path)
        memory = self._memories.setdefault(about["uid"] or about["name"], _Memory())
        if not self._newer:
            message = self._combined(memory, kind, reason, message)
        key = (kind, field_path, reason, message)
        known = key in memory.known or key in memory.past
        if not self._newer and not known and not self._may_speak(memory, kind):
            return
        if known and self._repeat(memory, key):
            return
        said = {"involvedObject": about, "reason": reason, "message": message, "type": kind}
        self._tell(memory, key, said | (self._newer_times(action) if self._newer else self._times()))

    def forget(self, obj: Json) -> None:
        """Drop what is remembered about an object that is gone."""
        self._memories.pop(obj["metadata"]["uid"], None)

    def _tell(self, memory: _Memory, key: Key, said: Json) -> None:
        """Write a new event; one of a scenario's past that will have expired when the past is over is only counted."""
        if self._api.clock.remaining > expiry.TTL:
            memory.past[key] = said
            return
        stored = self._first(said)
        if stored:
            memory.known[key] = stored

    def _first(self, said: Json) -> tuple[str, str] | None:
        about = said["involvedObject"]
        namespace = about.get("namespace") or "default"
        nanoseconds = int(self._api.clock.now().timestamp() * 1e6) * 1000
        while self._api.store.get(events.CORE, namespace, f"{about['name']}.{nanoseconds:x}"):
            nanoseconds += 1
        metadata = {"name": f"{about['name']}.{nanoseconds:x}", "namespace": namespace}
        obj: Json = {"apiVersion": "v1", "kind": "Event", "metadata": metadata, **said}
        try:
            self._api.create(events.CORE, obj, namespace=namespace, options=self._options)
        except status.ApiError as error:
            # As the real ones do: an event that cannot be stored (its namespace is gone) is dropped.
            log.debug("event about %s dropped: %s", about["name"], error)
            return None
        return namespace, metadata["name"]

    def _times(self) -> Json:
        now = clock.stamp(self._api.clock.now())
        source = {"component": self._component} | ({"host": self._host} if self._host else {})
        return {
            "source": source,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
            "eventTime": None,
            "reportingComponent": self._component,
            "reportingInstance": self._host,
        }

    def _newer_times(self, action: str) -> Json:
        return {
            "source": {},
            "firstTimestamp": None,
            "lastTimestamp": None,
            "eventTime": clock.micro_stamp(self._api.clock.now()),
            "action": action,
            "reportingComponent": self._component,
            "reportingInstance": f"{self._component}-control-plane",
        }

    def _repeat(self, memory: _Memory, key: Key) -> bool:
        """Count an event that is known and still there."""
        if key in memory.past:
            again = self._counted(memory.past.pop(key), expiry.TTL)
            if again is not None:
                self._tell(memory, key, again)
            return again is not None
        stored = self._api.store.get(events.CORE, *memory.known[key])
        again = self._counted(stored.obj) if stored else None
        if again is not None:
            self._api.update(events.CORE, again, options=self._options)
        return again is not None

    def _counted(self, event: Json, within: float = math.inf) -> Json | None:
        """An event that has happened again; None if its series has ended, or it is not `within` so many seconds."""
        now, series = self._api.clock.now(), event.get("series") or {}
        last = series.get("lastObservedTime") or event["eventTime"] if self._newer else event["lastTimestamp"]
        if (now - clock.moment(last)).total_seconds() > (_SERIES_END if self._newer else within):
            return None
        if self._newer:
            observed = {"count": series.get("count", 1) + 1, "lastObservedTime": clock.micro_stamp(now)}
            return {**event, "series": observed}
        return {**event, "count": event["count"] + 1, "lastTimestamp": clock.stamp(now)}

    def _may_speak(self, memory: _Memory, kind: str) -> bool:
        now = self._api.clock.now().timestamp()
        left, when = memory.tokens.get(kind, (_BURST, now))
        left = min(_BURST, left + (now - when) * _REFILL)
        memory.tokens[kind] = (left - 1 if left >= 1 else left, now)
        return left >= 1

    def _combined(self, memory: _Memory, kind: str, reason: str, message: str) -> str:
        """The message, or the one that stands for many different ones in a short time."""
        now = self._api.clock.now().timestamp()
        said = memory.messages.get((kind, reason), {})
        recent = {text: at for text, at in said.items() if now - at < _SIMILAR_WINDOW}
        recent[message] = now
        memory.messages[kind, reason] = recent
        return message if len(recent) < _SIMILAR else f"(combined from similar events): {message}"


def reference(obj: Json, field_path: str = "") -> Json:
    """The ObjectReference of an object."""
    metadata = obj["metadata"]
    about = {
        "kind": obj["kind"],
        "namespace": metadata.get("namespace"),
        "name": metadata["name"],
        "uid": metadata.get("uid", ""),
        "apiVersion": obj["apiVersion"],
        "resourceVersion": metadata.get("resourceVersion"),
        "fieldPath": field_path,
    }
    return {key: value for key, value in about.items() if value or key == "uid"}
