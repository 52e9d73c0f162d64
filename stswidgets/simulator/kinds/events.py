"""Events, in the core group and in events.k8s.io."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import ages, cells, strategy
from stswidgets.simulator.kinds.kind import Column, Form, Kind
from stswidgets.simulator.kinds.rules import events as rules
from stswidgets.simulator.kinds.rules import names, plain

Json = dict[str, Any]


def _involved(obj: Json) -> Json:
    found: Json = obj.get("involvedObject") or obj.get("regarding") or {}
    return found


def _first(obj: Json, now: datetime) -> str:
    first = obj.get("firstTimestamp") or obj.get("deprecatedFirstTimestamp") or obj.get("eventTime")
    return ages.since(first, now)


def _last(obj: Json, now: datetime) -> str:
    series = obj.get("series")
    if series:
        return ages.since(series.get("lastObservedTime"), now)
    last = obj.get("lastTimestamp") or obj.get("deprecatedLastTimestamp")
    return ages.since(last, now) if last else _first(obj, now)


def _count(obj: Json, _now: datetime) -> int:
    series = obj.get("series")
    number: int = series.get("count", 0) if series else obj.get("count") or obj.get("deprecatedCount") or 1
    return number


def _target(obj: Json, _now: datetime) -> str:
    involved = _involved(obj)
    kind: str = involved.get("kind", "").lower()
    return f"{kind}/{involved['name']}" if involved.get("name") else kind


def _source(obj: Json, _now: datetime) -> str:
    source = obj.get("source") or obj.get("deprecatedSource") or {}
    component = source.get("component") or obj.get("reportingComponent") or obj.get("reportingController") or ""
    host = source.get("host") or obj.get("reportingInstance") or ""
    return f"{component}, {host}" if host else component


COLUMNS = (
    Column("Last Seen", _last),
    Column("Type", cells.at("type")),
    Column("Reason", cells.at("reason")),
    Column("Object", _target),
    Column("Subobject", lambda obj, _: _involved(obj).get("fieldPath", ""), priority=1),
    Column("Source", _source, priority=1),
    Column("Message", lambda obj, _: (obj.get("message") or obj.get("note") or "").strip()),
    Column("First Seen", _first, priority=1),
    Column("Count", _count, priority=1),
    Column("Name", cells.at("metadata", "name"), format="name", priority=1),
)


CORE = Kind(
    group="",
    version="v1",
    kind="Event",
    plural="events",
    singular="event",
    definition="io.k8s.api.core.v1.Event",
    short_names=("ev",),
    selectable={
        "involvedObject.kind": strategy.text("involvedObject", "kind"),
        "involvedObject.namespace": strategy.text("involvedObject", "namespace"),
        "involvedObject.name": strategy.text("involvedObject", "name"),
        "involvedObject.uid": strategy.text("involvedObject", "uid"),
        "involvedObject.apiVersion": strategy.text("involvedObject", "apiVersion"),
        "involvedObject.resourceVersion": strategy.text("involvedObject", "resourceVersion"),
        "involvedObject.fieldPath": strategy.text("involvedObject", "fieldPath"),
        "reason": strategy.text("reason"),
        "reportingComponent": strategy.text("reportingComponent"),
        "source": strategy.text("source", "component"),
        "type": strategy.text("type"),
    },
    columns=COLUMNS,
    validate=plain.last(names.path_segment, rules.check),
    validate_update=plain.changed(rules.check),
)

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


def _as_events(obj: Json) -> Json:
    """A stored event as events.k8s.io shows it (`pkg/apis/events/v1/conversion.go`)."""
    return {_NAMES.get(name, name): value for name, value in obj.items()} | {"apiVersion": "events.k8s.io/v1"}


def _as_core(obj: Json) -> Json:
    """An event of events.k8s.io as it is stored."""
    return {_CORE_NAMES.get(name, name): value for name, value in obj.items()} | {"apiVersion": "v1"}


def _selected(name: str) -> str:
    """A selectable field under its name in events.k8s.io (`AddFieldLabelConversionsForEvent`)."""
    head, dot, rest = name.partition(".")
    return f"{_NAMES.get(head, head)}{dot}{rest}"


EVENTS = Kind(
    group="events.k8s.io",
    version="v1",
    kind="Event",
    plural="events",
    singular="event",
    definition="io.k8s.api.events.v1.Event",
    short_names=("ev",),
    form=Form(CORE, shown=_as_events, stored=_as_core),
    selectable={_selected(name): value for name, value in CORE.selectable.items() if name != "source"},
    columns=COLUMNS,
    validate=rules.strict,
)
