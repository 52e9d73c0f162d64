"""Planning the way back to an earlier revision."""

from __future__ import annotations

from stswidgets.cluster import edits, kinds, outsiders, plan_changes, plans, pods, reading, transport
from stswidgets.cluster.decoding import Object

_POD = kinds.resource("pods")


def plan(connection: transport.Transport, namespace: str, name: str, revision: int = 0) -> plans.Plan:
    """The plan of `kubectl rollout undo`: the revision's template replaces the set's; replicas, strategy, claims stay.

    0 means the second highest number. Whether anything changes is the server's dry run to say, not the stored bytes: a
    template that was written by another version of Kubernetes may differ in text and mean the same.
    Raises errors.NotFoundError when the set is not there.
    """
    live = reading.read_managed(connection, plan_changes.STATEFULSETS, namespace, name)
    before = edits.cleaned(live)
    revisions = pods.revisions_of(connection, live)
    target = _target(revisions, revision)
    if target is None:
        problem = _no_target(revisions, revision)
        return plans.Plan(
            "plan.title.roll_back",
            {"name": name, "revision": revision},
            (plan_changes.stored(live, before),),
            problems=(problem,),
        )
    template = {**target["data"]["spec"]["template"], "$patch": "replace"}
    request = plan_changes.template_patch(live, template)
    after, problems, warnings = plan_changes.outcome(connection, request, before)
    step = plan_changes.changed(live, before, after, request)
    broken = () if step.verb == "unchanged" else _trapped(connection, live, target)
    return plans.Plan(
        "plan.title.roll_back",
        {"name": name, "revision": target["revision"]},
        (step,),
        warnings=(
            *plan_changes.rollout_warnings(live),
            *((_trap_warning(broken),) if broken else ()),
            *outsiders.reverters(live),
            *warnings,
        ),
        problems=problems,
        further=tuple(_deletion(pod) for pod in broken),
    )


def _target(revisions: list[Object], number: int) -> Object | None:
    if number:
        return next((item for item in reversed(revisions) if item.get("revision") == number), None)
    return revisions[-2] if len(revisions) > 1 else None


def _no_target(revisions: list[Object], number: int) -> plans.Note:
    if number:
        known = ", ".join(str(item.get("revision")) for item in revisions) or "-"
        return plans.Note("plan.problem.no_revision", {"revision": number, "revisions": known})
    return plans.Note("plan.problem.nothing_to_roll_back")


def _trapped(connection: transport.Transport, live: Object, target: Object) -> tuple[Object, ...]:
    """The pods that a rolling update of an ordered set would wait for in vain (kubernetes issue 67250).

    The controller goes through the ordinals and stops at the first pod that is not running, ready and available; it
    never comes to replacing it. Terminating pods, and Failed and Succeeded ones, it replaces.
    """
    spec = live.get("spec") or {}
    if spec.get("podManagementPolicy") == "Parallel" or (spec.get("updateStrategy") or {}).get("type") == "OnDelete":
        return ()
    return tuple(
        pod
        for pod in pods.pods_of(connection, live)
        if not _is_ready(pod)
        and not pod["metadata"].get("deletionTimestamp")
        and (pod.get("status") or {}).get("phase") not in {"Failed", "Succeeded"}
        and (pod["metadata"].get("labels") or {}).get("controller-revision-hash") != target["metadata"]["name"]
    )


def _is_ready(pod: Object) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(item.get("type") == "Ready" and item.get("status") == "True" for item in conditions)


def _trap_warning(broken: tuple[Object, ...]) -> plans.Note:
    names = ", ".join(pod["metadata"]["name"] for pod in broken)
    return plans.Note("plan.warning.trap", {"pods": names, "count": len(broken)})


def _deletion(pod: Object) -> plans.Step:
    """Deleting exactly this pod, not one of its name that came after it."""
    metadata = pod["metadata"]
    body = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": metadata["uid"]}}
    request = plans.Request("DELETE", _POD, metadata["namespace"], metadata["name"], body)
    return plans.Step(
        "delete", "Pod", metadata["namespace"], metadata["name"], edits.cleaned(pod), None, (), request, metadata["uid"]
    )
