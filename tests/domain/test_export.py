"""A plan as commands: they do what the plan does."""

from __future__ import annotations

import ast
import shlex
from dataclasses import dataclass, field
from typing import Any

import pytest

from stswidgets.domain import documents, export, starters

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"


@dataclass(frozen=True)
class Request:
    method: str
    body: object
    content_type: str = "application/json"
    query: dict[str, str] = field(default_factory=dict)
    subresource: str = ""


@dataclass(frozen=True)
class Step:
    verb: str
    kind: str
    name: str
    request: Request | None
    namespace: str = "shop"
    before: object = None
    after: object = None


@dataclass(frozen=True)
class Plan:
    steps: tuple[Step, ...]
    values: dict[str, object] = field(default_factory=dict)
    title: str = ""


def patch(body: Any, content_type: str = STRATEGIC, **values: object) -> Plan:
    return Plan((Step("patch", "StatefulSet", "db", Request("PATCH", body, content_type)),), values)


def delete(kind: str, name: str, how: str = "Background") -> Step:
    return Step("delete", kind, name, Request("DELETE", {"propagationPolicy": how}))


SCALE = patch({"metadata": {"resourceVersion": "7"}, "spec": {"replicas": 5}}, MERGE)
WHERE = "'shop', 'db'"
RESTARTED = {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "2026"}}}
RESTART = patch({"spec": {"template": RESTARTED}})
ROLL_BACK = patch({"spec": {"template": {"$patch": "replace", "spec": {}}}}, revision=3)
DELETE = Plan(
    (delete("StatefulSet", "db", "Orphan"), delete("PersistentVolumeClaim", "data-db-0"), delete("Service", "db"))
)


@pytest.mark.parametrize(
    ("plan", "command"),
    [
        (SCALE, "kubectl scale statefulset/db -n shop --replicas=5"),
        (RESTART, "kubectl rollout restart statefulset/db -n shop"),
        (ROLL_BACK, "kubectl rollout undo statefulset/db -n shop --to-revision=3"),
        (Plan((delete("Pod", "db-0"),)), "kubectl delete pod/db-0 -n shop"),
        (
            DELETE,
            """\
kubectl delete statefulset/db -n shop --cascade=orphan
kubectl delete persistentvolumeclaim/data-db-0 -n shop
kubectl delete service/db -n shop""",
        ),
        (Plan((Step("unchanged", "StatefulSet", "db", None),)), ""),
    ],
)
def test_a_plan_is_the_command_that_a_person_would_type(plan: Plan, command: str) -> None:
    assert export.kubectl(plan) == command


@pytest.mark.parametrize(
    ("plan", "line"),
    [
        (SCALE, "cluster.apply(cluster.plan_scale('shop', 'db', 5))"),
        (RESTART, "cluster.apply(cluster.plan_restart('shop', 'db'))"),
        (ROLL_BACK, "cluster.apply(cluster.plan_roll_back('shop', 'db', 3))"),
        (
            DELETE,
            f"cluster.apply(cluster.plan_delete({WHERE}, propagation='Orphan', claims=['data-db-0'], service=True))",
        ),
    ],
)
def test_a_plan_is_a_call_in_python(plan: Plan, line: str) -> None:
    assert export.python(plan).split("\n")[-1] == line


def applied(**query: str) -> Plan:
    objects = starters.draft("redis", namespace="shop").objects
    steps = (
        Step("create", each["kind"], each["metadata"]["name"], Request("PATCH", each, APPLY, query)) for each in objects
    )
    return Plan(tuple(steps))


def test_manifests_stand_in_one_document_that_says_them() -> None:
    command, _, rest = export.kubectl(applied()).partition("\n")
    assert command == "kubectl apply --server-side --field-manager=stswidgets -f - <<'EOF'"
    pair = documents.read(rest.removesuffix("EOF")).pair
    assert (pair.service, pair.manifest) == starters.draft("redis", namespace="shop").objects


def test_taking_fields_over_is_exported_too() -> None:
    assert "--force-conflicts" in export.kubectl(applied(force="true"))
    assert "force=True" in export.python(applied(force="true"))


def test_the_python_is_python_and_says_the_manifests() -> None:
    [call] = [
        node
        for node in ast.walk(ast.parse(export.python(applied())))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "plan_apply"
    ]
    assert ast.literal_eval(call.args[0]) == list(starters.draft("redis", namespace="shop").objects)


def test_a_manifest_cannot_end_the_document_early() -> None:
    body = {"kind": "StatefulSet", "data": "a\nEOF\nrm -rf /\n"}
    text = export.kubectl(Plan((Step("create", "StatefulSet", "db", Request("PATCH", body, APPLY)),)))
    assert text.split("\n")[-1] not in text.split("\n")[1:-1]


def test_a_hostile_name_stays_one_word_of_the_shell() -> None:
    plan = Plan((Step("delete", "Pod", "x; rm -rf /", Request("DELETE", {})),))
    assert shlex.split(export.kubectl(plan)) == ["kubectl", "delete", "pod/x; rm -rf /", "-n", "shop"]


OPENED = {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": {"minReadySeconds": 1}}
EDITED = {**OPENED, "spec": {"minReadySeconds": 5}}


def edit(body: Any, content_type: str, **query: str) -> Plan:
    request = Request("PATCH", body, content_type, {"fieldManager": "stswidgets", **query})
    unchanged = Step("unchanged", "Service", "db", None)
    step = Step("update", "StatefulSet", "db", request, before=OPENED, after=EDITED)
    return Plan((unchanged, step), title="plan.title.edit")


@pytest.mark.parametrize("plan", [edit(EDITED, APPLY), edit({"spec": {"minReadySeconds": 5}}, MERGE)])
def test_the_python_of_an_edit_plans_from_what_was_opened(plan: Plan) -> None:
    said: dict[str, Any] = {}
    module = ast.parse(export.python(plan))
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
            [target] = node.targets
            said[ast.unparse(target)] = ast.literal_eval(node.value)
    assert said == {"opened": [OPENED], "edited": [EDITED]}
    assert [ast.unparse(node) for node in module.body[-2:]] == [
        "plan = cluster.plan_apply(edited, opened=opened)",
        "cluster.apply(plan)",
    ]


def test_the_python_of_a_forced_edit_takes_fields_over() -> None:
    assert "opened=opened, force=True)" in export.python(edit(EDITED, APPLY, force="true"))


def test_an_applied_edit_is_one_document_with_its_kind() -> None:
    _command, _, rest = export.kubectl(edit(EDITED, APPLY)).partition("\n")
    assert documents.read(rest.removesuffix("EOF")).pair.manifest == EDITED


def test_a_patch_is_sent_under_the_same_manager() -> None:
    words = shlex.split(export.kubectl(edit({"spec": {"minReadySeconds": 5}}, MERGE)))
    assert words[:3] == ["kubectl", "patch", "statefulset/db"]
    assert {"--type=merge", "--field-manager=stswidgets"} <= set(words)
