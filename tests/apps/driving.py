"""A browser's side of a view without a browser: sends its messages, keeps what it would receive."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from comm.base_comm import BaseComm

from stswidgets.state import loops
from stswidgets.widgets.view import View


class RecordingComm(BaseComm):
    """Keeps what is published instead of sending it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sent: list[dict[str, Any]] = []
        super().__init__(*args, **kwargs)

    def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any) -> None:
        self.sent.append(data or {})


class Page:
    """A page that shows `view`, with tables made of the feeds as the front end makes them."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._ids = itertools.count(1)

    @property
    def loop(self) -> loops.QueueLoop:
        loop = self.view.source.desk.tasks.loop
        assert isinstance(loop, loops.QueueLoop)
        return loop

    def wait(self, condition: Callable[[], Any], timeout: float = 30.0) -> None:
        """Let results arrive until `condition` holds."""
        assert self.loop.drain(lambda: bool(condition()), timeout=timeout), f"{self.view.notices} {self.view.session}"

    def send(self, content: dict[str, Any]) -> None:
        self.view._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})

    def run(self, command: str, /, **args: Any) -> dict[str, Any]:
        """Send a command and wait for its `done` message."""
        identifier = f"t-{next(self._ids)}"
        self.send({"kind": "command", "id": identifier, "name": command, "args": args})
        self.wait(lambda: self._done(identifier))
        return self._done(identifier) or {}

    def ok(self, command: str, /, **args: Any) -> Any:
        """Run a command that must succeed."""
        done = self.run(command, **args)
        assert done["error"] is None, done["error"]
        return done["result"]

    def refused(self, command: str, /, **args: Any) -> dict[str, Any]:
        """Run a command that must fail, and return its notice."""
        error: dict[str, Any] | None = self.run(command, **args)["error"]
        assert error is not None
        return error

    def received(self, kind: str) -> list[dict[str, Any]]:
        sent = self.view.comm.sent
        return [data["content"] for data in sent if data.get("method") == "custom" and data["content"]["kind"] == kind]

    def rows(self, feed: str) -> list[dict[str, Any]]:
        """A table as the browser has it, made of the feed's messages."""
        if not any(message["feed"] == feed for message in self.received("feed")):
            self.send({"kind": "sync", "feed": feed})
        rows: dict[str, dict[str, Any]] = {}
        last = None
        for message in self.received("feed"):
            if message["feed"] != feed:
                continue
            assert message["reset"] or message["seq"] == last + 1
            last = message["seq"]
            rows = {} if message["reset"] else rows
            for identifier in message["remove"]:
                rows.pop(identifier, None)
            rows |= {row["id"]: row for row in message["upsert"]}
        return list(rows.values())

    def field(self, path: str) -> dict[str, Any]:
        """The form's node at a field path."""
        return next(node for node in _nodes(self.view.form["sections"]) if node.get("path") == path)

    def _done(self, identifier: str) -> dict[str, Any] | None:
        return next((message for message in self.received("done") if message["id"] == identifier), None)


def _nodes(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in tree:
        found += [each, *_nodes(each.get("nodes", [])), *_nodes(each.get("items", [])), *each.get("entries", [])]
    return found
