"""One StatefulSet as the browser shows it: the DetailModel, pod rows and event rows of `docs/architecture.md`. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from stswidgets.cluster import outsiders
from stswidgets.cluster import pods as belonging
from stswidgets.domain import ages, naming, redact, rollout, status, yaml_emit

Object = dict[str, Any]
Text = Callable[..., str]
ALIAS, DESCRIPTION = "kubesphere.io/alias-name", "kubesphere.io/description"


def head(sts: Object, progress: rollout.Rollout, lang: str, now: datetime) -> dict[str, Any]:
    """Name, words and counts."""
    meta, told = sts["metadata"], sts.get("status") or {}
    annotations = meta.get("annotations") or {}
    owners = [note.text(lang) for note in outsiders.reverters(sts)]
    return {
        "namespace": meta["namespace"],
        "name": meta["name"],
        "alias": annotations.get(ALIAS),
        "description": annotations.get(DESCRIPTION),
        "uid": meta["uid"],
        "status": status.shown(progress.phase, lang),
        "reason": progress.text(lang),
        "created": meta.get("creationTimestamp", ""),
        "age": ages.since(meta.get("creationTimestamp", ""), now),
        "owner": " ".join(owners) or None,
        "labels": sorted((meta.get("labels") or {}).items()),
        "annotations": sorted((meta.get("annotations") or {}).items()),
        "desired": progress.desired,
        "current": int(told.get("replicas") or 0),
        "ready": progress.ready,
        "updated": progress.updated,
    }


def body(sts: Object, text: Text) -> dict[str, Any]:
    """What stands in the manifest itself."""
    return {
        "ports": list(_ports(sts)),
        "environment": [
            {"container": container["name"], "entries": list(_environment(container, text))}
            for container in _containers(sts)
        ],
        "yaml": yaml_emit.dump(sts),
    }


def services(sts: Object, found: Iterable[Object]) -> list[dict[str, Any]]:
    """The Services of the set; the one that it names also where it is not there."""
    rows = [_service(each) for each in found]
    named = (sts.get("spec") or {}).get("serviceName")
    if named and named not in {row["name"] for row in rows}:
        rows.insert(0, {"name": named, "type": "", "cluster_ip": "", "ports": "", "exists": False})
    return rows


def claims(sts: Object, found: Iterable[Object], now: datetime) -> list[dict[str, Any]]:
    """The claims made from the set's templates, with the pod that each is for."""
    name = sts["metadata"]["name"]
    return [_claim(each, name, now) for each in found]


def pod_row(
    pod: Object, sts: Object, numbers: dict[str, int], *, events: Iterable[Object], lang: str, now: datetime
) -> dict[str, Any]:
    """A pod's row of the feed `pods`, without its sparklines. `numbers`: revision numbers by the revision's name.

    `is_update_revision` marks what a rollout brings: when it is over, no pod is new.
    """
    meta, spec, told = pod["metadata"], pod.get("spec") or {}, pod.get("status") or {}
    revision = (meta.get("labels") or {}).get("controller-revision-hash", "")
    current, update = ((sts.get("status") or {}).get(key) for key in ("currentRevision", "updateRevision"))
    statuses = told.get("containerStatuses") or []
    shown = status.pod(pod, tuple(events), now)
    return {
        "id": meta["uid"],
        "name": meta["name"],
        "ordinal": naming.ordinal(meta["name"]) or 0,
        "status": shown.shown(lang),
        "reason": shown.reason(lang),
        "revision": numbers.get(revision),
        "is_update_revision": revision == update != current,
        "node": spec.get("nodeName"),
        "ip": told.get("podIP"),
        "restarts": sum(int(each.get("restartCount") or 0) for each in statuses),
        "age": ages.since(meta.get("creationTimestamp", ""), now),
        "ready": f"{sum(bool(each.get('ready')) for each in statuses)}/{len(spec.get('containers') or ())}",
        "containers": [*_container_rows(pod, init=True), *_container_rows(pod, init=False)],
    }


