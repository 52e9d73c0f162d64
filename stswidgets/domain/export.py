"""A plan as the commands that a person would have typed: kubectl's, and this package's in Python.

Works on anything shaped as `cluster.plans.Plan`: steps with a request (method, resource, namespace, name, body,
subresource, query). What is exported does the same as the plan, by the same requests.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from stswidgets.domain import yaml_emit

_EDIT = "plan.title.edit"


class Request(Protocol):
    """One write."""

    @property
    def method(self) -> str: ...
    @property
    def body(self) -> object: ...
    @property
    def content_type(self) -> str: ...
    @property
    def query(self) -> dict[str, str]: ...
    @property
    def subresource(self) -> str: ...


class Step(Protocol):
    """One object's part of a plan; `request` is None where nothing is to be done."""

    @property
    def verb(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def before(self) -> object: ...
    @property
    def after(self) -> object: ...
    @property
    def request(self) -> Request | None: ...


class Plan(Protocol):
    """What would be done, in order; `values` are the title's, of which a roll back's `revision` is read."""

    @property
    def title(self) -> str: ...
    @property
    def steps(self) -> Iterable[Step]: ...
    @property
    def values(self) -> Mapping[str, object]: ...


def kubectl(plan: Plan) -> str:
    """The kubectl commands, one after the other; manifests stand in a here-document."""
    commands = []
    manifests: list[Any] = []
    forced = False
    for step in plan.steps:
        request = step.request
        if request is None:
            continue
        if _is_apply(request):
            manifests.append(request.body)
            forced = forced or request.query.get("force") == "true"
        else:
            commands.append(_command(step, request, plan))
    if manifests:
        commands.insert(0, _apply(manifests, forced))
    return "\n".join(commands)


def _is_apply(request: Request) -> bool:
    return request.method == "PATCH" and request.content_type.startswith("application/apply-patch")


def _apply(manifests: list[Any], forced: bool) -> str:
    flags = "--server-side --field-manager=stswidgets" + (" --force-conflicts" if forced else "")
    text = "---\n".join(yaml_emit.dump(manifest) for manifest in manifests)
    end = _free_word(text)
    return f"kubectl apply {flags} -f - <<'{end}'\n{text}{end}"


def _free_word(text: str) -> str:
    """A word that is no line of `text`, to end the here-document."""
    word = "EOF"
    while word in text.split("\n"):
        word += "_"
    return word


def _command(step: Step, request: Request, plan: Plan) -> str:
    where = ["-n", step.namespace] if step.namespace else []
    what = f"{step.kind.lower()}/{step.name}"
    if request.method == "DELETE":
        how = (request.body or {}).get("propagationPolicy", "") if isinstance(request.body, dict) else ""
        cascade = [f"--cascade={how.lower()}"] if how and how != "Background" else []
        return shlex.join(["kubectl", "delete", what, *where, *cascade])
    replicas = _replicas(request)
    if replicas is not None:
        return shlex.join(["kubectl", "scale", what, *where, f"--replicas={replicas}"])
    if _restarts(request.body):
        return shlex.join(["kubectl", "rollout", "restart", what, *where])
    if _rolls_back(request.body):
        return shlex.join(
            ["kubectl", "rollout", "undo", what, *where, f"--to-revision={plan.values.get('revision', 0)}"]
        )
    kind = {"application/strategic-merge-patch+json": "strategic", "application/merge-patch+json": "merge"}
    flags = [f"--type={kind.get(request.content_type, 'json')}"]
    if manager := request.query.get("fieldManager"):
        flags.append(f"--field-manager={manager}")
    if request.subresource:
        flags.append(f"--subresource={request.subresource}")
    return shlex.join(["kubectl", "patch", what, *where, *flags, "-p", json.dumps(request.body, separators=(",", ":"))])


def _replicas(request: Request) -> Any:
    """The count, where the request is a scale."""
    body = request.body
    spec = body.get("spec") if isinstance(body, dict) else None
    return spec["replicas"] if isinstance(spec, dict) and list(spec) == ["replicas"] else None


def _template(body: object) -> Any:
    """The pod template, where the request changes nothing else."""
    spec = body.get("spec") if isinstance(body, dict) else None
    return spec["template"] if isinstance(spec, dict) and list(spec) == ["template"] else None


def _restarts(body: object) -> bool:
    below = _template(body)
    for key in ("metadata", "annotations", "kubectl.kubernetes.io/restartedAt"):
        below = below.get(key) if isinstance(below, dict) and list(below) == [key] else None
    return below is not None


def _rolls_back(body: object) -> bool:
    template = _template(body)
    return isinstance(template, dict) and template.get("$patch") == "replace"


def python(plan: Plan) -> str:
    """The same through this package: each line plans, so that the server is asked again, and applies."""
    steps = [(step, step.request) for step in plan.steps if step.request is not None]
    lines = ["import stswidgets", "", "cluster = stswidgets.connect()"]
    if plan.title == _EDIT:
        return "\n".join([*lines, *_edit(steps)])
    manifests = [request.body for _step, request in steps if _is_apply(request)]
    if manifests:
        lines.append(f"plan = cluster.plan_apply({_literal(manifests, 0)}{_force(steps)})")
        lines.append("cluster.apply(plan)")
    lines += [f"cluster.apply({call})" for call in (_change(*pair, plan) for pair in steps) if call]
    deletes = [step for step, request in steps if request.method == "DELETE"]
    lines += [f"cluster.apply({_delete(step, deletes)})" for step in deletes if step.kind == "StatefulSet"]
    return "\n".join(lines)


def _edit(steps: list[tuple[Step, Request]]) -> list[str]:
    """An edit is planned from what was opened to what it is now: alone, a manifest whose name is taken is refused."""
    if not steps:
        return []
    return [
        f"opened = {_literal([step.before for step, _request in steps], 0)}",
        f"edited = {_literal([step.after for step, _request in steps], 0)}",
        f"plan = cluster.plan_apply(edited, opened=opened{_force(steps)})",
        "cluster.apply(plan)",
    ]


def _force(steps: list[tuple[Step, Request]]) -> str:
    return ", force=True" if any(request.query.get("force") == "true" for _step, request in steps) else ""


def _change(step: Step, request: Request, plan: Plan) -> str:
    """The call for a patch of the set; "" for what is none."""
    target = f"{step.namespace!r}, {step.name!r}"
    if _is_apply(request) or request.method != "PATCH":
        return ""
    replicas = _replicas(request)
    if replicas is not None:
        return f"cluster.plan_scale({target}, {replicas!r})"
    if _restarts(request.body):
        return f"cluster.plan_restart({target})"
    return f"cluster.plan_roll_back({target}, {plan.values.get('revision', 0)!r})" if _rolls_back(request.body) else ""


def _delete(step: Step, all_of_it: Iterable[Step]) -> str:
    body = step.request.body if step.request is not None else None
    how = body.get("propagationPolicy", "Background") if isinstance(body, dict) else "Background"
    claims = [each.name for each in all_of_it if each.kind == "PersistentVolumeClaim"]
    service = any(each.kind == "Service" for each in all_of_it)
    further = (f", claims={claims!r}" if claims else "") + (", service=True" if service else "")
    return f"cluster.plan_delete({step.namespace!r}, {step.name!r}, propagation={how!r}{further})"


def _literal(value: Any, indent: int = 4) -> str:
    """JSON as Python writes it, one entry a line where it does not fit on one."""
    short = repr(value)
    if len(short) + indent <= 100 or not isinstance(value, dict | list) or not value:
        return short
    pad = " " * (indent + 4)
    if isinstance(value, dict):
        inner = [f"{pad}{key!r}: {_literal(below, indent + 4)}," for key, below in value.items()]
        return "{\n" + "\n".join(inner) + "\n" + " " * indent + "}"
    inner = [f"{pad}{_literal(below, indent + 4)}," for below in value]
    return "[\n" + "\n".join(inner) + "\n" + " " * indent + "]"
