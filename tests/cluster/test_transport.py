"""One request: what is repeated, what is not, and how failures read."""

from __future__ import annotations

import time

import pytest

from stswidgets import cluster as clusters
from stswidgets import errors
from stswidgets.cluster import access, plans, writing
from stswidgets.cluster.kinds import resource
from tests.cluster import loopback
from tests.cluster.conftest import QUICK
from tests.cluster.loopback import Reply, Request, serving, status

PATCH = plans.Request("PATCH", resource("statefulsets"), "shop", "db", {"spec": {"replicas": 2}}, plans.MERGE)
DELETE = plans.Request("DELETE", resource("statefulsets"), "shop", "db", {"propagationPolicy": "Orphan"})


def test_a_read_is_repeated_when_the_connection_drops(scripted):
    cluster, server = scripted(lambda request: Reply(drop=request.count == 0, body={"gitVersion": "v1"}))
    assert cluster.server_version() == {"gitVersion": "v1"}
    assert len(server.requests) == 2


def test_a_write_is_sent_once_when_the_connection_drops(scripted):
    cluster, server = scripted(lambda request: Reply(drop=True))
    with pytest.raises(errors.UnreachableError):
        writing.ask(cluster.transport, PATCH)
    assert len(server.requests) == 1


def test_a_delete_is_sent_once_when_the_connection_drops(scripted):
    cluster, server = scripted(lambda request: Reply(drop=True))
    with pytest.raises(errors.UnreachableError):
        writing.ask(cluster.transport, DELETE)
    assert len(server.requests) == 1


def test_a_server_that_does_not_answer_is_given_up(scripted):
    def silent(request: Request) -> Reply:
        server.released.wait(5)
        return Reply()

    cluster, server = scripted(silent)
    started = time.monotonic()
    with pytest.raises(errors.UnreachableError) as caught:
        writing.ask(cluster.transport, PATCH)
    assert time.monotonic() - started < 4
    assert "timed out" in caught.value.detail


def test_a_truncated_answer_is_an_unreachable_server_not_a_short_list(scripted):
    cluster, _ = scripted(lambda request: Reply(loopback.page([loopback.pod("db-0", "1")]).body, cut=40))
    with pytest.raises(errors.UnreachableError):
        cluster.list("pods", "shop")


def test_credentials_are_loaded_again_once_after_401(tmp_path):
    token = tmp_path / "token"
    token.write_text("old")
    with serving(lambda request: _only("new", request)) as server:
        config = tmp_path / "config"
        config.write_text(_kubeconfig(server.url, f"tokenFile: {token}"))
        with clusters.connect(kubeconfig=config, timing=QUICK) as cluster:
            token.write_text("new")
            assert cluster.server_version() == {"user": "new"}
        assert [request.headers["authorization"] for request in server.requests] == ["Bearer old", "Bearer new"]


def test_credentials_that_stay_wrong_are_an_unauthorized_error(scripted):
    cluster, server = scripted(lambda request: status(401, "Unauthorized", "Unauthorized"))
    with pytest.raises(errors.UnauthorizedError):
        cluster.server_version()
    assert len(server.requests) == 2


def test_an_exec_plugin_is_asked_for_a_new_token_after_401(tmp_path):
    answer = tmp_path / "answer"
    answer.write_text("first")
    plugin = tmp_path / "plugin"
    plugin.write_text(
        "#!/bin/sh\n"
        'printf \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",'
        f'"status":{{"token":"%s"}}}}\' "$(cat {answer})"\n'
    )
    plugin.chmod(0o755)
    user = f"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {plugin}, interactiveMode: Never}}"
    with serving(lambda request: _only("second", request)) as server:
        config = tmp_path / "config"
        config.write_text(_kubeconfig(server.url, user))
        with clusters.connect(kubeconfig=config, timing=QUICK) as cluster:
            answer.write_text("second")
            assert cluster.server_version() == {"user": "second"}


def test_a_page_of_a_proxy_becomes_a_message_without_markup(scripted):
    page = b"<html><h1>502 Bad Gateway</h1>\n<p>upstream is down</p></html>"
    cluster, _ = scripted(lambda request: Reply(page, 502))
    with pytest.raises(errors.UnavailableError) as caught:
        cluster.server_version()
    assert caught.value.message == "502 Bad Gateway upstream is down"


def test_a_success_that_is_not_json_is_an_unavailable_server(scripted):
    cluster, _ = scripted(lambda request: Reply(b"<html>Please sign in</html>"))
    with pytest.raises(errors.UnavailableError):
        cluster.server_version()


