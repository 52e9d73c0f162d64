"""Commands: what a person asks for, by name. A command that fails is never silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as t

from stswidgets import errors
from stswidgets.state.desk import Answer, Desk

Args = dict[str, Any]
Handler = Callable[[Args], Any]
Reply = Callable[[dict[str, Any]], None]


class Commands(t.HasTraits):
    """The commands of a view. `busy` names those under way, with what to show meanwhile."""

    busy: t.Dict[str, str] = t.Dict()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._handlers: dict[str, Handler] = {}
        self._under_way: list[str] = []

    def add(self, **handlers: Handler) -> None:
        """Name handlers. A handler gets the command's arguments; it returns its result or an `Answer`."""
        self._handlers |= handlers

    def run(self, message: dict[str, Any], reply: Reply) -> None:
        """Run `{id, name, args}`; one `{kind: "done", id, error, result}` goes to `reply`. Never raises."""
        name, identifier = str(message.get("name", "")), message.get("id")

        def finished(result: Any, error: Exception | None) -> None:
            notice = None if error is None else self._desk.notices.error(error)
            reply({"kind": "done", "id": identifier, "error": notice, "result": result})

        try:
            handler = self._handlers.get(name)
            if handler is None:
                raise errors.StsWidgetsError("state.command.unknown", command=name)
            result = handler(dict(message.get("args") or {}))
        except Exception as error:  # a widget callback's exception is shown nowhere: it must end here, as a notice
            finished(None, error)
            return
        if isinstance(result, Answer):
            self._begin(name)
            result.then(lambda _result, _error: self._end(name))
            result.then(finished)
        else:
            finished(result, None)

    def _begin(self, name: str) -> None:
        self._under_way = [*self._under_way, name]
        self._show_busy()

    def _end(self, name: str) -> None:
        self._under_way.remove(name)
        self._show_busy()

    def _show_busy(self) -> None:
        key = "state.busy.{}"
        self.busy = {name: self._desk.text(key.format(name)) for name in self._under_way}
