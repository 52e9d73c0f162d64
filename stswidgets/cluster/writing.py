"""Sending writes: as a question (the server's dry run), and in earnest, as planned and only as planned."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass

from stswidgets import errors
from stswidgets.cluster import edits, plans, reading, transport
from stswidgets.cluster.decoding import Object, without_managed_fields

_RACES = 5
_PARTS = ("Pod", "PersistentVolumeClaim")


@dataclass(frozen=True)
class Done:
    """A step that was carried out, and what the server answered: the object, or the Status of a delete."""

    step: plans.Step
    object: Object


@dataclass(frozen=True)
class Applied:
    """All that was done, in order, and what the server had to say about it."""

    done: tuple[Done, ...]
    warnings: tuple[str, ...] = ()


class PartlyAppliedError(errors.StsWidgetsError):
    """Some steps are done, one failed, the rest was left. `error` is why; values: `done`, `failed`, `left`."""

    default_key = "plan.partly_applied"

    def __init__(
        self, applied: Applied, failed: plans.Step, left: tuple[plans.Step, ...], error: errors.StsWidgetsError
    ) -> None:
        self.applied = applied
        self.failed = failed
        self.left = left
        self.error = error
        super().__init__(
            detail=error.detail,
            done=", ".join(_label(item.step) for item in applied.done),
            failed=_label(failed),
            left=", ".join(_label(step) for step in left) or "-",
            why=error.text(),
        )


def ask(connection: transport.Transport, request: plans.Request) -> transport.Answer:
    """The server's dry run: all its checks and defaults, nothing stored."""
    return _send(connection, request, dry_run=True)


def apply(connection: transport.Transport, plan: plans.Plan, *, further: bool = False) -> Applied:
    """Carry a plan out, step by step. Before each the object must still be as it was planned.

    Raises errors.StsWidgetsError for a plan that has problems or conflicts, errors.ConflictError (AlreadyExistsError,
    NotFoundError) when the object changed since, and the server's errors; once a step was done, PartlyAppliedError.
    """
    if not plan.can_apply:
        raise errors.StsWidgetsError("plan.not_applicable")
    steps = [step for step in (*plan.steps, *(plan.further if further else ())) if step.request is not None]
    done: list[Done] = []
    warnings: dict[str, None] = {}
    for position, step in enumerate(steps):
        try:
            answer = _carry_out(connection, step)
        except errors.StsWidgetsError as error:
            if not done:
                raise
            so_far = Applied(tuple(done), tuple(warnings))
            raise PartlyAppliedError(so_far, step, tuple(steps[position + 1 :]), error) from error
        warnings.update(dict.fromkeys(answer.warnings))
        done.append(Done(step, without_managed_fields(answer.json())))
    return Applied(tuple(done), tuple(warnings))


def _carry_out(connection: transport.Transport, step: plans.Step) -> transport.Answer:
    """Send one step. A resourceVersion in its body is the object's current one, once it is seen that nothing but status
    has changed; when status moves between the look and the write, look again."""
    request = step.request
    if request is None:
        raise ValueError("a step without a request is not carried out")
    for attempt in range(_RACES):
        live = reading.find(connection, request.resource, request.namespace, request.name)
        _check_unchanged(step, live)
        try:
            return _send(connection, _at_version(request, live), dry_run=False)
        except errors.ConflictError as error:
            if error.causes or attempt == _RACES - 1 or live is None:
                raise
    raise AssertionError("unreachable")


def _check_unchanged(step: plans.Step, live: Object | None) -> None:
    if live is None:
        if step.before is not None:
            raise errors.NotFoundError(_status(404, "NotFound", f"{_label(step)} is gone since it was planned", step))
        return
    if step.before is None:
        raise errors.AlreadyExistsError(_status(409, "AlreadyExists", f"{_label(step)} was created meanwhile", step))
    same = live["metadata"].get("uid") == step.uid
    # What a claim or pod of a deleted set is like meanwhile is the garbage collector's work, not somebody's edit.
    if not same or (step.kind not in _PARTS and edits.cleaned(live) != step.before):
        raise errors.ConflictError(_status(409, "Conflict", f"{_label(step)} changed since it was planned", step))


def _at_version(request: plans.Request, live: Object | None) -> plans.Request:
    if not request.versioned or live is None or not isinstance(request.body, dict):
        return request
    body = copy.copy(request.body)
    body["metadata"] = {**(body.get("metadata") or {}), "resourceVersion": live["metadata"]["resourceVersion"]}
    return dataclasses.replace(request, body=body)


def _send(connection: transport.Transport, request: plans.Request, *, dry_run: bool) -> transport.Answer:
    return connection.request(
        request.method,
        request.path,
        query=request.query,
        body=request.body,
        content_type=request.content_type,
        dry_run=dry_run,
    )


def _status(code: int, reason: str, message: str, step: plans.Step) -> Object:
    return {"code": code, "reason": reason, "message": message, "details": {"kind": step.kind, "name": step.name}}


def _label(step: plans.Step) -> str:
    return f"{step.kind} {step.namespace}/{step.name}"
