"""Eviction: deleting a pod if its disruption budget allows it.

Rules and texts: kubernetes `pkg/registry/core/pod/storage/eviction.go`.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import clock, labelselector, status
from stswidgets.simulator.kinds import registry
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.verbs import delete as deleting
from stswidgets.simulator.verbs import metadata
from stswidgets.simulator.verbs.request import Context, Deletion, Options, Result

Json = dict[str, Any]

_BUDGET = "Cannot evict pod as it would violate the pod's disruption budget."
_TWO = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
_MOST_PENDING = 2000
_UNPROTECTED = ("Succeeded", "Failed", "Pending")


def evict(context: Context, pod: Kind, namespace: str, name: str, *, deletion: Deletion, options: Options) -> Result:
    """Delete a pod through its disruption budget. 429 if that has none to spare, 500 if two budgets claim the pod."""
    stored = context.store.get(pod, namespace, name)
    if stored is None:
        raise status.not_found("", "pods", name)
    obj = stored.obj
    free = obj["metadata"].get("deletionTimestamp") or (obj.get("status") or {}).get("phase") in _UNPROTECTED
    if not free:
        _ask_budget(context, obj, namespace, options)
    if not options.dry_run:
        deleting.check_preconditions(pod, obj, deletion)
        version = context.store.put(pod, _marked(context, stored.copy())).obj["metadata"]["resourceVersion"]
        if deletion.resource_version:
            deletion = Deletion(deletion.grace, deletion.propagation, deletion.uid, version)
    return deleting.delete(context, pod, namespace, name, deletion=deletion, options=options)


def _marked(context: Context, pod: Json) -> Json:
    """A pod with the condition that says why it goes."""
    now = clock.stamp(context.clock.now())
    state = pod.setdefault("status", {})
    others = [item for item in state.get("conditions") or [] if item["type"] != "DisruptionTarget"]
    target = {
        "type": "DisruptionTarget",
        "status": "True",
        "lastProbeTime": None,
        "lastTransitionTime": now,
        "reason": "EvictionByEvictionAPI",
        "message": "Eviction API: evicting",
    }
    state["conditions"] = [*others, target]
    return pod


def _ask_budget(context: Context, pod: Json, namespace: str, options: Options) -> None:
    kind = registry.REGISTRY.by_resource("policy", "v1", "poddisruptionbudgets")
    budgets = [
        item
        for item in context.store.list(kind, namespace)
        if labelselector.matches(item.obj["spec"].get("selector"), pod["metadata"].get("labels") or {})
    ]
    if not budgets:
        return
    if len(budgets) > 1:
        raise status.ApiError(500, "", _TWO)
    budget = budgets[0].copy()
    state: Json = budget.setdefault("status", {})
    if not _is_ready(pod):
        # An unready pod takes nothing from what the budget guards, so it costs none of its disruptions.
        healthy, desired = state.get("currentHealthy", 0), state.get("desiredHealthy", 0)
        if budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow" or healthy >= desired > 0:
            return
    _spend(budget, pod["metadata"]["name"], clock.stamp(context.clock.now()))
    if not options.dry_run:
        context.store.put(kind, metadata.clone(budget))


def _spend(budget: Json, pod: str, now: str) -> None:
    """Take one disruption from a budget, in place; 429 if there is none left."""
    name, state = budget["metadata"]["name"], budget["status"]
    if state.get("observedGeneration", 0) < budget["metadata"].get("generation", 1):
        raise _too_many(f"The disruption budget {name} is still being processed by the server.", 10)
    disrupted = state.setdefault("disruptedPods", {})
    if len(disrupted) > _MOST_PENDING:
        why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
        text = "does not allow evicting pods currently: too many pending evictions not confirmed by PDB controller"
        cause = status.Cause("", "DisruptionBudget", f"The disruption budget {name} {text}")
        raise status.forbidden("policy", "poddisruptionbudget", name, why, [cause])
    if state.get("disruptionsAllowed", 0) <= 0:
        raise _too_many(_why_none(name, state), 0)
    state["disruptionsAllowed"] -= 1
    if state["disruptionsAllowed"] == 0:
        for condition in state.get("conditions") or ():
            if condition["type"] == "DisruptionAllowed":
                condition |= {"status": "False", "reason": "InsufficientPods", "lastTransitionTime": now}
    disrupted[pod] = now


def _why_none(name: str, state: Json) -> str:
    head = f"The disruption budget {name}"
    allowed = [item for item in state.get("conditions") or () if item["type"] == "DisruptionAllowed"]
    condition: Json = allowed[0] if allowed else {}
    said = condition.get("message", "") if condition.get("status") == "False" else ""
    if said and condition["reason"] == "SyncFailed":
        return f"{head} does not allow evicting pods currently because it failed sync: {said}"
    desired, healthy = state.get("desiredHealthy", 0), state.get("currentHealthy", 0)
    if healthy <= desired:
        return f"{head} needs {desired} healthy pods and has {healthy} currently"
    detail = f" ({condition['reason']}): {said}" if said else ""
    return f"{head} does not allow evicting pods currently{detail}"


def _is_ready(pod: Json) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)


def _too_many(cause: str, seconds: int) -> status.ApiError:
    details: Json = {"retryAfterSeconds": seconds} if seconds else {}
    return status.ApiError(
        429,
        "TooManyRequests",
        _BUDGET,
        [status.Cause("", "DisruptionBudget", cause)],
        details=details,
        headers={"Retry-After": str(seconds)} if seconds else None,
    )
