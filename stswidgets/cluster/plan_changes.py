"""Planning the small changes of one stored set: another number of replicas, a restart."""

from __future__ import annotations

from datetime import UTC, datetime

from stswidgets import errors
from stswidgets.cluster import edits, kinds, outsiders, ownership, plans, pods, reading, refusals, transport, writing
from stswidgets.cluster.decoding import Object
from stswidgets.domain import diff

STATEFULSETS = kinds.resource("statefulsets")
RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"


def scale(
    connection: transport.Transport, namespace: str, name: str, replicas: int, expected: int | None = None
) -> plans.Plan:
    """The plan of setting `replicas`, through the scale subresource as kubectl does (RBAC grants it apart).

    With `expected` a set that has another number by now is a conflict. Raises errors.NotFoundError.
    """
    live = reading.read_managed(connection, STATEFULSETS, namespace, name)
    before = edits.cleaned(live)
    current = replicas_of(live)
    values: dict[str, object] = {"name": name, "before": current, "after": replicas}
    if expected is not None and current != expected:
        change = diff.changes({"spec": {"replicas": expected}}, {"spec": {"replicas": current}})
        conflict = plans.Conflict("-", ("spec.replicas",), since_opened=True, changes=change)
        return plans.Plan("plan.title.scale", values, (stored(live, before),), conflicts=(conflict,))
    if replicas == current:
        return plans.Plan("plan.title.scale", values, (stored(live, before),))
    request = plans.Request(
        "PATCH",
        STATEFULSETS,
        namespace,
        name,
        {"spec": {"replicas": replicas}},
        plans.MERGE,
        {"fieldManager": ownership.MANAGER},
        subresource="scale",
        versioned=True,
    )
    after = {**before, "spec": {**before["spec"], "replicas": replicas}}
    step = changed(live, before, after, request)
    problems, warnings = _asked(connection, request, before)
    goes, stays = _fates(connection, live, current, replicas)
    warnings += (*outsiders.autoscalers(connection, live), *outsiders.reverters(live))
    return plans.Plan("plan.title.scale", values, (step,), warnings=warnings, problems=problems, goes=goes, stays=stays)


def restart(connection: transport.Transport, namespace: str, name: str) -> plans.Plan:
    """The plan of `kubectl rollout restart`: an annotation with the time makes a new revision. Raises NotFoundError."""
    live = reading.read_managed(connection, STATEFULSETS, namespace, name)
    before = edits.cleaned(live)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    template = {"metadata": {"annotations": {RESTARTED_AT: now}}}
    request = template_patch(live, template)
    after, problems, warnings = outcome(connection, request, before)
    return plans.Plan(
        "plan.title.restart",
        {"name": name},
        (changed(live, before, after, request),),
        warnings=(*rollout_warnings(live), *warnings),
        problems=problems,
    )


def template_patch(live: Object, template: Object) -> plans.Request:
    """A strategic merge patch of the pod template."""
    metadata = live["metadata"]
    return plans.Request(
        "PATCH",
        STATEFULSETS,
        metadata["namespace"],
        metadata["name"],
        {"spec": {"template": template}},
        plans.STRATEGIC,
        {"fieldManager": ownership.MANAGER},
        versioned=True,
    )


def outcome(
    connection: transport.Transport, request: plans.Request, before: Object
) -> tuple[Object, tuple[plans.Note, ...], tuple[plans.Note, ...]]:
    """What the server would store, problems, warnings. On a problem what is stored stays."""
    try:
        answer = writing.ask(connection, request)
    except errors.ServerError as error:
        return before, refusals.problems(error, before), ()
    return edits.cleaned(answer.json()), (), refusals.said(answer.warnings)


def rollout_warnings(live: Object) -> tuple[plans.Note, ...]:
    """Why a new template would not reach all pods by itself."""
    strategy = (live.get("spec") or {}).get("updateStrategy") or {}
    if strategy.get("type") == "OnDelete":
        return (plans.Note("plan.warning.on_delete"),)
    partition = (strategy.get("rollingUpdate") or {}).get("partition") or 0
    if partition:
        return (plans.Note("plan.warning.partition", {"partition": partition}, "spec.updateStrategy.rollingUpdate"),)
    return ()


def changed(live: Object, before: Object, after: Object, request: plans.Request) -> plans.Step:
    """A step that patches the set; `unchanged`, without a request, when the server would store the same."""
    if before == after:
        return stored(live, before)
    metadata = live["metadata"]
    return plans.Step(
        "patch",
        "StatefulSet",
        metadata["namespace"],
        metadata["name"],
        before,
        after,
        diff.changes(before, after),
        request,
        metadata["uid"],
    )


def stored(live: Object, before: Object) -> plans.Step:
    """A step that leaves the set as it is."""
    metadata = live["metadata"]
    return plans.Step(
        "unchanged", "StatefulSet", metadata["namespace"], metadata["name"], before, before, (), None, metadata["uid"]
    )


def replicas_of(sts: Object) -> int:
    """spec.replicas, 1 where it is not given."""
    wanted = (sts.get("spec") or {}).get("replicas")
    return 1 if wanted is None else int(wanted)


def retention(sts: Object, when: str) -> str:
    """What happens to claims `whenScaled` or `whenDeleted`: Retain or Delete."""
    policy = (sts.get("spec") or {}).get("persistentVolumeClaimRetentionPolicy") or {}
    return str(policy.get(when) or "Retain")


def ordinal_of(item: Object) -> int:
    """The ordinal at the end of a pod's or claim's name."""
    number = str(item["metadata"]["name"]).rpartition("-")[2]
    return int(number) if number.isdigit() else -1


def note(item: Object, kind: str, why: str) -> plans.Note:
    """One object that goes or stays, and why."""
    return plans.Note(why, {"kind": kind, "name": item["metadata"]["name"]})


def _asked(
    connection: transport.Transport, request: plans.Request, before: Object
) -> tuple[tuple[plans.Note, ...], tuple[plans.Note, ...]]:
    """Problems and warnings of a request whose answer is not the set itself."""
    try:
        return (), refusals.said(writing.ask(connection, request).warnings)
    except errors.ServerError as error:
        return refusals.problems(error, before), ()


def _fates(
    connection: transport.Transport, live: Object, current: int, replicas: int
) -> tuple[tuple[plans.Note, ...], tuple[plans.Note, ...]]:
    """When there will be fewer: which pods go, highest ordinal first, and what becomes of their claims."""
    if replicas >= current:
        return (), ()
    start = int(((live.get("spec") or {}).get("ordinals") or {}).get("start") or 0)
    goes = [
        note(pod, "Pod", "plan.goes.pod")
        for pod in reversed(pods.pods_of(connection, live))
        if ordinal_of(pod) >= start + replicas
    ]
    claims = [claim for claim in pods.claims_of(connection, live) if ordinal_of(claim) >= start + replicas]
    if retention(live, "whenScaled") == "Delete":
        return (*goes, *(note(claim, "PersistentVolumeClaim", "plan.goes.claim_policy") for claim in claims)), ()
    return tuple(goes), tuple(note(claim, "PersistentVolumeClaim", "plan.stays.claim") for claim in claims)
