"""Planning a deletion: what goes, what stays, and the name that must be typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from stswidgets import errors
from stswidgets.cluster import edits, kinds, outsiders, plan_changes, plans, pods, reading, refusals, transport, writing
from stswidgets.cluster.decoding import Object

Propagation = Literal["Background", "Foreground", "Orphan"]


def plan(
    connection: transport.Transport,
    namespace: str,
    name: str,
    *,
    propagation: Propagation = "Background",
    claims: bool | Sequence[str] = (),
    service: bool = False,
) -> plans.Plan:
    """The plan of deleting a set and, where asked, claims and its Service. Raises errors.NotFoundError.

    Claims go by the set's retention policy or because they are asked for (True: all of them). The Service goes only
    when the set names it and no other set in the namespace does.
    """
    live = reading.read_managed(connection, plan_changes.STATEFULSETS, namespace, name)
    own_claims = pods.claims_of(connection, live)
    asked = {item["metadata"]["name"] for item in own_claims} if claims is True else set(claims or ())
    steps = [_deletion(live, kinds.resource("statefulsets"), {"propagationPolicy": propagation})]
    goes, stays = _pod_fates(pods.pods_of(connection, live), propagation)
    by_policy = propagation != "Orphan" and plan_changes.retention(live, "whenDeleted") == "Delete"
    for claim in own_claims:
        if by_policy:
            goes.append(plan_changes.note(claim, "PersistentVolumeClaim", "plan.goes.claim_policy"))
        elif claim["metadata"]["name"] in asked:
            steps.append(_deletion(claim, kinds.resource("persistentvolumeclaims")))
            goes.append(plan_changes.note(claim, "PersistentVolumeClaim", "plan.goes.claim"))
        else:
            stays.append(plan_changes.note(claim, "PersistentVolumeClaim", "plan.stays.claim"))
    warnings = [*outsiders.reverters(live)]
    _plan_service(connection, live, wanted=service, steps=steps, goes=goes, stays=stays, warnings=warnings)
    problems = tuple(problem for step in steps for problem in _asked(connection, step))
    return plans.Plan(
        "plan.title.delete",
        {"name": name},
        tuple(steps),
        warnings=tuple(warnings),
        problems=problems,
        goes=tuple(goes),
        stays=tuple(stays),
        confirm=name,
    )


def _pod_fates(found: list[Object], propagation: Propagation) -> tuple[list[plans.Note], list[plans.Note]]:
    if propagation == "Orphan":
        return [], [plan_changes.note(pod, "Pod", "plan.stays.pod_orphan") for pod in found]
    return [plan_changes.note(pod, "Pod", "plan.goes.pod") for pod in found], []


def _plan_service(
    connection: transport.Transport,
    live: Object,
    *,
    wanted: bool,
    steps: list[plans.Step],
    goes: list[plans.Note],
    stays: list[plans.Note],
    warnings: list[plans.Note],
) -> None:
    """Add the Service to what goes or stays; it stays when another set names it too."""
    service = pods.service_of(connection, live)
    if service is None:
        return
    others = _others_with_service(connection, live)
    if wanted and not others:
        steps.append(_deletion(service, kinds.resource("services")))
        goes.append(plan_changes.note(service, "Service", "plan.goes.service"))
        return
    stays.append(plan_changes.note(service, "Service", "plan.stays.service"))
    if wanted:
        values: dict[str, object] = {"name": service["metadata"]["name"], "others": ", ".join(others)}
        warnings.append(plans.Note("plan.warning.service_shared", values))


def _others_with_service(connection: transport.Transport, live: Object) -> list[str]:
    metadata = live["metadata"]
    found, _ = reading.list_objects(connection, "statefulsets", metadata["namespace"])
    return [
        item["metadata"]["name"]
        for item in found
        if item["metadata"]["uid"] != metadata["uid"]
        and (item.get("spec") or {}).get("serviceName") == live["spec"]["serviceName"]
    ]


def _deletion(item: Object, resource: kinds.Resource, options: Object | None = None) -> plans.Step:
    """Deleting exactly this object, not one of its name that came after it."""
    metadata = item["metadata"]
    body = {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": {"uid": metadata["uid"]},
        **(options or {}),
    }
    request = plans.Request("DELETE", resource, metadata["namespace"], metadata["name"], body)
    return plans.Step(
        "delete",
        resource.kind,
        metadata["namespace"],
        metadata["name"],
        edits.cleaned(item),
        None,
        (),
        request,
        metadata["uid"],
    )


def _asked(connection: transport.Transport, step: plans.Step) -> tuple[plans.Note, ...]:
    if step.request is None:
        return ()
    try:
        writing.ask(connection, step.request)
    except errors.ServerError as error:
        return refusals.problems(error, step.before or {})
    return ()