def event_row(event: Object, now: datetime) -> dict[str, Any]:
    """An event's row of the feed `events`."""
    about, series = event.get("involvedObject") or {}, event.get("series") or {}
    last = belonging.event_time(event)
    source = (event.get("source") or {}).get("component") or event.get("reportingComponent") or ""
    return {
        "id": event["metadata"]["uid"],
        "type": event.get("type", "Normal"),
        "reason": event.get("reason", ""),
        "object": f"{about.get('kind', '')}/{about.get('name', '')}",
        "message": event.get("message", ""),
        "source": source,
        "count": int(series.get("count") or event.get("count") or 1),
        "last": last,
        "age": ages.since(last, now),
    }


def _containers(sts: Object) -> list[Object]:
    spec = (((sts.get("spec") or {}).get("template") or {}).get("spec")) or {}
    return [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]


def _ports(sts: Object) -> Iterable[dict[str, Any]]:
    for container in _containers(sts):
        for port in container.get("ports") or ():
            yield {
                "name": port.get("name"),
                "protocol": port.get("protocol", "TCP"),
                "container_port": port.get("containerPort"),
                "container": container["name"],
            }


def _environment(container: Object, text: Text) -> Iterable[dict[str, Any]]:
    for entry in container.get("env") or ():
        source = entry.get("valueFrom") or {}
        value = None if source else redact.value(entry["name"], str(entry.get("value", "")))
        yield {"name": entry["name"], "value": value, "source": _source(source, text) if source else None}
    for whole in container.get("envFrom") or ():
        prefix = whole.get("prefix", "")
        kind = "config_map" if "configMapRef" in whole else "secret"
        name = (whole.get("configMapRef") or whole.get("secretRef") or {}).get("name", "")
        yield {"name": f"{prefix}*", "value": None, "source": text(f"state.env.all_of_{kind}", name=name)}


def _source(source: Object, text: Text) -> str:
    """Where a value comes from. The value itself is not read: a Secret's is none of a page's business."""
    for key, kind in (("configMapKeyRef", "config_map"), ("secretKeyRef", "secret")):
        if key in source:
            return text(f"state.env.{kind}", name=source[key].get("name", ""), key=source[key].get("key", ""))
    if "fieldRef" in source:
        return text("state.env.field", path=source["fieldRef"].get("fieldPath", ""))
    if "resourceFieldRef" in source:
        return text("state.env.resource", resource=source["resourceFieldRef"].get("resource", ""))
    return text("state.env.other", source=", ".join(source))


def _service(service: Object) -> dict[str, Any]:
    spec = service.get("spec") or {}
    ports = (f"{port.get('port')}/{port.get('protocol', 'TCP')}" for port in spec.get("ports") or ())
    return {
        "name": service["metadata"]["name"],
        "type": spec.get("type", "ClusterIP"),
        "cluster_ip": spec.get("clusterIP", ""),
        "ports": ", ".join(ports),
        "exists": True,
    }


def _claim(claim: Object, set_name: str, now: datetime) -> dict[str, Any]:
    meta, spec, told = claim["metadata"], claim.get("spec") or {}, claim.get("status") or {}
    number = naming.ordinal(meta["name"])
    capacity = (told.get("capacity") or {}).get("storage")
    return {
        "name": meta["name"],
        "pod": naming.pod_name(set_name, number or 0),
        "template": meta["name"].removesuffix(f"-{set_name}-{number}"),
        "status": "Terminating" if meta.get("deletionTimestamp") else told.get("phase", ""),
        "capacity": capacity or ((spec.get("resources") or {}).get("requests") or {}).get("storage", ""),
        "class": spec.get("storageClassName") or "",
        "age": ages.since(meta.get("creationTimestamp", ""), now),
    }


def _container_rows(pod: Object, *, init: bool) -> Iterable[dict[str, Any]]:
    told = (pod.get("status") or {}).get("initContainerStatuses" if init else "containerStatuses") or ()
    by_name = {each["name"]: each for each in told}
    for container in (pod.get("spec") or {}).get("initContainers" if init else "containers") or ():
        status_ = by_name.get(container["name"], {})
        state, detail = next(iter((status_.get("state") or {"waiting": {}}).items()))
        ports = (f"{port.get('containerPort')}/{port.get('protocol', 'TCP')}" for port in container.get("ports") or ())
        yield {
            "name": container["name"],
            "image": container.get("image", ""),
            "state": (detail or {}).get("reason") or state.capitalize(),
            "restarts": int(status_.get("restartCount") or 0),
            "ports": ", ".join(ports),
            "init": init,
        }
