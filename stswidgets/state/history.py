"""The subject's revisions: what each was, who runs what, what differs, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import traitlets as t

from stswidgets import errors
from stswidgets.domain import ages, revision, yaml_emit
from stswidgets.state import plan_model
from stswidgets.state.desk import Desk, Topic
from stswidgets.state.subject import Subject

Tone = Literal["old", "current", "incoming"]


@dataclass(frozen=True)
class Timeline:
    """The facts of the timeline, in the viewer's language: `entries` of (number, active since, tone, hover, pods)."""

    entries: tuple[tuple[int, datetime, Tone, str, int], ...]
    words: dict[str, str]


Draw = Callable[[Timeline], dict[str, Any]]


class HistoryState(Topic):
    """`value` is the HistoryModel; None while the set is not known."""

    value: t.Dict[str, Any] | None = t.Dict(allow_none=True, default_value=None)

    def __init__(self, desk: Desk, subject: Subject, draw: Draw) -> None:
        super().__init__(desk)
        self.subject = subject
        self._draw = draw
        self._compared: tuple[int, int] | None = None
        self._denied = ""

    def start(self) -> None:
        self._compared = None
        self.render()

    def compare(self, a: int, b: int) -> None:
        """Show what differs from revision `a` to revision `b`. Raises StsWidgetsError where one is not there."""
        known = {int(each.get("revision") or 0) for each in self.subject.revisions}
        for number in (a, b):
            if number not in known:
                raise errors.StsWidgetsError("state.history.no_revision", number=number)
        self._compared = (a, b)
        self.render()

    def unavailable(self, error: Exception) -> None:
        self.value = {
            "revisions": [],
            "figure": None,
            "compare": None,
            "limit": None,
            "empty": self.desk.notice(error)["text"],
        }

    def render(self) -> None:
        sts = self.subject.set
        if sts is None:
            self._show_missing()
            return
        now, text = datetime.now(UTC), self.desk.text
        found = revision.history(sts, self.subject.revisions, self.subject.pods)
        refused = self.subject.refusal("controllerrevisions")
        empty = self.desk.notice(refused)["text"] if refused else text("state.history.empty")
        self.value = {
            "revisions": [self._row(each, now) for each in sorted(found, key=lambda each: -each.number)],
            "figure": self._draw(self._timeline(found)) if found else None,
            "compare": self._comparison(),
            "limit": (sts.get("spec") or {}).get("revisionHistoryLimit"),
            "empty": None if found else empty,
        }

    def _show_missing(self) -> None:
        if self.subject.refused is not None:
            self.unavailable(self.subject.refused)
        elif not self.subject.name:
            self.unavailable(errors.StsWidgetsError("state.detail.none_chosen"))
        elif self.subject.known:
            where = {"namespace": self.subject.namespace, "name": self.subject.name}
            self.unavailable(errors.StsWidgetsError("state.detail.not_found", **where))

    def _row(self, each: revision.Revision, now: datetime) -> dict[str, Any]:
        why = self.desk.text("state.history.is_current") if each.is_live else None
        return {
            "number": each.number,
            "name": each.name,
            "hash": each.hash,
            "created": _iso(each.created),
            "age": ages.since(_iso(each.since), now),
            "came_back": None if each.came_back is None else _iso(each.came_back),
            "images": list(each.images),
            "change_cause": each.change_cause or None,
            "is_current": each.is_current,
            "is_update": each.is_update,
            "is_restart_only": each.is_restart_only,
            "pods": list(each.pods),
            "tone": _tone(each),
            "can_roll_back": why is None,
            "why": why,
        }

    def _timeline(self, found: tuple[revision.Revision, ...]) -> Timeline:
        """By number, which is the order in which they were made active.

        A revision that came back without a pod of its own to tell when has no date: only that it was after the one
        below it. It is drawn a little to the right of that one, and its words say so.
        """
        text = self.desk.text
        dated = [(each, each.since) for each in sorted(found, key=lambda each: each.number) if each.since is not None]
        times = [time for _, time in dated]
        step = (max(times) - min(times)) * 0.04 if times else timedelta()
        entries = []
        latest: datetime | None = None
        for each, since in dated:
            is_known = latest is None or since >= latest
            at = since if latest is None or is_known else latest + step
            when = _iso(since) if is_known else text("state.history.after", time=_iso(latest))
            entries.append((each.number, at, _tone(each), self._hover(each, when), len(each.pods)))
            latest = at
        words = {tone: text(f"state.history.tone.{tone}") for tone in ("old", "current", "incoming")}
        return Timeline(tuple(entries), {**words, "time": text("state.usage.time")})

    def _hover(self, each: revision.Revision, when: str) -> str:
        lines = [
            self.desk.text("state.history.revision", number=each.number, hash=each.hash),
            when,
            *each.images,
            each.change_cause,
            self.desk.text("state.history.pods", count=len(each.pods)),
        ]
        return "\n".join(line for line in lines if line)

    def _comparison(self) -> dict[str, Any] | None:
        if self._compared is None:
            return None
        a, b = self._compared
        by_number = {int(each.get("revision") or 0): each for each in self.subject.revisions}
        if a not in by_number or b not in by_number:  # trimmed since
            return None
        before, after = (revision.template_of(by_number[number]) for number in (a, b))
        return {
            "a": a,
            "b": b,
            "changes": [plan_model.change(each) for each in revision.changes(before, after)],
            "before_yaml": yaml_emit.dump(before),
            "after_yaml": yaml_emit.dump(after),
        }


def _iso(time: datetime | None) -> str:
    return "" if time is None else time.isoformat()


def _tone(each: revision.Revision) -> Tone:
    """Incoming: what pods are being moved to; current: what the set runs; old: the rest."""
    if each.is_update and not each.is_current:
        return "incoming"
    return "current" if each.is_current else "old"
