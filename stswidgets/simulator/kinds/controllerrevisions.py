"""ControllerRevisions: what a StatefulSet looked like."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, metadata, names, plain
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]


def controller(obj: Json, _now: datetime) -> str:
    """The controller as `statefulset.apps/db`."""
    for owner in obj["metadata"].get("ownerReferences") or ():
        if owner.get("controller"):
            group = owner["apiVersion"].rpartition("/")[0]
            kind = f"{owner['kind']}.{group}" if group else owner["kind"]
            return f"{kind.lower()}/{owner['name']}"
    return "<none>"


COLUMNS = (cells.NAME, Column("Controller", controller), Column("Revision", cells.at("revision", empty=0)), cells.AGE)


def _revision(obj: Json) -> Causes:
    """A revision has a number and something to remember."""
    found = causes.not_negative("revision", obj.get("revision", 0))
    if obj.get("data") is None:
        found.append(causes.required("data", "data is mandatory"))
    elif not isinstance(obj["data"], dict):
        found.append(causes.required("data", "data must be a valid JSON object"))
    return found


def _changed(new: Json, old: Json, _subresource: str) -> Causes:
    """What is remembered never changes; its number may. A real server compares bytes, this one what they mean."""
    found = [*metadata.check_update(new, old), *causes.not_negative("revision", new.get("revision", 0))]
    return [*found, *causes.immutable("data", new.get("data"), old.get("data"))]


KIND = Kind(
    group="apps",
    version="v1",
    kind="ControllerRevision",
    plural="controllerrevisions",
    singular="controllerrevision",
    definition="io.k8s.api.apps.v1.ControllerRevision",
    columns=COLUMNS,
    validate=plain.new(names.dns_subdomain, _revision),
    validate_update=_changed,
)
