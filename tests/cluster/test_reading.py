"""Lists, page by page."""

from __future__ import annotations

import pytest

from stswidgets import errors
from stswidgets.cluster import decoding
from tests.cluster.loopback import Reply, page, pod, status


def test_a_list_is_read_in_pages_of_500(scripted):
    pages = {"": page([pod("a", "1")], token="next"), "next": page([pod("b", "2")])}
    cluster, server = scripted(lambda request: pages[request.query.get("continue", "")])
    assert [item["metadata"]["name"] for item in cluster.list("pods")] == ["a", "b"]
    assert [request.query["limit"] for request in server.requests] == ["500", "500"]


def test_a_list_whose_snapshot_expired_begins_again(scripted):
    def script(request):
        if request.query.get("continue"):
            return status(410, "Expired", "too old") if request.count == 1 else page([pod("b", "2")])
        return page([pod("a", "1")], token="next")

    cluster, server = scripted(script)
    assert [item["metadata"]["name"] for item in cluster.list("pods")] == ["a", "b"]
    assert len(server.requests) == 4


def test_a_list_that_expires_again_and_again_is_an_error(scripted):
    def script(request):
        return status(410, "Expired", "too old") if request.query.get("continue") else page([], token="next")

    cluster, _ = scripted(script)
    with pytest.raises(errors.ExpiredError):
        cluster.list("pods")


def test_selectors_are_sent(scripted):
    cluster, server = scripted(lambda request: page([]))
    cluster.list("pods", "shop", labels="app=db,tier in (a)", fields="metadata.name=db-0")
    assert server.requests[0].path == "/api/v1/namespaces/shop/pods"
    assert server.requests[0].query["labelSelector"] == "app=db,tier in (a)"
    assert server.requests[0].query["fieldSelector"] == "metadata.name=db-0"


def test_objects_of_a_list_say_their_kind_and_have_no_managed_fields(scripted):
    item = pod("a", "1")
    item["metadata"]["managedFields"] = [{"manager": "x"}]
    cluster, _ = scripted(lambda request: page([item]))
    (found,) = cluster.list("pods")
    assert (found["apiVersion"], found["kind"]) == ("v1", "Pod")
    assert "managedFields" not in found["metadata"]


def test_a_list_of_null_items_is_empty(scripted):
    cluster, _ = scripted(lambda request: Reply({"metadata": {"resourceVersion": "1"}, "items": None}))
    assert cluster.list("pods") == []


def test_rows_open_spec_and_status_only_when_asked(scripted):
    cluster, _ = scripted(lambda request: page([pod("a", "1", nodeName="n1")]))
    (row,) = cluster.list_rows("pods")
    assert row.metadata.name == "a"
    assert decoding.decode(row.spec) == {"nodeName": "n1"}


def test_gzip_is_not_asked_of_loopback(scripted):
    cluster, server = scripted(lambda request: page([]))
    cluster.list("pods")
    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_names_are_quoted_in_addresses(scripted):
    cluster, server = scripted(lambda request: Reply({"metadata": {}}))
    cluster.read("pods", "shop", "../secrets/x")
    assert server.requests[0].path == "/api/v1/namespaces/shop/pods/..%2Fsecrets%2Fx"