def test_a_status_keeps_its_reason_and_causes(scripted):
    cause = {"field": "spec.replicas", "reason": "FieldValueInvalid", "message": "must be positive"}
    cluster, _ = scripted(lambda request: status(422, "Invalid", "is invalid", causes=[cause]))
    with pytest.raises(errors.InvalidError) as caught:
        cluster.read("pods", "shop", "db-0")
    assert caught.value.causes == (errors.Cause("spec.replicas", "FieldValueInvalid", "must be positive"),)


def test_a_short_throttle_is_waited_for(scripted):
    busy = status(429, "TooManyRequests", "slow down")
    busy.headers["Retry-After"] = "0"
    cluster, server = scripted(lambda request: busy if request.count == 0 else Reply({"ok": True}))
    assert cluster.server_version() == {"ok": True}
    assert len(server.requests) == 2


def test_a_throttle_that_stays_says_for_how_long(scripted):
    busy = status(429, "TooManyRequests", "slow down", retryAfterSeconds=7)
    cluster, _ = scripted(lambda request: busy)
    with pytest.raises(errors.ThrottledError) as caught:
        cluster.server_version()
    assert caught.value.retry_after == 7


def test_the_servers_warnings_come_with_the_answer(scripted):
    headers = {"Warning": '299 - "unknown field \\"spec.foo\\"", 299 - "deprecated"'}
    cluster, _ = scripted(lambda request: Reply({}, headers=headers))
    assert writing.ask(cluster.transport, PATCH).warnings == ('unknown field "spec.foo"', "deprecated")


def test_a_dry_run_of_a_delete_stands_in_its_body(scripted):
    """A server that finds options in the body does not look at the query: it would delete."""
    cluster, server = scripted(lambda request: Reply({}))
    writing.ask(cluster.transport, DELETE)
    assert server.requests[0].body == {"propagationPolicy": "Orphan", "dryRun": ["All"]}


def test_a_dry_run_of_a_patch_stands_in_its_query(scripted):
    cluster, server = scripted(lambda request: Reply({}))
    writing.ask(cluster.transport, PATCH)
    assert server.requests[0].query["dryRun"] == "All"


def test_a_read_only_cluster_asks_but_sends_no_write():
    with serving(lambda request: Reply({"status": {"allowed": True}})) as server:
        with clusters.connect(host=server.url, read_only=True, timing=QUICK) as cluster:
            assert cluster.can("patch", "statefulsets", "shop") == access.Access(allowed=True)
            writing.ask(cluster.transport, PATCH)
            with pytest.raises(errors.StsWidgetsError) as caught:
                cluster.transport.request("DELETE", PATCH.path)
        assert caught.value.key == "cluster.read_only"
        assert [request.method for request in server.requests] == ["POST", "PATCH"]


def test_loopback_is_reached_without_the_environments_proxy(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with (
        serving(lambda request: Reply({"ok": True})) as server,
        clusters.connect(host=server.url, timing=QUICK) as cluster,
    ):
        assert cluster.server_version() == {"ok": True}


def test_a_closed_port_names_the_host_but_no_secret_path():
    with (
        clusters.connect(host="http://127.0.0.1:9/secret-path", timing=QUICK) as cluster,
        pytest.raises(errors.UnreachableError) as caught,
    ):
        cluster.server_version()
    assert "http://127.0.0.1:9" in str(caught.value)
    assert "secret-path" not in str(caught.value) + caught.value.detail + cluster.name + cluster.host


def test_an_answer_of_access_is_asked_for_once(scripted):
    cluster, server = scripted(lambda request: Reply({"status": {"allowed": False, "reason": "no role"}}))
    assert cluster.can("delete", "pods", "shop") == cluster.can("delete", "pods", "shop")
    assert len(server.requests) == 1
    assert server.requests[0].body["spec"]["resourceAttributes"] == {
        "verb": "delete",
        "resource": "pods",
        "namespace": "shop",
    }


def _only(token: str, request: Request) -> Reply:
    """A server that knows one token."""
    if request.headers.get("authorization") != f"Bearer {token}":
        return status(401, "Unauthorized", "Unauthorized")
    return Reply({"user": token})


def _kubeconfig(url: str, user: str) -> str:
    return (
        "apiVersion: v1\nkind: Config\ncurrent-context: here\n"
        f"clusters: [{{name: c, cluster: {{server: '{url}'}}}}]\n"
        "contexts: [{name: here, context: {cluster: c, user: u, namespace: shop}}]\n"
        f"users: [{{name: u, user: {{{user}}}}}]\n"
    )
