"""What a page shows, as a pandas DataFrame.

A frame asks the cluster when it is called, and waits for the answer: in a notebook nothing that happens in the
background arrives while a cell runs. It has the same rows as the page, with plain values in place of what is drawn.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stswidgets.domain import revision
from stswidgets.state import browse_model, detail_model

if TYPE_CHECKING:
    import pandas as pd

    from stswidgets.apps.parts import Parts
    from stswidgets.cluster import Cluster

Row = dict[str, Any]


def frame(parts: Parts, cluster: Cluster) -> pd.DataFrame:
    """The shown page's data. Raises the cluster's errors."""
    import pandas as pd  # noqa: PLC0415 - a quarter of a second that a view without frames need not pay

    place = parts.route.value
    looked_at = place["namespace"] or parts.session.namespace
    namespace = looked_at or cluster.namespace
    lang = parts.desk.lang
    match place["page"]:
        case "browse":
            return pd.DataFrame(sets(cluster, looked_at, lang), columns=list(SET_COLUMNS))
        case "create":
            return pd.DataFrame(fields(parts.form.value or {}), columns=list(FIELD_COLUMNS))
        case "usage":
            found = [*recorded(parts), *present(cluster, namespace, place["name"])]
            return pd.DataFrame(found, columns=list(USAGE_COLUMNS)).drop_duplicates(ignore_index=True)
        case "history":
            return pd.DataFrame(revisions(cluster, namespace, place["name"]), columns=list(REVISION_COLUMNS))
        case _:
            return pd.DataFrame(pods(cluster, namespace, place["name"], lang), columns=list(POD_COLUMNS))


SET_COLUMNS = ("namespace", "name", "phase", "status", "reason", "ready", "desired", "updated", "images", "created")
POD_COLUMNS = ("name", "ordinal", "status", "reason", "ready", "restarts", "revision", "node", "ip", "cpu", "memory")
USAGE_COLUMNS = ("time", "pod", "container", "cpu", "memory")
REVISION_COLUMNS = ("number", "name", "hash", "created", "images", "change_cause", "is_current", "is_update", "pods")
FIELD_COLUMNS = ("path", "section", "label", "value", "problem")


def sets(cluster: Cluster, namespace: str, lang: str) -> list[Row]:
    """One row a StatefulSet of the namespace ("": of all)."""
    pods_by_owner: dict[str, list[Row]] = defaultdict(list)
    for pod in cluster.list("pods", namespace or None):
        for owner in pod["metadata"].get("ownerReferences") or ():
            pods_by_owner[owner["uid"]].append(pod)
    rows = []
    for sts in cluster.list("statefulsets", namespace or None):
        row = browse_model.row(sts, pods_by_owner[sts["metadata"]["uid"]], {}, lang, datetime.now(UTC))
        told = {"phase": row["status"]["phase"], "status": row["status"]["word"]}
        rows.append({**row, **told, "updated": row["revision"]["updated"], "created": _time(row["created"])})
    return rows


def pods(cluster: Cluster, namespace: str, name: str, lang: str) -> list[Row]:
    """One row a pod of the set, with its usage: cores and bytes, None where there is no sample."""
    sts = cluster.read("statefulsets", namespace, name)
    numbers = {each["metadata"]["name"]: int(each.get("revision") or 0) for each in cluster.revisions_of(sts)}
    used: dict[str, list[Row]] = defaultdict(list)
    for sample in present(cluster, namespace, name):
        used[sample["pod"]].append(sample)
    rows = []
    events = cluster.events_of(sts)
    for pod in cluster.pods_of(sts):
        row = detail_model.pod_row(pod, sts, numbers, events=events, lang=lang, now=datetime.now(UTC))
        samples = used[row["name"]]
        total = {key: sum(sample[key] for sample in samples) if samples else None for key in ("cpu", "memory")}
        rows.append({**row, "status": row["status"]["word"], **total})
    return rows


def present(cluster: Cluster, namespace: str, name: str) -> list[Row]:
    """One row a container of the set's pods: what it uses at this moment."""
    sts = cluster.read("statefulsets", namespace, name)
    own = {pod["metadata"]["name"] for pod in cluster.pods_of(sts)}
    return [
        {
            "time": sample.time,
            "pod": sample.pod,
            "container": sample.container,
            "cpu": sample.cpu,
            "memory": sample.memory,
        }
        for sample in cluster.usage(namespace)
        if sample.pod in own
    ]


def recorded(parts: Parts) -> list[Row]:
    """What the page has recorded so far."""
    return [
        {"time": reading.time, "pod": pod, "container": container, "cpu": reading.cpu, "memory": reading.memory}
        for _, column in parts.usage.recording.ticks()
        for (_, pod), readings in column.items()
        for container, reading in readings.items()
    ]


def revisions(cluster: Cluster, namespace: str, name: str) -> list[Row]:
    """One row a revision, oldest first."""
    sts = cluster.read("statefulsets", namespace, name)
    found = revision.history(sts, cluster.revisions_of(sts), cluster.pods_of(sts))
    return [
        {
            "number": each.number,
            "name": each.name,
            "hash": each.hash,
            "created": each.created,
            "images": list(each.images),
            "change_cause": each.change_cause,
            "is_current": each.is_current,
            "is_update": each.is_update,
            "pods": list(each.pods),
        }
        for each in sorted(found, key=lambda each: each.number)
    ]


def fields(tree: Row) -> list[Row]:
    """One row a field of the form, with what stands in it."""
    return [
        {"section": section["title"], **row} for section in tree.get("sections", ()) for row in _below(section["nodes"])
    ]


def _below(nodes: list[Row]) -> list[Row]:
    rows: list[Row] = []
    for node in nodes:
        if node["type"] == "list":
            rows += [row for item in node["items"] for row in _below(item["nodes"])]
        elif node["type"] == "map":
            rows += [_field(entry["path"], entry["key"], entry) for entry in node["entries"]]
        elif node["type"] == "field":
            rows.append(_field(node["path"], node["label"], node))
    return rows


def _field(path: str, label: str, node: Row) -> Row:
    problem = node.get("problem")
    return {"path": path, "label": label, "value": node["value"], "problem": problem and problem["text"]}


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
