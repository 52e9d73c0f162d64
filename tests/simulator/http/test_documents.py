"""Discovery, OpenAPI and health."""

from __future__ import annotations

from typing import Any

import pytest

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
