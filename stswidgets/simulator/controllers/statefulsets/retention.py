"""Who owns a claim: `persistentVolumeClaimRetentionPolicy` as owner references; garbage collection does the rest.

Rules of `pkg/controller/statefulset/stateful_set_utils.go` (Kubernetes 1.37).
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.controllers import owners
from stswidgets.simulator.controllers.statefulsets import identity

Json = dict[str, Any]

RETAIN = "Retain"
DELETE = "Delete"


def policy_of(statefulset: Json) -> tuple[str, str]:
    """(when deleted, when scaled), each "Retain" or "Delete"."""
    policy = statefulset["spec"].get("persistentVolumeClaimRetentionPolicy") or {}
    return policy.get("whenDeleted", RETAIN), policy.get("whenScaled", RETAIN)


def is_stale(claim: Json, owner: Json) -> bool:
    """Whether a claim belongs to an earlier object of the owner's name."""
    for reference in owners.references(claim):
        if owners.names_same(reference, owner):
            return bool(reference["uid"] != owner["metadata"].get("uid", ""))
    return False


def has_other_controller(claim: Json, statefulset: Json, pod: Json) -> bool:
    """Whether something else than the set or the pod controls a claim that a policy would have us delete."""
    if policy_of(statefulset) == (RETAIN, RETAIN):
        return False
    for reference in owners.references(claim):
        owner = next((one for one in (statefulset, pod) if owners.names_same(reference, one)), None)
        if owner is not None:
            if reference["uid"] != owner["metadata"].get("uid", ""):
                return True
        elif reference.get("controller"):
            return True
    return False


def wanted_owners(statefulset: Json, pod: Json) -> tuple[bool, bool]:
    """Whether the set owns the claim, and whether the pod does."""
    when_deleted, when_scaled = policy_of(statefulset)
    scaled_down = not identity.in_range(statefulset, identity.ordinal(pod))
    pod_owns = when_scaled == DELETE and scaled_down
    set_owns = when_deleted == DELETE and not (when_scaled == DELETE and scaled_down)
    return set_owns, pod_owns


def is_current(claim: Json, statefulset: Json, pod: Json) -> bool:
    """Whether a claim's owners are what the policy says. Claims in an unknown state are left alone (True)."""
    if is_stale(claim, statefulset) or is_stale(claim, pod):
        return True
    held = owners.has_owner(claim, statefulset), owners.has_owner(claim, pod)
    if has_other_controller(claim, statefulset, pod):
        return not any(held)
    uids = (statefulset["metadata"].get("uid", ""), pod["metadata"].get("uid", ""))
    if any(item["uid"] in uids and not item.get("controller") for item in owners.references(claim)):
        return False
    return held == wanted_owners(statefulset, pod)


def corrected(claim: Json, statefulset: Json, pod: Json) -> Json:
    """A claim with the owners that the policy says."""
    others = [
        item
        for item in owners.references(claim)
        if not owners.names_same(item, statefulset) and not owners.names_same(item, pod)
    ]
    if not has_other_controller(claim, statefulset, pod):
        set_owns, pod_owns = wanted_owners(statefulset, pod)
        others += [owners.controller_reference(pod)] if pod_owns else []
        others += [owners.controller_reference(statefulset)] if set_owns else []
    return owners.with_list(claim, "ownerReferences", others)
