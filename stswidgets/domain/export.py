"""A plan as the commands that a person would have typed: kubectl's, and this package's in Python.

Works on anything shaped as `cluster.plans.Plan`: steps with a request (method, resource, namespace, name, body,
subresource, query). What is exported does the same as the plan, by the same requests.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from typing import Any, Protocol

from stswidgets.domain import yaml_emit


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
    def request(self) -> Request | None: ...


class Plan(Protocol):
    """What would be done, in order."""

    @property
    def steps(self) -> Iterable[Step]: ...


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
            commands.append(_command(step, request))
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


def _command(step: Step, request: Request) -> str:
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
    kind = {"application/strategic-merge-patch+json": "strategic", "application/merge-patch+json": "merge"}
    flags = [f"--type={kind.get(request.content_type, 'json')}"]
    if request.subresource:
        flags.append(f"--subresource={request.subresource}")
    return shlex.join(["kubectl", "patch", what, *where, *flags, "-p", json.dumps(request.body, separators=(",", ":"))])


def _replicas(request: Request) -> Any:
    """The count, where the request is a scale."""
    body = request.body
    spec = body.get("spec") if isinstance(body, dict) else None
    return spec["replicas"] if isinstance(spec, dict) and list(spec) == ["replicas"] else None


def _restarts(body: object) -> bool:
    spec: Any = body.get("spec") if isinstance(body, dict) else None
    for key in ("template", "metadata", "annotations"):
        spec = spec.get(key) if isinstance(spec, dict) and list(spec) == [key] else None
    return isinstance(spec, dict) and list(spec) == ["kubectl.kubernetes.io/restartedAt"]


def python(plan: Plan) -> str:
    """The same through this package: each line plans, so that the server is asked again, and applies."""
    steps = [step for step in plan.steps if step.request is not None]
    manifests = [step.request.body for step in steps if step.request is not None and _is_apply(step.request)]
    lines = ["import stswidgets", "", "cluster = stswidgets.connect()"]
    if manifests:
        listed = ",\n    ".join(_literal(manifest) for manifest in manifests)
        lines.append(f"plan = cluster.plan_apply([\n    {listed},\n])\ncluster.apply(plan)")
    lines += [f"cluster.apply({call})" for step in steps if (call := _call(step)) is not None]
    return "\n".join(lines)


def _call(step: Step) -> str | None:
    request = step.request
    if request is None or _is_apply(request):
        return None
    target = f"{step.namespace!r}, {step.name!r}"
    if request.method == "DELETE":
        if step.kind != "StatefulSet":
            return None
        how = request.body.get("propagationPolicy", "Background") if isinstance(request.body, dict) else "Background"
        return f"cluster.plan_delete({target}, propagation={how!r})"
    replicas = _replicas(request)
    if replicas is not None:
        return f"cluster.plan_scale({target}, {replicas!r})"
    return f"cluster.plan_restart({target})" if _restarts(request.body) else f"cluster.plan_roll_back({target})"


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
