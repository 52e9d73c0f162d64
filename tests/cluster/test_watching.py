"""The reflector's rules, each against the failure that it is for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from stswidgets import cluster as clusters
from stswidgets.cluster import stopping
from stswidgets.cluster.watching import Batch
from tests.cluster.loopback import Reply, Request, event, page, pod, status
from tests.contract import waiting


class Watching:
    """A watch in a thread, and the batches that it gave so far."""

    def __init__(self, cluster: clusters.Cluster) -> None:
        self.batches: list[Batch] = []
        self.stop = stopping.Stop()
        self._thread = threading.Thread(target=self._run, args=(cluster,))
        self._thread.start()

    def _run(self, cluster: clusters.Cluster) -> None:
        for batch in cluster.watch("pods", "shop", stop=self.stop):
            self.batches.append(batch)

    def until(self, condition: Callable[[list[Batch]], object]) -> None:
        waiting.until(lambda: condition(self.batches), seconds=10, what="watched")

    def end(self) -> None:
        self.stop.set()
        self._thread.join(5)
        assert not self._thread.is_alive()

    @property
    def changes(self) -> list[tuple[str, str]]:
        return [(change.type, change.object["metadata"]["name"]) for batch in self.batches for change in batch.changes]

    @property
    def states(self) -> list[str]:
        """The states that it went through."""
        found: list[str] = []
        for batch in self.batches:
            if not found or found[-1] != batch.state:
                found.append(batch.state)
        return found


@pytest.fixture
def watch() -> Iterator[Callable[[clusters.Cluster], Watching]]:
    """Starts watches, and ends them."""
    started: list[Watching] = []

    def start(cluster: clusters.Cluster) -> Watching:
        started.append(Watching(cluster))
        return started[-1]

    yield start
    for watching in started:
        watching.end()


class Watched:
    """A script of one list after the other and one stream after the other; the last of each stays."""

    def __init__(self, lists: list[Reply], streams: list[list[bytes] | Reply], hold: bool = True) -> None:
        self._lists = lists
        self._streams = streams
        self._hold = hold
        self.released = threading.Event()
        self.versions: list[str] = []

    def __call__(self, request: Request) -> Reply:
        if "watch" not in request.query:
            return self._lists.pop(0) if len(self._lists) > 1 else self._lists[0]
        self.versions.append(request.query["resourceVersion"])
        last = len(self._streams) == 1
        chunks = self._streams[0] if last else self._streams.pop(0)
        return chunks if isinstance(chunks, Reply) else Reply(self._stream(chunks, last and self._hold))

    def _stream(self, chunks: list[bytes], hold: bool) -> Iterator[bytes]:
        yield from chunks
        if hold:
            self.released.wait(20)


def test_a_watch_gives_what_is_there_then_what_changes(scripted, watch):
    script = Watched(
        [page([pod("a", "1")], "10")],
        [[event("ADDED", pod("b", "11")), event("MODIFIED", pod("a", "12")), event("DELETED", pod("b", "13"))]],
    )
    watching = watch(scripted(script)[0])
    watching.until(lambda _: len(watching.changes) == 4)
    assert watching.changes == [("added", "a"), ("added", "b"), ("changed", "a"), ("removed", "b")]
    assert watching.states == ["connecting", "live"]
    assert [batch.synced for batch in watching.batches if batch.synced] == [True]
    script.released.set()


def test_a_watch_that_ends_goes_on_from_the_last_version_without_a_new_list(scripted, watch):
    script = Watched([page([], "10")], [[event("ADDED", pod("a", "17"))], [event("ADDED", pod("b", "18"))]])
    cluster, server = scripted(script)
    watching = watch(cluster)
    watching.until(lambda _: len(watching.changes) == 2)
    assert script.versions == ["10", "17"]
    assert sum("watch" not in request.query for request in server.requests) == 1
    script.released.set()


def test_a_bookmark_moves_the_version_and_is_no_change(scripted, watch):
    bookmark = event("BOOKMARK", {"metadata": {"resourceVersion": "99"}})
    script = Watched([page([], "10")], [[bookmark], []])
    watching = watch(scripted(script)[0])
    watching.until(lambda _: len(script.versions) == 2)
    assert script.versions == ["10", "99"]
    assert watching.changes == []
    script.released.set()


def test_an_expired_version_in_the_stream_lists_again_and_gives_only_the_differences(scripted, watch):
    gone = {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"}
    script = Watched(
        [page([pod("a", "1"), pod("b", "2")], "10"), page([pod("a", "1"), pod("c", "21")], "30")],
        [[event("ERROR", gone)], []],
    )
    watching = watch(scripted(script)[0])
    watching.until(lambda _: len(script.versions) == 2)
    assert watching.changes == [("added", "a"), ("added", "b"), ("removed", "b"), ("added", "c")]
    assert script.versions == ["10", "30"]
    assert watching.states == ["connecting", "live"]
    script.released.set()


def test_an_expired_version_as_an_answer_lists_again(scripted, watch):
    script = Watched([page([], "10"), page([], "30")], [status(410, "Expired", "too old"), []])
    watching = watch(scripted(script)[0])
    watching.until(lambda _: len(script.versions) == 2)
    assert script.versions == ["10", "30"]
    script.released.set()
    watching.end()


def test_an_object_made_again_under_its_name_goes_and_comes(scripted, watch):
    gone = {"kind": "Status", "code": 410, "reason": "Expired", "message": ""}
    script = Watched(
        [page([pod("a", "1", uid="first")], "10"), page([pod("a", "21", uid="second")], "30")],
        [[event("ERROR", gone)], []],
    )
    watching = watch(scripted(script)[0])
    watching.until(lambda _: len(script.versions) == 2)
    assert watching.changes == [("added", "a"), ("removed", "a"), ("added", "a")]
    script.released.set()


def test_a_forbidden_watch_is_told_and_given_up(scripted, watch):
    cluster, server = scripted(lambda request: status(403, "Forbidden", "pods is forbidden"))
    watching = watch(cluster)
    watching.until(lambda batches: batches and batches[-1].state == "forbidden")
    watching.end()
    assert watching.states == ["connecting", "forbidden"]
    assert watching.batches[-1].error.message == "pods is forbidden"
    assert len(server.requests) == 1


def test_a_server_that_fails_is_asked_less_and_less_often_until_it_is_back(scripted, watch):
    failing = threading.Event()
    script = Watched([page([pod("a", "1")], "10")], [[]])

    def flaky(request: Request) -> Reply:
        return script(request) if failing.is_set() else status(500, "InternalError", "no")

    cluster, server = scripted(flaky)
    watching = watch(cluster)
    watching.until(lambda batches: any(batch.state == "lost" for batch in batches))
    time_of_failure = time.monotonic()
    waiting.until(lambda: time.monotonic() - time_of_failure > 0.5, seconds=5)
    assert len(server.requests) < 30, "without a pause it would be thousands"
    failing.set()
    watching.until(lambda batches: batches[-1].state == "live")
    assert watching.changes == [("added", "a")]
    script.released.set()


def test_a_broken_stream_is_stale_then_lost_then_live_again(scripted, watch):
    script = Watched([page([pod("a", "1")], "10")], [[]], hold=False)
    broken, mended = threading.Event(), threading.Event()

    def script_of(request: Request) -> Reply:
        if broken.is_set() and not mended.is_set():
            return Reply(drop=True)
        return script(request)

    watching = watch(scripted(script_of)[0])
    watching.until(lambda batches: batches and batches[-1].state == "live")
    broken.set()
    watching.until(lambda batches: batches[-1].state == "lost")
    mended.set()
    watching.until(lambda batches: batches[-1].state == "live")
    assert watching.states == ["connecting", "live", "stale", "lost", "live"]
    assert watching.changes == [("added", "a")], "nothing is given out twice"


def test_a_half_open_connection_is_noticed_and_opened_again(scripted, watch):
    """Nothing comes, not even a bookmark: the connection is dead although nobody closed it."""
    script = Watched([page([], "10")], [[]])
    cluster, _ = scripted(script)
    watching = watch(cluster)
    watching.until(lambda _: len(script.versions) >= 3)
    assert watching.states == ["connecting", "live"]
    script.released.set()


def test_a_line_that_is_no_json_is_left_out(scripted, watch):
    script = Watched([page([], "10")], [[b"{torn\n", event("ADDED", pod("a", "11"))]])
    watching = watch(scripted(script)[0])
    watching.until(lambda _: watching.changes == [("added", "a")])
    script.released.set()


def test_an_event_in_several_pieces_is_one_event(scripted, watch):
    line = event("ADDED", pod("a", "11"))
    script = Watched([page([], "10")], [[line[:7], line[7:20], line[20:]]])
    watching = watch(scripted(script)[0])
    watching.until(lambda _: watching.changes == [("added", "a")])
    script.released.set()


def test_stopping_ends_a_blocked_read_at_once(scripted, watch):
    script = Watched([page([], "10")], [[]])
    watching = watch(scripted(script)[0])
    watching.until(lambda _: script.versions)
    watching.end()
    assert watching.states[-1] == "stopped"
    script.released.set()


def test_a_watch_of_a_running_cluster_sees_what_happens(cluster, namespace):
    stop = stopping.Stop()
    seen: list[str] = []
    batches = cluster.watch("services", namespace, stop=stop)
    assert next(batches).state == "connecting"
    assert next(batches).synced
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "db", "namespace": namespace},
        "spec": {"clusterIP": "None", "ports": [{"port": 80}]},
    }
    cluster.apply(cluster.plan_apply([service]))
    for batch in batches:
        seen += [change.object["metadata"]["name"] for change in batch.changes]
        if seen:
            break
    stop.set()
    assert seen == ["db"]
