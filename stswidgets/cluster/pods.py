"""What belongs to one StatefulSet: pods, claims, its Service, revisions, events."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stswidgets import errors
from stswidgets.cluster import reading, transport
from stswidgets.cluster.decoding import Object


def selector(sts: Object) -> str:
    """The set's selector as a query: matchLabels and matchExpressions."""
    spec = (sts.get("spec") or {}).get("selector") or {}
    parts = [f"{key}={value}" for key, value in (spec.get("matchLabels") or {}).items()]
    for rule in spec.get("matchExpressions") or ():
        values = ",".join(rule.get("values") or ())
        match rule.get("operator"):
            case "In":
                parts.append(f"{rule['key']} in ({values})")
            case "NotIn":
                parts.append(f"{rule['key']} notin ({values})")
            case "Exists":
                parts.append(rule["key"])
            case "DoesNotExist":
                parts.append(f"!{rule['key']}")
            case _:  # an operator of a newer server: select more, ownership decides
                continue
    return ",".join(parts)


def is_owned(item: Object, sts: Object) -> bool:
    """Whether the set is the controller of this object, by uid."""
    uid = sts["metadata"].get("uid")
    owners = item["metadata"].get("ownerReferences") or ()
    return any(owner.get("controller") and owner.get("uid") == uid for owner in owners)


def pods_of(connection: transport.Transport, sts: Object) -> list[Object]:
    """The set's pods, by ordinal."""
    return sorted(_owned(connection, "pods", sts), key=lambda pod: _ordinal(pod["metadata"]["name"]))


def revisions_of(connection: transport.Transport, sts: Object) -> list[Object]:
    """The set's ControllerRevisions, oldest number first."""
    return sorted(_owned(connection, "controllerrevisions", sts), key=lambda item: int(item.get("revision") or 0))


def claims_of(connection: transport.Transport, sts: Object) -> list[Object]:
    """The claims made from the set's templates, also of ordinals that are gone: they have no owner, so names decide."""
    templates = [item["metadata"]["name"] for item in (sts.get("spec") or {}).get("volumeClaimTemplates") or ()]
    if not templates:
        return []
    name = re.escape(sts["metadata"]["name"])
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, templates))})-{name}-\d+")
    labels = ",".join(f"{key}={value}" for key, value in _match_labels(sts).items())
    found, _ = reading.list_objects(connection, "persistentvolumeclaims", sts["metadata"]["namespace"], labels=labels)
    own = [item for item in found if pattern.fullmatch(item["metadata"]["name"])]
    return sorted(own, key=lambda item: (_ordinal(item["metadata"]["name"]), item["metadata"]["name"]))


def service_of(connection: transport.Transport, sts: Object) -> Object | None:
    """The Service that spec.serviceName names; None where none is named, or it is not there."""
    name = (sts.get("spec") or {}).get("serviceName")
    if not name:
        return None
    try:
        return reading.read(connection, "services", sts["metadata"]["namespace"], name)
    except errors.NotFoundError:
        return None


def services_of(connection: transport.Transport, sts: Object) -> list[Object]:
    """All Services whose selector meets the set's pods."""
    labels = (((sts.get("spec") or {}).get("template") or {}).get("metadata") or {}).get("labels") or {}
    found, _ = reading.list_objects(connection, "services", sts["metadata"]["namespace"])
    return [item for item in found if _meets((item.get("spec") or {}).get("selector"), labels)]


def events_of(connection: transport.Transport, sts: Object) -> list[Object]:
    """Events about the set, its pods and its claims, newest first."""
    namespace = sts["metadata"]["namespace"]
    found, _ = reading.list_objects(connection, "events", namespace)
    return sorted(about(found, sts), key=event_time, reverse=True)


def about(events: Iterable[Object], sts: Object) -> list[Object]:
    """Those events that are about the set, a pod of its, or a claim from its templates.

    Pods that are gone have no object to ask, so names decide; of the set itself an earlier one of the same name is
    told apart by uid.
    """
    name, uid = sts["metadata"]["name"], sts["metadata"].get("uid")
    templates = [item["metadata"]["name"] for item in (sts.get("spec") or {}).get("volumeClaimTemplates") or ()]
    pod = re.compile(rf"{re.escape(name)}-\d+")
    claim = re.compile(rf"(?:{'|'.join(map(re.escape, templates))})-{re.escape(name)}-\d+") if templates else None
    found = []
    for event in events:
        subject = event.get("involvedObject") or {}
        kind, whom = subject.get("kind"), str(subject.get("name") or "")
        if (
            (kind == "StatefulSet" and whom == name and subject.get("uid") in {uid, None, ""})
            or (kind == "Pod" and pod.fullmatch(whom))
            or (kind == "PersistentVolumeClaim" and claim is not None and claim.fullmatch(whom))
        ):
            found.append(event)
    return found


def event_time(event: Object) -> str:
    """When an event was seen last, as the API writes times (they compare as text)."""
    series = event.get("series") or {}
    return str(
        series.get("lastObservedTime")
        or event.get("lastTimestamp")
        or event.get("eventTime")
        or event["metadata"].get("creationTimestamp")
        or ""
    )


def _owned(connection: transport.Transport, kind: str, sts: Object) -> list[Object]:
    found, _ = reading.list_objects(connection, kind, sts["metadata"]["namespace"], labels=selector(sts))
    return [item for item in found if is_owned(item, sts)]


def _match_labels(sts: Object) -> dict[str, str]:
    """The labels that the controller puts on claims: the selector's matchLabels (it lists them by the same)."""
    return ((sts.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}


def _meets(wanted: dict[str, str] | None, labels: dict[str, str]) -> bool:
    return bool(wanted) and all(labels.get(key) == value for key, value in (wanted or {}).items())


def _ordinal(name: str) -> int:
    number = name.rpartition("-")[2]
    return int(number) if number.isdigit() else -1
