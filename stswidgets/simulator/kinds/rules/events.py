"""Rules about events: lenient in the core group, strict in events.k8s.io (core `validation/events.go`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, metadata, names
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

ELSEWHERE = "does not match event.namespace"
LIMIT = 128
MESSAGE_LIMIT = 1024
OLD = ("firstTimestamp", "lastTimestamp", "count")


def check(obj: Json) -> Causes:
    """An event of the core group."""
    return _common(obj, "reportingComponent")


def strict(obj: Json) -> Causes:
    """A new event of events.k8s.io, in the core group's form."""
    found = _common(obj, "reportingController")
    found += metadata.check(obj, names.dns_subdomain, namespaced=True)
    series = obj.get("series")
    if series is not None:
        if series.get("count", 0) < 2:
            found.append(causes.invalid("series.count", "", "should be at least 2"))
        if not series.get("lastObservedTime"):
            found.append(causes.required("series.lastObservedTime"))
    if not obj.get("eventTime"):
        found.append(causes.required("eventTime"))
    if obj.get("type") not in ("Normal", "Warning"):
        found.append(causes.invalid("type", "", f"has invalid value: {obj.get('type', '')}"))
    found += [causes.invalid(key, "", "needs to be unset") for key in OLD if obj.get(key)]
    if any((obj.get("source") or {}).values()):
        found.append(causes.invalid("source", "", "needs to be unset"))
    return found


def _common(obj: Json, controller: str) -> Causes:
    own, other = obj["metadata"].get("namespace", ""), (obj.get("involvedObject") or {}).get("namespace", "")
    path = "involvedObject.namespace"
    if not obj.get("eventTime"):
        right = own == other if other else own in ("", "default")
        return [] if right else [causes.invalid(path, other, ELSEWHERE)]
    found: Causes = []
    if not other and own not in ("default", "kube-system"):
        found.append(causes.invalid(path, other, ELSEWHERE))
    name = obj.get("reportingComponent", "")
    if not name:
        found.append(causes.required(controller))
    found += causes.all_of(controller, name, names.label_key(name))
    for key in ("reportingInstance", "action", "reason"):
        value = obj.get(key, "")
        if not value:
            found.append(causes.required(key))
        if len(value) > LIMIT:
            found.append(causes.invalid(key, "", f"can have at most {LIMIT} characters"))
    if len(obj.get("message", "")) > MESSAGE_LIMIT:
        found.append(causes.invalid("message", "", f"can have at most {MESSAGE_LIMIT} characters"))
    return found
