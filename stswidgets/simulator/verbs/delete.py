"""Delete: preconditions, grace, finalizers and the three ways to propagate.

Rules: k8s.io/apiserver `pkg/registry/generic/registry/store.go` Delete, `pkg/registry/rest/delete.go`; pods'
`CheckGracefulDelete` in `pkg/registry/core/pod/strategy.go`; namespaces in `pkg/registry/core/namespace/storage`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stswidgets.simulator import clock, status
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.verbs import metadata
from stswidgets.simulator.verbs.request import Context, Deletion, Options, Result

Json = dict[str, Any]

ORPHAN = "orphan"
FOREGROUND = "foregroundDeletion"
_GRACE = 30


def delete(
    context: Context, kind: Kind, namespace: str | None, name: str, *, deletion: Deletion, options: Options
) -> Result:
    """Delete, or begin to. The result is the object as it is now; `deleted` says whether it is gone."""
    stored = context.store.get(kind, namespace, name)
    if stored is None:
        raise status.not_found(kind.group, kind.plural, name)
    old = stored.obj
    check_preconditions(kind, old, deletion)
    context.admit("DELETE", kind, None, old)
    new = stored.copy()
    meta = new["metadata"]
    _propagate(meta, deletion)
    _mark(context, kind, new, deletion)
    waits = metadata.owed(new) or (kind.plural == "namespaces" and new.get("spec", {}).get("finalizers"))
    if options.dry_run:
        return Result(new, deleted=not waits)
    if waits:
        if new == old:
            return Result(old)
        return Result(context.store.put(kind, new).obj)
    return Result(context.store.remove(kind, namespace, name).obj, deleted=True)


def check_preconditions(kind: Kind, old: Json, deletion: Deletion) -> None:
    """409 if the object is another one, or another version, than the client says."""
    meta = old["metadata"]
    if deletion.uid and deletion.uid != meta["uid"]:
        why = (
            f"the UID in the precondition ({deletion.uid}) does not match the UID in record ({meta['uid']}). "
            "The object might have been deleted and then recreated"
        )
        raise status.conflict(kind.group, kind.kind, meta["name"], why)
    if deletion.resource_version and deletion.resource_version != meta["resourceVersion"]:
        why = (
            f"the ResourceVersion in the precondition ({deletion.resource_version}) does not match the ResourceVersion "
            f"in record ({meta['resourceVersion']}). The object might have been modified"
        )
        raise status.conflict(kind.group, kind.kind, meta["name"], why)


def _propagate(meta: Json, deletion: Deletion) -> None:
    """Set the finalizer that tells the garbage collector what to do with dependents."""
    before = meta.get("finalizers", [])
    finalizers = [item for item in before if item not in (ORPHAN, FOREGROUND)]
    if deletion.propagation == "Orphan":
        finalizers.append(ORPHAN)
    elif deletion.propagation == "Foreground":
        finalizers.append(FOREGROUND)
    elif not deletion.propagation:
        finalizers = list(before)
    if finalizers:
        meta["finalizers"] = finalizers
    else:
        meta.pop("finalizers", None)


def _mark(context: Context, kind: Kind, obj: Json, deletion: Deletion) -> None:
    """Set deletionTimestamp and the grace period, as far as the kind has one."""
    meta = obj["metadata"]
    now = context.clock.now()
    grace = _grace(kind, obj, deletion)
    if meta.get("deletionTimestamp"):
        left = meta.get("deletionGracePeriodSeconds") or 0
        if not left or deletion.grace is None or grace >= left:
            return  # a grace period can only get shorter
        began = clock.moment(meta["deletionTimestamp"]) - timedelta(seconds=left)
        ends = began + timedelta(seconds=grace)
        if ends < now:
            ends, grace = now, 1 if grace else 0
        meta["deletionTimestamp"], meta["deletionGracePeriodSeconds"] = clock.stamp(ends), grace
        return
    meta["deletionTimestamp"] = clock.stamp(now + timedelta(seconds=grace))
    meta["deletionGracePeriodSeconds"] = grace
    if meta.get("generation"):
        meta["generation"] += 1
    if kind.plural == "namespaces":
        del meta["deletionGracePeriodSeconds"]
        obj.setdefault("status", {})["phase"] = "Terminating"


def _grace(kind: Kind, obj: Json, deletion: Deletion) -> int:
    """Seconds that a deleted object may stay. Only pods have a grace period, and only while a node runs them."""
    if kind.plural != "pods" or kind.group:
        return 0
    spec = obj.get("spec", {})
    grace = deletion.grace
    if grace is None:
        grace = spec.get("terminationGracePeriodSeconds", _GRACE)
    if not spec.get("nodeName") or obj.get("status", {}).get("phase") in ("Failed", "Succeeded"):
        return 0
    return int(grace) if grace >= 0 else 1
