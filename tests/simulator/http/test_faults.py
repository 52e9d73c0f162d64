"""Failures on demand: of requests, and in the middle of a watch."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from tests.contract import waiting

MAPS = "/api/v1/namespaces/default/configmaps"


def arm(site: Any, **fault: Any) -> Any:
    return site.ask("POST", f"/{site.server.identities.tokens['admin']}/simulator/faults", fault)


class Stream:
    """A watch of ConfigMaps that is open."""

    def __init__(self, site: Any) -> None:
        headers = {"Authorization": f"Bearer {site.server.identities.tokens['admin']}"}
        url = f"{site.address}{MAPS}?watch=1&timeoutSeconds=20"
        self.response = site.pool.request("GET", url, headers=headers, preload_content=False, timeout=20)
        self.events = self._read()

    def _read(self) -> Iterator[Any]:
        """Its events; urllib3's errors where it breaks."""
        rest = b""
        for part in self.response.stream(amt=None):
            *whole, rest = (rest + part).split(b"\n")
            yield from map(json.loads, whole)
        assert not rest, "the stream ends within an event"

    def next(self) -> Any:
        return next(self.events)

    def close(self) -> None:
        self.response.close()


@pytest.fixture
def stream(site: Any) -> Iterator[Stream]:
    """A watch that has told of all that there was."""
    with contextlib.closing(Stream(site)) as made:
        assert made.next()["object"]["metadata"]["name"] == "kube-root-ca.crt"
        yield made


@pytest.fixture(autouse=True)
def config_map(site: Any) -> None:
    body = {"metadata": {"name": "kube-root-ca.crt"}}
    site.ask("POST", MAPS, body)


def write(site: Any, name: str) -> None:
    assert site.ask("POST", MAPS, {"metadata": {"name": name}}).status == 201


def watchers(site: Any) -> int:
    found: int = site.write(lambda: sum(len(shelf.listeners) for shelf in site.api.store._shelves.values()))
    return found


def test_a_fault_strikes_as_often_as_it_was_armed(site: Any) -> None:
    arm(site, kind="status", code=503, path="/configmaps", times=2)
    assert [site.ask("GET", MAPS).status for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (410, "Expired"),
        (429, "TooManyRequests"),
        (500, "InternalError"),
        (503, "ServiceUnavailable"),
    ],
)
def test_a_refusal_has_the_reason_of_an_api_server(site: Any, code: int, reason: str) -> None:
    arm(site, kind="status", code=code)
    answer = site.ask("GET", MAPS)
    assert (answer.status, answer.json["code"], answer.json["reason"]) == (code, code, reason)


def test_a_throttled_request_is_told_when_to_come_back(site: Any) -> None:
    arm(site, kind="status", code=429, after=7)
    answer = site.ask("GET", MAPS)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json["details"]["retryAfterSeconds"] == 7


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_a_connection_can_break(site: Any, kind: str) -> None:
    arm(site, kind=kind)
    with pytest.raises(Exception, match=r"Connection|IncompleteRead"):
        site.ask("GET", MAPS)
    assert site.ask("GET", MAPS).status == 200


def test_an_answer_can_be_delayed(site: Any) -> None:
    arm(site, kind="delay", seconds=0.2)
    begin = time.monotonic()
    assert site.ask("GET", MAPS).status == 200
    assert time.monotonic() - begin >= 0.2  # never sooner, whatever the machine does


def test_an_answer_can_be_left_out(site: Any) -> None:
    arm(site, kind="hang")
    headers = {"Authorization": f"Bearer {site.server.identities.tokens['admin']}"}
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        site.pool.request("GET", site.address + MAPS, headers=headers, timeout=0.3)
    assert site.ask("GET", MAPS).status == 200


def test_watches_can_be_the_only_ones_that_are_struck(site: Any) -> None:
    arm(site, kind="status", code=410, watch=True)
    assert site.ask("GET", MAPS).status == 200
    assert site.ask("GET", f"{MAPS}?watch=1").status == 410


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_an_open_watch_breaks(site: Any, stream: Stream, kind: str) -> None:
    arm(site, kind=kind, midway=True)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        list(stream.events)


@pytest.mark.parametrize(("code", "reason"), [(410, "Expired"), (500, "InternalError"), (429, "TooManyRequests")])
def test_an_open_watch_ends_with_an_error(site: Any, stream: Stream, code: int, reason: str) -> None:
    arm(site, kind="status", code=code, midway=True)
    (event,) = list(stream.events)
    assert event["type"] == "ERROR"
    assert (event["object"]["code"], event["object"]["reason"]) == (code, reason)


def test_an_open_watch_falls_silent_and_stays_open(site: Any, stream: Stream) -> None:
    with contextlib.closing(Stream(site)) as other:
        other.next()
        arm(site, kind="hang", midway=True)
        write(site, "after")
        assert other.next()["object"]["metadata"]["name"] == "after"
    stream.response._fp.fp.raw._sock.settimeout(0.3)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        stream.next()


def test_an_open_watch_holds_its_events_back_and_loses_none(site: Any, stream: Stream) -> None:
    arm(site, kind="delay", seconds=0.2, midway=True)
    write(site, "one")
    write(site, "two")
    assert [stream.next()["object"]["metadata"]["name"] for _ in range(2)] == ["one", "two"]


def test_a_watch_that_opens_later_is_struck_with_its_first_events(site: Any) -> None:
    arm(site, kind="status", code=410, midway=True)
    assert site.ask("GET", MAPS).status == 200
    for expected in ("ERROR", "ADDED"):
        with contextlib.closing(Stream(site)) as stream:
            assert stream.next()["type"] == expected


def test_other_watches_go_on(site: Any, stream: Stream) -> None:
    arm(site, kind="drop", midway=True, path="/secrets")
    write(site, "after")
    assert stream.next()["object"]["metadata"]["name"] == "after"


def test_a_server_that_is_gone_comes_back(site: Any, stream: Stream) -> None:
    arm(site, kind="gone", seconds=0.5)
    with pytest.raises(urllib3.exceptions.HTTPError):
        list(stream.events)
    outcomes = []

    def answers() -> bool:
        outcomes.append(outcome(site))
        return outcomes[-1] == 200

    waiting.until(answers, seconds=10)
    assert outcomes[0] == "broken"


def outcome(site: Any) -> Any:
    try:
        return site.ask("GET", MAPS).status
    except urllib3.exceptions.HTTPError:
        return "broken"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "nope"},
        {"kind": "status", "code": 200},
        {"kind": "drop", "midway": True, "method": "POST"},
        {"kind": "delay", "seconds": -1},
        {"kind": "drop", "times": "often"},
    ],
)
def test_what_is_no_fault_is_refused(site: Any, fault: Any) -> None:
    assert arm(site, **fault).status == 400


@pytest.mark.parametrize(("user", "code"), [("admin", 200), ("viewer", 401), ("nobody", 401)])
def test_faults_are_the_admins_alone(site: Any, user: str, code: int) -> None:
    assert site.ask("GET", "/simulator/faults", user=user).status == code


def test_a_watch_is_forgotten_as_soon_as_its_client_leaves(site: Any, stream: Stream) -> None:
    before = watchers(site)
    stream.close()
    waiting.until(lambda: watchers(site) == before - 1, seconds=10, what="without the watch")
