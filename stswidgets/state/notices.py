"""Notices: what a person has to be told that has no place of its own on the page."""

from __future__ import annotations

import itertools
import logging
from typing import Any, NamedTuple

import traitlets as t

from stswidgets import messages
from stswidgets.errors import StsWidgetsError

Notice = dict[str, Any]

_MOST = 5
"""How many stand at once: older ones give way, or a server that fails every second would fill the page."""

_ids = itertools.count(1)
_log = logging.getLogger(__name__)


def of_error(error: Exception, lang: str, identifier: str = "") -> Notice:
    """`{id, severity, text, detail, next}` of an error. One that is not ours is a bug of ours and is said to be one."""
    if isinstance(error, StsWidgetsError):
        text, detail, then = error.text(lang), error.detail, error.next(lang)
    else:
        text = messages.text("state.unexpected", lang)
        detail = f"{type(error).__name__}: {error}"
        then = messages.text("state.unexpected.next", lang)
    return {"id": identifier or f"n{next(_ids)}", "severity": "error", "text": text, "detail": detail, "next": then}


def said(severity: str, key: str, lang: str, **values: object) -> Notice:
    """A notice of a sentence in the catalog."""
    then = messages.text(f"{key}.next", lang, **values) if messages.has(f"{key}.next") else ""
    return {
        "id": f"n{next(_ids)}",
        "severity": severity,
        "text": messages.text(key, lang, **values),
        "detail": "",
        "next": then,
    }


class _Entry(NamedTuple):
    identifier: str
    severity: str
    error: Exception | None
    key: str
    values: dict[str, object]

    def render(self, lang: str) -> Notice:
        if self.error is not None:
            return of_error(self.error, lang, self.identifier)
        return {**said(self.severity, self.key, lang, **self.values), "id": self.identifier}


class Notices(t.HasTraits):
    """The notices that stand, oldest first, in the viewer's language."""

    value: t.List[Notice] = t.List()

    def __init__(self, lang: str = "en") -> None:
        super().__init__()
        self._lang = lang
        self._entries: list[_Entry] = []

    def error(self, error: Exception) -> Notice:
        """Show an error; the same one again takes the place of the first. Bugs go to the log with their traceback."""
        if not isinstance(error, StsWidgetsError):
            _log.error("A command or a background task failed", exc_info=error)
        return self._add(_Entry(f"n{next(_ids)}", "error", error, "", {}))

    def say(self, severity: str, key: str, **values: object) -> Notice:
        """Show a sentence of the catalog. `severity`: error, warning, info or success."""
        return self._add(_Entry(f"n{next(_ids)}", severity, None, key, values))

    def dismiss(self, identifier: str) -> None:
        self._entries = [entry for entry in self._entries if entry.identifier != identifier]
        self._publish()

    def speak(self, lang: str) -> None:
        """Say what stands in another language."""
        self._lang = lang
        self._publish()

    def _add(self, entry: _Entry) -> Notice:
        shown = entry.render(self._lang)
        same = (shown["text"], shown["detail"])
        kept = [
            old for old in self._entries if (old.render(self._lang)["text"], old.render(self._lang)["detail"]) != same
        ]
        self._entries = [*kept, entry][-_MOST:]
        self._publish()
        return shown

    def _publish(self) -> None:
        self.value = [entry.render(self._lang) for entry in self._entries]
