"""Events, in the core group and in events.k8s.io."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

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
)

EVENTS = Kind(
    group="events.k8s.io",
    version="v1",
    kind="Event",
    plural="events",
    singular="event",
    definition="io.k8s.api.events.v1.Event",
    short_names=("ev",),
    stored_as="/events",
)
