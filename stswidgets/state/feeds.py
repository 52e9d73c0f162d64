"""Feeds: tables that reach the browser as deltas, numbered so that a lost message is noticed.

A row is a JSON object with a string `id`. Nothing is sent before the browser asks (`sync`): a page that does not show
the table costs nothing, and a page that comes back starts from the whole of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]
Message = dict[str, Any]


class Feed:
    """One table: its rows by id, and the messages that bring a browser from what it has to what there is."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[str, Row] = {}
        self._seq = 0
        self._send: Callable[[Message], None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether a browser has asked for this feed and not left since."""
        return self._send is not None

    def sync(self, send: Callable[[Message], None]) -> None:
        """Send the whole table, and every change from here on, to `send`."""
        self._send = send
        self._emit(reset=True, upsert=list(self.rows.values()), remove=[])

    def leave(self) -> None:
        """Stop sending: nobody is there any more."""
        self._send = None

    def put(self, rows: Iterable[Row]) -> None:
        """Make `rows` the table. Only rows that differ travel."""
        after = {row["id"]: row for row in rows}
        upsert = [row for key, row in after.items() if self.rows.get(key) != row]
        remove = [key for key in self.rows if key not in after]
        self.rows = after
        if upsert or remove:
            self._emit(reset=False, upsert=upsert, remove=remove)

    def _emit(self, *, reset: bool, upsert: list[Row], remove: list[str]) -> None:
        if self._send is None:
            return
        self._seq += 1
        self._send(
            {"kind": "feed", "feed": self.name, "seq": self._seq, "reset": reset, "upsert": upsert, "remove": remove}
        )
