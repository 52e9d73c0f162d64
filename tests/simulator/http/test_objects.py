"""Objects over HTTP: what is accepted, what is refused, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

MAPS = "/api/v1/namespaces/default/configmaps"


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": {"n": name}}, "data": data}


def test_a_created_object_is_answered_with_201_and_what_the_server_added(site: Any) -> None:
    answer = site.ask("POST", MAPS, config_map("a", x="1"))
    assert answer.status == 201
    metadata = answer.json["metadata"]
    assert list(metadata)[:5] == ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"]
    assert metadata["managedFields"][0]["manager"] == "test"


def test_a_taken_name_is_a_409_that_names_the_object(site: Any) -> None:
    site.ask("POST", MAPS, config_map("a"))
    answer = site.ask("POST", MAPS, config_map("a"))
    assert answer.json == {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": 'configmaps "a" already exists',
        "reason": "AlreadyExists",
        "details": {"name": "a", "kind": "configmaps"},
        "code": 409,
    }


def test_a_stale_version_is_a_conflict(site: Any) -> None:
    stale = site.ask("POST", MAPS, config_map("a", x="1")).json
    site.ask("PUT", f"{MAPS}/a", {**stale, "data": {"x": "2"}})
    answer = site.ask("PUT", f"{MAPS}/a", {**stale, "data": {"x": "3"}})
    assert (answer.status, answer.json["reason"]) == (409, "Conflict")
    assert "the object has been modified; please apply your changes to the latest version" in answer.json["message"]


def test_a_write_that_changes_nothing_keeps_the_version(site: Any) -> None:
    first = site.ask("POST", MAPS, config_map("a", x="1")).json
    second = site.ask("PUT", f"{MAPS}/a", config_map("a", x="1")).json
    assert second["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]


def test_a_dry_run_answers_the_object_and_stores_nothing(site: Any) -> None:
    assert site.ask("POST", f"{MAPS}?dryRun=All", config_map("a")).status == 201
    assert site.ask("GET", f"{MAPS}/a").status == 404


def test_an_unknown_field_is_a_warning_unless_strict_is_asked(site: Any) -> None:
    body = {**config_map("a"), "foo": 1}
    strict = site.ask("POST", f"{MAPS}?fieldValidation=Strict", body)
    assert strict.status == 400
    assert strict.json["message"].endswith('strict decoding error: unknown field "foo"')
    assert site.ask("POST", MAPS, body).headers["Warning"] == '299 - "unknown field \\"foo\\""'


def test_a_field_that_stands_twice_is_refused_when_strict(site: Any) -> None:
    body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1","x":"2"}}'
    answer = site.ask("POST", f"{MAPS}?fieldValidation=Strict", body)
    assert answer.json["message"].endswith('strict decoding error: duplicate field "data.x"')


def test_yaml_is_read_like_json(site: Any) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {when: '2026-01-01', on: x}\n"
    assert site.ask("POST", MAPS, text, media="application/yaml").json["data"] == {
        "when": "2026-01-01",
        "true": "x",
    }


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{nope", "invalid character 'n' looking for beginning of object key string ({nope)"),
        ("", "unexpected end of JSON input (<empty>)"),
        ('{"a": 1]', "invalid character ']' after object key:value pair ({\"a\": 1])"),
    ],
)
def test_a_body_that_is_no_json_is_refused_in_the_words_of_gos_decoder(site: Any, body: str, why: str) -> None:
    answer = site.ask("POST", MAPS, body)
    assert answer.status == 400
    assert answer.json["message"].endswith(f"json parse error: {why}")


def test_an_object_of_another_kind_is_refused(site: Any) -> None:
    answer = site.ask("POST", MAPS, {"apiVersion": "v1", "kind": "Nope", "metadata": {"name": "a"}})
    assert answer.status == 400
    assert 'no kind "Nope" is registered for version "v1"' in answer.json["message"]


def test_a_body_of_an_unknown_type_is_a_415(site: Any) -> None:
    assert site.ask("POST", MAPS, "x", media="text/plain").status == 415


def test_a_name_in_the_body_must_be_that_of_the_path(site: Any) -> None:
    site.ask("POST", MAPS, config_map("a"))
    answer = site.ask("PUT", f"{MAPS}/a", config_map("b"))
    assert answer.json["message"] == "the name of the object (b) does not match the name on the URL (a)"


def test_a_generated_name_has_five_characters_behind_its_base(site: Any) -> None:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "a-"}}
    name = site.ask("POST", MAPS, body).json["metadata"]["name"]
    assert name.startswith("a-")
    assert len(name) == 7


def test_a_delete_answers_a_status_with_the_uid(site: Any) -> None:
    uid = site.ask("POST", MAPS, config_map("a")).json["metadata"]["uid"]
    answer = site.ask("DELETE", f"{MAPS}/a").json
    assert (answer["status"], answer["details"]) == ("Success", {"name": "a", "kind": "configmaps", "uid": uid})


def test_an_object_with_finalizers_stays_until_they_are_gone(site: Any) -> None:
    body = config_map("a")
    body["metadata"]["finalizers"] = ["example.com/x"]
    site.ask("POST", MAPS, body)
    assert "deletionTimestamp" in site.ask("DELETE", f"{MAPS}/a").json["metadata"]
    patch = {"metadata": {"finalizers": None}}
    site.ask("PATCH", f"{MAPS}/a", patch, media="application/merge-patch+json")
    assert site.ask("GET", f"{MAPS}/a").status == 404


def test_a_delete_with_another_uid_is_a_conflict(site: Any) -> None:
    site.ask("POST", MAPS, config_map("a"))
    answer = site.ask("DELETE", f"{MAPS}/a", {"preconditions": {"uid": "x"}})
    assert (answer.status, site.ask("GET", f"{MAPS}/a").status) == (409, 200)


def test_a_collection_is_deleted_by_selector(site: Any) -> None:
    for name in ("a", "b"):
        site.ask("POST", MAPS, config_map(name))
    site.ask("DELETE", f"{MAPS}?labelSelector=n=a")
    assert [item["metadata"]["name"] for item in site.ask("GET", MAPS).json["items"]] == ["b"]


def test_an_object_in_no_namespace_is_a_404_of_the_namespace(site: Any) -> None:
    answer = site.ask("POST", "/api/v1/namespaces/nowhere/configmaps", config_map("a"))
    assert answer.json["message"] == 'namespaces "nowhere" not found'


def test_an_apply_creates_then_owns_what_it_names(site: Any) -> None:
    body = config_map("a", x="1")
    first = site.ask("PATCH", f"{MAPS}/a?fieldManager=me", body, media="application/apply-patch+yaml")
    second = site.ask("PATCH", f"{MAPS}/a?fieldManager=me", body, media="application/apply-patch+yaml")
    assert (first.status, second.status) == (201, 200)
    assert [(item["manager"], item["operation"]) for item in second.json["metadata"]["managedFields"]] == [
        ("me", "Apply")
    ]


def test_an_apply_without_a_manager_is_refused(site: Any) -> None:
    answer = site.ask("PATCH", f"{MAPS}/a", config_map("a"), media="application/apply-patch+yaml")
    assert (answer.status, answer.json["details"]["causes"][0]["field"]) == (422, "fieldManager")


def test_a_patch_that_makes_an_object_unreadable_is_a_422(site: Any) -> None:
    site.ask("POST", MAPS, config_map("a"))
    answer = site.ask("PATCH", f"{MAPS}/a", {"data": {"x": 1}}, media="application/merge-patch+json")
    assert (answer.status, answer.json["details"]["causes"][0]["field"]) == (422, "patch")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/api/v1/foo", 404),
        ("GET", "/apis/apps/v2", 404),
        ("GET", "/foo", 404),
        ("POST", f"{MAPS}/a", 405),
        ("PUT", MAPS, 405),
        ("GET", "/api/v1/namespaces/default/secrets/x/status", 404),
    ],
)
def test_what_is_not_served_is_refused(site: Any, method: str, path: str, code: int) -> None:
    assert site.ask(method, path, {} if method != "GET" else None).status == code


def test_a_trailing_slash_is_tolerated(site: Any) -> None:
    assert site.ask("GET", f"{MAPS}/").json["kind"] == "ConfigMapList"
    assert site.ask("GET", "/version/").json["gitVersion"] == "v1.37.2"


def test_an_event_is_shown_in_both_groups(site: Any) -> None:
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "e"},
        "involvedObject": {"kind": "Pod", "name": "p", "namespace": "default"},
        "message": "hello",
    }
    site.ask("POST", "/api/v1/namespaces/default/events", event)
    item = site.ask("GET", "/apis/events.k8s.io/v1/namespaces/default/events").json["items"][0]
    assert (item["note"], item["regarding"]["name"]) == ("hello", "p")
    one = site.ask("GET", "/apis/events.k8s.io/v1/namespaces/default/events/e").json
    assert (one["apiVersion"], one["note"]) == ("events.k8s.io/v1", "hello")
