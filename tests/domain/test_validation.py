"""Each rule, at its place, with its words."""

from __future__ import annotations

from typing import Any

import pytest

from stswidgets.domain import paths, starters
from stswidgets.domain.draft import Draft

POD = "spec.template.spec"
BOX = f"{POD}.containers[0]"


def with_values(values: dict[str, Any], *, service: dict[str, Any] | None = None) -> Draft:
    draft = starters.draft("web")
    manifest, headless = draft.manifest, draft.service
    for path, value in values.items():
        manifest = paths.put(manifest, paths.parse(path).steps, value)
    for path, value in (service or {}).items():
        headless = paths.put(headless, paths.parse(path).steps, value)
    return Draft(manifest, headless)


def found(draft: Draft) -> dict[str, str]:
    return {problem.path: problem.key.removeprefix("problem.") for problem in draft.problems()}


CASES: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"metadata.name": "Web"}, {"metadata.name": "name.dns_label"}),
    ({"metadata.name": "web.one"}, {"metadata.name": "name.dns_label"}),
    ({"metadata.name": "w" * 53}, {"metadata.name": "name.no_room_for_hash"}),
    ({"metadata.name": "w" * 52}, {}),
    ({"metadata.name": "w" * 64}, {"metadata.name": "name.too_long"}),
    ({"spec.replicas": -1}, {"spec.replicas": "negative"}),
    ({"spec.replicas": 1.5}, {"spec.replicas": "integer"}),
    ({"spec.replicas": True}, {"spec.replicas": "integer"}),
    ({"spec.replicas": "3"}, {"spec.replicas": "integer"}),
    ({f"{BOX}.image": "nginx 1"}, {f"{BOX}.image": "image"}),
    ({f"{BOX}.image": "NGINX"}, {f"{BOX}.image": "image"}),
    ({f"{BOX}.image": "r.example.com:5000/a/b_c:1.0-x"}, {}),
    ({f"{BOX}.image": "nginx@sha256:" + "a" * 64}, {}),
    ({f"{BOX}.image": ""}, {f"{BOX}.image": "required"}),
    ({f"{BOX}.resources.requests.cpu": "12Gx"}, {f"{BOX}.resources.requests[cpu]": "quantity"}),
    ({f"{BOX}.resources.requests.cpu": 0.5}, {}),
    (
        {f"{BOX}.resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "512Mi"}}},
        {f"{BOX}.resources.requests[memory]": "request_over_limit"},
    ),
    ({f"{BOX}.ports[0].containerPort": 0}, {f"{BOX}.ports[0].containerPort": "port"}),
    ({f"{BOX}.ports[0].name": "Http"}, {f"{BOX}.ports[0].name": "name.port"}),
    ({f"{BOX}.ports[0].name": "a" * 16}, {f"{BOX}.ports[0].name": "name.port_too_long"}),
    ({f"{BOX}.ports[1]": {"containerPort": 80}}, {f"{BOX}.ports[1].containerPort": "duplicate_port"}),
    ({f"{BOX}.ports[1]": {"containerPort": 80, "protocol": "UDP"}}, {}),
    ({f"{BOX}.ports[1]": {"containerPort": 81, "name": "http"}}, {f"{BOX}.ports[1].name": "duplicate"}),
    ({f"{BOX}.env": [{"name": "A=B", "value": "1"}]}, {f"{BOX}.env[0].name": "name.environment"}),
    ({f"{BOX}.env": [{"name": "A"}, {"name": "A"}]}, {f"{BOX}.env[1].name": "duplicate"}),
    ({f"{BOX}.env": [{"name": "A", "value": 1}]}, {f"{BOX}.env[0].value": "not_text"}),
    (
        {f"{BOX}.volumeMounts[1]": {"name": "x", "mountPath": "/x"}},
        {f"{BOX}.volumeMounts[1].name": "no_such_volume"},
    ),
    (
        {f"{BOX}.volumeMounts[1]": {"name": "www", "mountPath": "/usr/share/nginx/html"}},
        {f"{BOX}.volumeMounts[1].mountPath": "duplicate"},
    ),
    ({f"{BOX}.volumeMounts[0].mountPath": "a:b"}, {f"{BOX}.volumeMounts[0].mountPath": "mount_path.colon"}),
    ({f"{BOX}.volumeMounts[0].mountPath": "a"}, {f"{BOX}.volumeMounts[0].mountPath": "mount_path.relative"}),
    ({f"{BOX}.volumeMounts[0].subPath": "../x"}, {f"{BOX}.volumeMounts[0].subPath": "sub_path"}),
    ({f"{BOX}.comand": ["x"]}, {f"{BOX}.comand": "unknown_field_like"}),
    ({"spec.paused": True}, {"spec.paused": "unknown_field"}),
    (
        {"spec.volumeClaimTemplates[0].spec.resources.requests.storage": "0"},
        {"spec.volumeClaimTemplates[0].spec.resources.requests[storage]": "size"},
    ),
    (
        {"spec.volumeClaimTemplates[0].spec.accessModes": []},
        {"spec.volumeClaimTemplates[0].spec.accessModes[0]": "required"},
    ),
    ({"spec.selector.matchLabels": {"app": "other"}}, {"spec.selector.matchLabels[app]": "selector_mismatch"}),
    ({"spec.selector.matchLabels": {}}, {"spec.selector.matchLabels": "selector_empty"}),
    ({"metadata.labels": {"-a": "x"}}, {"metadata.labels[-a]": "name.key"}),
    ({"metadata.labels": {"a/b/c": "x"}}, {"metadata.labels[a/b/c]": "name.key_prefix"}),
    ({"metadata.labels": {"a": "b c"}}, {"metadata.labels[a]": "name.label_value"}),
    ({"metadata.annotations": {"A.b/C": "x y"}}, {}),
    ({"metadata.annotations": {"a": 1}}, {"metadata.annotations[a]": "not_text"}),
    (
        {"spec.updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 0}}},
        {"spec.updateStrategy.rollingUpdate": "rolling_with_on_delete"},
    ),
    (
        {"spec.updateStrategy": {"rollingUpdate": {"partition": 3}}},
        {"spec.updateStrategy.rollingUpdate.partition": "partition_holds_all"},
    ),
    (
        {"spec.updateStrategy": {"rollingUpdate": {"maxUnavailable": "0%"}}},
        {"spec.updateStrategy.rollingUpdate.maxUnavailable": "max_unavailable"},
    ),
    ({"spec.updateStrategy": {"rollingUpdate": {"maxUnavailable": "25%"}}}, {}),
    ({"spec.podManagementPolicy": "Slow"}, {"spec.podManagementPolicy": "choice"}),
    ({f"{POD}.restartPolicy": "Never"}, {f"{POD}.restartPolicy": "restart_policy"}),
    ({f"{POD}.containers": []}, {f"{POD}.containers": "no_container"}),
    (
        {"metadata.annotations": {"kubesphere.io/alias-name": "-x"}},
        {"metadata.annotations[kubesphere.io/alias-name]": "alias"},
    ),
    ({"metadata.annotations": {"kubesphere.io/alias-name": "账本-1"}}, {}),
]


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_a_rule_is_said_at_its_field(values: dict[str, Any], expected: dict[str, str]) -> None:
    draft = with_values(values)
    said = {path: key for path, key in found(draft).items() if key not in {"service_name", "not_mounted"}}
    assert said == expected


def test_a_claim_that_nobody_mounts_is_a_warning() -> None:
    draft = with_values({f"{BOX}.volumeMounts": []})
    problem = draft.problems()[0]
    assert (problem.key, problem.severity) == ("problem.not_mounted", "warning")


def test_a_service_of_another_name_is_a_warning() -> None:
    assert found(with_values({"spec.serviceName": "other"})) == {"spec.serviceName": "service_name"}


def test_a_set_without_a_service_name_may_have_a_service_beside_it() -> None:
    draft = with_values({"spec.serviceName": None})
    assert [(each.key, each.severity) for each in draft.problems()] == [("problem.service_unnamed", "warning")]


def test_several_service_ports_need_names() -> None:
    draft = with_values({}, service={"spec.ports[1]": {"port": 81}})
    assert found(draft) == {"service:spec.ports[1].name": "required"}


def test_service_ports_have_names_of_their_own() -> None:
    draft = with_values({}, service={"spec.ports[1]": {"port": 81, "name": "http"}})
    assert found(draft) == {"service:spec.ports[1].name": "duplicate"}


IMMUTABLE: list[tuple[str, Any, str]] = [
    ("spec.serviceName", "other", "spec.serviceName"),
    ("spec.podManagementPolicy", "Parallel", "spec.podManagementPolicy"),
    ("spec.selector.matchLabels", {"app": "web", "a": "b"}, "spec.selector"),
    ("spec.volumeClaimTemplates[0].spec.resources.requests.storage", "2Gi", "spec.volumeClaimTemplates"),
    ("metadata.name", "other", "metadata.name"),
]


@pytest.mark.parametrize(("path", "value", "at"), IMMUTABLE)
def test_what_cannot_be_changed_names_what_it_was(path: str, value: Any, at: str) -> None:
    original = starters.draft("web").manifest
    draft = Draft(paths.put(original, paths.parse(path).steps, value), original=original)
    problem = next(each for each in draft.problems() if each.key == "problem.immutable")
    assert problem.path == at
    assert problem.values["before"]


def test_what_the_server_added_to_a_claim_is_no_change() -> None:
    original = Draft.from_yaml(starters.text("web")).manifest
    stored = paths.put(original, paths.parse("spec.volumeClaimTemplates[0].spec.volumeMode").steps, "Filesystem")
    stored = paths.put(stored, paths.parse("spec.volumeClaimTemplates[0].status.phase").steps, "Pending")
    assert Draft(original, original=stored).problems() == ()


def test_problems_stand_at_their_line() -> None:
    draft = Draft.from_yaml(starters.text("web").replace("image: nginx:1.27", "image: NGINX"))
    line = draft.problems()[0].line
    assert line is not None
    assert "NGINX" in draft.yaml.split("\n")[line - 1]


def test_an_error_weighs_more_than_a_warning_at_the_same_place() -> None:
    draft = with_values({f"{BOX}.volumeMounts": [], "spec.volumeClaimTemplates[0].metadata.name": "Www"})
    assert found(draft) == {"spec.volumeClaimTemplates[0].metadata.name": "name.dns_label"}
