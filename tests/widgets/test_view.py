"""The view over a recorded comm: what the browser would get and what it may send."""

from __future__ import annotations

from typing import Any

import comm
import pytest
import traitlets as t
from comm.base_comm import BaseComm

from stswidgets.state.feeds import Feed
from stswidgets.widgets import bundles
from stswidgets.widgets.view import View


class RecordingComm(BaseComm):
    """Keeps what is published instead of sending it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []
        super().__init__(*args, **kwargs)

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        self.sent.append(((data or {}), list(buffers or ())))

    def messages(self, kind: str) -> list[dict[str, Any]]:
        return [data["content"] for data, _ in self.sent if data.get("content", {}).get("kind") == kind]


class Shown(t.HasTraits):
    value = t.Dict({"total": 1})


class OneTable:
    """The smallest source: one mirrored trait, one feed, and a list of what was asked."""

    def __init__(self) -> None:
        self.state = Shown()
        self.feeds = {"sets": Feed("sets")}
        self.asked: list[dict[str, Any]] = []
        self.beats = 0
        self.closed = False

    def mirrors(self) -> list[tuple[t.HasTraits, str, str]]:
        return [(self.state, "value", "browse")]

    def connect(self, send: Any) -> None:
        self.send = send

    def command(self, message: dict[str, Any], reply: Any) -> None:
        self.asked.append(message)
        reply({"kind": "done", "id": message["id"], "error": None, "result": None})

    def beat(self) -> None:
        self.beats += 1

    def close(self) -> None:
        self.closed = True

    def frame(self) -> Any:
        return [self.state.value]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comm, "create_comm", RecordingComm)


@pytest.fixture
def view(recorded: None) -> View:
    return View(OneTable(), _esm="")


def browser_sends(view: View, content: dict[str, Any]) -> None:
    view._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def test_a_view_starts_with_what_its_source_shows(view: View) -> None:
    assert view.browse == {"total": 1}


def test_a_change_of_the_state_reaches_the_browser(view: View) -> None:
    view.source.state.value = {"total": 2}
    assert view.comm.sent[-1][0] == {"method": "update", "state": {"browse": {"total": 2}}, "buffer_paths": []}


def test_a_synced_feed_sends_the_table_and_then_changes_only(view: View) -> None:
    feed = view.source.feeds["sets"]
    feed.put([{"id": "a", "n": 1}, {"id": "b", "n": 1}])
    browser_sends(view, {"kind": "sync", "feed": "sets"})
    feed.put([{"id": "b", "n": 2}])
    assert [(m["seq"], m["reset"], m["upsert"], m["remove"]) for m in view.comm.messages("feed")] == [
        (1, True, [{"id": "a", "n": 1}, {"id": "b", "n": 1}], []),
        (2, False, [{"id": "b", "n": 2}], ["a"]),
    ]


def test_a_feed_that_nobody_asked_for_sends_nothing(view: View) -> None:
    view.source.feeds["sets"].put([{"id": "a"}])
    assert view.comm.messages("feed") == []


def test_an_unknown_feed_is_answered_as_an_empty_table(view: View) -> None:
    browser_sends(view, {"kind": "sync", "feed": "nodes"})
    assert [(m["feed"], m["reset"], m["upsert"]) for m in view.comm.messages("feed")] == [("nodes", True, [])]


def test_a_command_goes_to_the_source_and_its_answer_back(view: View) -> None:
    browser_sends(view, {"kind": "command", "id": 7, "name": "open", "args": {"page": "browse"}})
    assert view.source.asked[0]["name"] == "open"
    assert view.comm.messages("done") == [{"kind": "done", "id": 7, "error": None, "result": None}]


def test_every_message_of_a_browser_shows_that_it_is_there(view: View) -> None:
    browser_sends(view, {"kind": "heartbeat"})
    assert view.source.beats == 1


def test_a_path_is_not_a_library(view: View) -> None:
    browser_sends(view, {"kind": "library", "name": "../view"})
    assert view.comm.messages("library") == []


def test_a_library_travels_as_a_binary_message_with_its_hash(view: View) -> None:
    browser_sends(view, {"kind": "library", "name": "app"})
    data, buffers = view.comm.sent[-1]
    assert data["content"] == {"kind": "library", "name": "app", "hash": bundles.content_hash("app")}
    assert buffers == [bundles.source("app")]


def test_closing_the_view_closes_its_source(view: View) -> None:
    source = view.source
    view.close()
    assert source.closed


def test_a_browser_that_closes_the_comm_closes_the_source(view: View) -> None:
    view.comm.handle_close({})
    assert view.source.closed


def test_a_view_without_a_source_shows_the_traits_that_it_is_given(recorded: None) -> None:
    assert View(_esm="", plan={"title": "x"}).plan == {"title": "x"}
