"""One StatefulSet as a row of the list: the feed `sets` of `docs/architecture.md`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from stswidgets.domain import ages, rollout, status

Object = dict[str, Any]
ALIAS = "kubesphere.io/alias-name"


def row(
    sts: Object, pods: list[Object], numbers: Mapping[tuple[str, str], Any], lang: str, now: datetime
) -> dict[str, Any]:
    """The row, without its sparklines. `numbers`: revision numbers by the set's uid and the revision's name."""
    meta, spec, told = sts["metadata"], sts.get("spec") or {}, sts.get("status") or {}
    progress = rollout.status(sts, pods, now=now)
    template = (spec.get("template") or {}).get("spec") or {}
    old, new = (numbers.get((meta["uid"], told.get(key, ""))) for key in ("currentRevision", "updateRevision"))
    return {
        "id": meta["uid"],
        "namespace": meta["namespace"],
        "name": meta["name"],
        "alias": (meta.get("annotations") or {}).get(ALIAS),
        "status": {**status.shown(progress.phase, lang), "phase": progress.phase},
        "reason": progress.text(lang) if progress.phase not in status.CALM else None,
        "ready": progress.ready,
        "desired": progress.desired,
        "revision": {"from": old, "to": new, "updated": progress.updated},
        "images": [container.get("image", "") for container in template.get("containers") or ()],
        "labels": meta.get("labels") or {},
        "created": meta.get("creationTimestamp", ""),
        "age": ages.since(meta.get("creationTimestamp", ""), now),
    }
