"""Discovery, OpenAPI, health and faults."""

from __future__ import annotations

import time
from typing import Any

import pytest
import urllib3

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
MAPS = "/api/v1/namespaces/default/configmaps"


def test_discovery_is_aggregated_for_who_asks_so(site: Any) -> None:
    answer = site.ask("GET", "/apis", Accept=AGGREGATED)
    assert answer.headers["Content-Type"].endswith("as=APIGroupDiscoveryList")
    apps = next(item for item in answer.json["items"] if item["metadata"]["name"] == "apps")
    sets = next(item for item in apps["versions"][0]["resources"] if item["resource"] == "statefulsets")
    assert sets["shortNames"] == ["sts"]
    assert {item["subresource"] for item in sets["subresources"]} == {"scale", "status"}


def test_discovery_is_by_group_for_who_does_not(site: Any) -> None:
    groups = {group["name"] for group in site.ask("GET", "/apis").json["groups"]}
    assert {"apps", "policy", "metrics.k8s.io"} <= groups
    resources = site.ask("GET", "/apis/apps/v1").json["resources"]
    assert {"statefulsets", "statefulsets/scale", "statefulsets/status"} <= {item["name"] for item in resources}


def test_every_group_and_version_has_an_openapi_document(site: Any) -> None:
    index = site.ask("GET", "/openapi/v3").json["paths"]
    document = site.ask("GET", index["apis/apps/v1"]["serverRelativeURL"])
    assert "immutable" in document.headers["Cache-Control"]
    path = "/apis/apps/v1/namespaces/{namespace}/statefulsets/{name}"
    parameters = {item["name"] for item in document.json["paths"][path]["patch"]["parameters"]}
    assert {"fieldValidation", "fieldManager", "dryRun", "force"} <= parameters
    schema = document.json["components"]["schemas"]["io.k8s.api.apps.v1.StatefulSet"]
    assert schema["x-kubernetes-group-version-kind"] == [{"group": "apps", "kind": "StatefulSet", "version": "v1"}]


def test_every_reference_of_a_document_is_in_it(site: Any) -> None:
    text = site.ask("GET", "/openapi/v3/api/v1")
    schemas = text.json["components"]["schemas"]
    wanted = {part.split(b'"')[0].decode() for part in text.data.split(b"#/components/schemas/")[1:]}
    assert wanted <= set(schemas)


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz", "/readyz/ping"])
def test_the_server_says_that_it_is_well(site: Any, path: str) -> None:
    assert site.ask("GET", path).data == b"ok"


def arm(site: Any, **fault: Any) -> Any:
    return site.ask("POST", f"/{site.server.identities.tokens['admin']}/simulator/faults", fault)


def test_a_fault_strikes_as_often_as_it_was_armed(site: Any) -> None:
    arm(site, kind="status", code=503, path="/configmaps", times=2)
    assert [site.ask("GET", MAPS).status for _ in range(3)] == [503, 503, 200]


def test_a_throttled_request_is_told_when_to_come_back(site: Any) -> None:
    arm(site, kind="status", code=429, after=7)
    answer = site.ask("GET", MAPS)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_a_connection_can_break(site: Any, kind: str) -> None:
    arm(site, kind=kind)
    with pytest.raises(Exception, match=r"Connection|IncompleteRead"):
        site.ask("GET", MAPS)
    assert site.ask("GET", MAPS).status == 200


@pytest.mark.parametrize(("user", "code"), [("admin", 200), ("viewer", 401), ("nobody", 401)])
def test_faults_are_the_admins_alone(site: Any, user: str, code: int) -> None:
    assert site.ask("GET", "/simulator/faults", user=user).status == code


def test_a_fault_of_no_kind_is_refused(site: Any) -> None:
    assert arm(site, kind="nope").status == 400


def test_a_server_that_is_gone_comes_back(site: Any) -> None:
    headers = {"Authorization": f"Bearer {site.server.identities.tokens['admin']}"}
    url = f"{site.address}{MAPS}?watch=1&timeoutSeconds=20"
    watch = site.pool.request("GET", url, headers=headers, preload_content=False, timeout=20)
    arm(site, kind="gone", seconds=0.5)
    with pytest.raises(urllib3.exceptions.HTTPError):
        list(watch.stream(amt=None))
    deadline = time.monotonic() + 10
    outcomes = [outcome(site)]
    while outcomes[-1] != 200:
        assert time.monotonic() < deadline
        outcomes.append(outcome(site))
    assert outcomes[0] == "broken"


def outcome(site: Any) -> Any:
    try:
        return site.ask("GET", MAPS).status
    except urllib3.exceptions.HTTPError:
        return "broken"
