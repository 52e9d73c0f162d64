"""A plan as the browser shows it: the PlanModel of `docs/architecture.md`."""

from __future__ import annotations

from typing import Any

from stswidgets.cluster.plans import Plan, Step
from stswidgets.domain import diff, export, yaml_emit
from stswidgets.state.desk import Desk
from stswidgets.state.notices import Notice

_LONGEST_VALUE = 400


def model(plan: Plan, desk: Desk, *, applying: bool, applied: Notice | None) -> dict[str, Any]:
    """`plan` in the desk's language."""
    lang = desk.lang
    deletes = any(step.verb == "delete" for step in plan.steps)
    return {
        "title": plan.text(lang),
        "sentence": _sentence(plan, desk),
        "objects": [_object(step) for step in plan.steps],
        "warnings": [note.text(lang) for note in plan.warnings],
        "dropped": list(plan.dropped),
        "conflicts": [
            {"manager": conflict.manager, "fields": list(conflict.fields), "text": conflict.text(lang)}
            for conflict in plan.conflicts
        ],
        "problems": [{"path": note.path, "text": note.text(lang)} for note in plan.problems],
        "goes": [note.text(lang) for note in plan.goes],
        "further": [_object(step) for step in plan.further],
        "stays": [note.text(lang) for note in plan.stays],
        "can_apply": plan.can_apply,
        "can_force": plan.can_force,
        "can_rebase": plan.can_rebase,
        "apply_label": desk.text("state.plan.delete" if deletes else "state.plan.apply"),
        "confirm": plan.confirm or None,
        "destructive": deletes,
        "kubectl": export.kubectl(plan),
        "python": export.python(plan),
        "applying": applying,
        "applied": applied,
    }


def change(entry: diff.Change) -> dict[str, Any]:
    """One changed path. Long values are cut: the whole of them stands in the YAML beside it."""
    return {
        "path": entry.path,
        "op": entry.op,
        "before": _value(entry.before),
        "after": _value(entry.after),
        "note": None,
    }


def _object(step: Step) -> dict[str, Any]:
    return {
        "verb": step.verb,
        "kind": step.kind,
        "namespace": step.namespace,
        "name": step.name,
        "before_yaml": None if step.before is None else yaml_emit.dump(step.before),
        "after_yaml": None if step.after is None else yaml_emit.dump(step.after),
        "changes": [change(entry) for entry in step.changes],
    }


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else yaml_emit.dump(value).rstrip("\n")
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _sentence(plan: Plan, desk: Desk) -> str:
    """What stands above the objects: why it cannot be applied, or how much would change."""
    if plan.problems:
        return desk.text("state.plan.refused", count=len(plan.problems))
    if plan.conflicts:
        return desk.text("state.plan.conflicts", count=len(plan.conflicts))
    if not plan.has_changes:
        return desk.text("state.plan.nothing")
    return desk.text("state.plan.checked", count=sum(step.verb != "unchanged" for step in plan.steps))
