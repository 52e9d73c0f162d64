"""A pod's other faces: logs, commands, usage, eviction."""

from __future__ import annotations

import json
from typing import Any

import pytest
import websocket

POD = "/api/v1/namespaces/default/pods/db-0"


@pytest.fixture(autouse=True)
def _pod(running_pod: Any) -> None:
    """Every test here has the pod."""


def log(site: Any, query: str) -> str:
    text: str = site.ask("GET", f"{POD}/log?container=pg&{query}").data.decode()
    return text


def test_a_log_is_plain_text(site: Any) -> None:
    assert log(site, "").splitlines() == [f"line {at}" for at in range(10)]


def test_the_last_lines_can_be_asked(site: Any) -> None:
    assert log(site, "tailLines=2") == "line 8\nline 9\n"
    assert log(site, "tailLines=0") == ""


def test_lines_can_carry_their_times(site: Any) -> None:
    assert log(site, "tailLines=1&timestamps=true") == "2026-11-24T12:00:09.000000000Z line 9\n"


def test_a_log_can_begin_at_a_time(site: Any) -> None:
    assert log(site, "sinceTime=2026-11-24T12:00:08Z") == "line 8\nline 9\n"


def test_a_log_can_be_cut_by_bytes(site: Any) -> None:
    assert log(site, "limitBytes=8") == "line 0\nl"


def test_a_container_must_be_named_when_there_are_several(site: Any) -> None:
    answer = site.ask("GET", f"{POD}/log")
    text = "a container name must be specified for pod db-0, choose one of: [pg side]"
    assert (answer.status, answer.json["message"]) == (400, text)


def test_a_log_of_before_needs_a_container_that_ended(site: Any) -> None:
    answer = site.ask("GET", f"{POD}/log?container=pg&previous=true")
    assert answer.json["message"] == 'previous terminated container "pg" in pod "db-0" not found'


@pytest.mark.parametrize("query", ["tailLines=-1", "limitBytes=0", "sinceSeconds=0"])
def test_numbers_that_make_no_sense_are_a_422(site: Any, query: str) -> None:
    assert site.ask("GET", f"{POD}/log?container=pg&{query}").status == 422


def test_a_followed_log_goes_on_and_ends_with_its_pod(site: Any) -> None:
    headers = {"Authorization": f"Bearer {site.server.identities.tokens['admin']}"}
    url = f"{site.address}{POD}/log?container=pg&follow=true&tailLines=1"
    response = site.pool.request("GET", url, headers=headers, preload_content=False, timeout=20)
    site.write(lambda: site.nodes.lines.append((site.nodes.lines[-1][0], "line 10")))
    parts = response.stream(amt=None)
    assert next(parts) == b"line 9\n"
    assert next(parts) == b"line 10\n"
    site.ask("DELETE", f"{POD}?gracePeriodSeconds=0")
    assert list(parts) == []


class Exec:
    """A command's channels."""

    def __init__(self, site: Any, query: str, protocol: str = "v5.channel.k8s.io") -> None:
        token = site.server.identities.tokens["admin"]
        url = f"{site.address.replace('http', 'ws')}{POD}/exec?container=pg&stdout=1&stderr=1&{query}"
        self.socket = websocket.create_connection(
            url, header=[f"Authorization: Bearer {token}"], subprotocols=[protocol], timeout=10
        )

    def send(self, channel: int, data: bytes) -> None:
        self.socket.send_binary(bytes([channel]) + data)

    def rest(self) -> dict[int, bytes]:
        """All that comes until the end, by channel."""
        found: dict[int, bytes] = {}
        while True:
            code, data = self.socket.recv_data()
            if code != websocket.ABNF.OPCODE_BINARY:
                break
            found[data[0]] = found.get(data[0], b"") + data[1:]
        self.socket.shutdown()
        return found


@pytest.mark.parametrize("protocol", ["v5.channel.k8s.io", "v4.channel.k8s.io"])
def test_a_command_writes_and_ends_with_success(site: Any, protocol: str) -> None:
    found = Exec(site, "command=echo&command=hi", protocol).rest()
    assert found[1] == b"hi\n"
    assert json.loads(found[3])["status"] == "Success"


def test_a_failing_command_tells_its_exit_code(site: Any) -> None:
    found = Exec(site, "command=fail&command=3").rest()
    end = json.loads(found[3])
    assert found[2] == b"no\n"
    assert (end["reason"], end["details"]["causes"]) == ("NonZeroExitCode", [{"reason": "ExitCode", "message": "3"}])


def test_a_command_reads_its_input_until_the_channel_closes(site: Any) -> None:
    session = Exec(site, "command=cat&stdin=1")
    session.send(0, b"abc")
    session.send(255, b"\0")
    assert session.rest()[1] == b"abc\n"


def test_a_shell_runs_each_line_until_exit(site: Any) -> None:
    session = Exec(site, "command=sh&stdin=1")
    session.send(0, b"echo one\necho two\nexit 4\n")
    found = session.rest()
    assert found[1] == b"one\ntwo\n"
    assert json.loads(found[3])["details"]["causes"][0]["message"] == "4"


def test_a_command_needs_a_websocket(site: Any) -> None:
    assert site.ask("POST", f"{POD}/exec?container=pg&command=ls").status == 400


def test_forwarding_a_port_is_refused_with_a_reason(site: Any) -> None:
    answer = site.ask("POST", f"{POD}/portforward")
    assert (answer.status, answer.json["reason"]) == (501, "NotImplemented")


def test_usage_is_listed_by_label(site: Any) -> None:
    metrics = "/apis/metrics.k8s.io/v1beta1"
    assert len(site.ask("GET", f"{metrics}/pods?labelSelector=app%3Ddb").json["items"]) == 1
    assert site.ask("GET", f"{metrics}/pods?labelSelector=app%3Dx").json["items"] == []
    assert site.ask("GET", f"{metrics}/namespaces/default/pods/db-9").status == 404


def test_a_pod_on_a_node_ends_gracefully(site: Any) -> None:
    metadata = site.ask("DELETE", POD).json["metadata"]
    assert metadata["deletionGracePeriodSeconds"] == 30
    assert metadata["deletionTimestamp"] == "2026-11-24T12:00:30Z"
    site.ask("DELETE", f"{POD}?gracePeriodSeconds=0")
    assert site.ask("GET", POD).status == 404


def test_a_pod_cannot_be_bound_twice(site: Any) -> None:
    body = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "db-0"}, "target": {"name": "worker-2"}}
    answer = site.ask("POST", f"{POD}/binding", body)
    assert answer.status == 409
    assert 'pod db-0 is already assigned to node "worker-1"' in answer.json["message"]


def test_an_eviction_without_a_budget_deletes(site: Any) -> None:
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "db-0"}}
    assert site.ask("POST", f"{POD}/eviction", body).status == 201
    assert "deletionTimestamp" in site.ask("GET", POD).json["metadata"]
