"""Statuses as a person sees them: a word, a shape and a tone, never colour alone."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple, TypedDict

from stswidgets import messages
from stswidgets.domain import pods
from stswidgets.domain.pods import Object, Trouble

Phase = Literal["Running", "Updating", "Stuck", "Stopped", "Waiting", "Terminating"]
PHASES: tuple[Phase, ...] = ("Running", "Updating", "Stuck", "Stopped", "Waiting", "Terminating")

# Phases in which nothing goes on and nothing is wanted.
CALM: frozenset[Phase] = frozenset({"Running", "Stopped"})

_SHAPES: dict[Phase, str] = {
    "Running": "disc",
    "Updating": "arrow",
    "Waiting": "hourglass",
    "Stuck": "triangle",
    "Stopped": "square",
    "Terminating": "cross",
}


class Shown(TypedDict):
    """`tone` names the colour: running, updating, waiting, stuck, stopped, terminating."""

    word: str
    shape: str
    tone: str


def shown(phase: Phase, lang: str = "en") -> Shown:
    """A set's phase."""
    return {"word": messages.text(f"status.{phase.lower()}", lang), "shape": _SHAPES[phase], "tone": phase.lower()}


class PodStatus(NamedTuple):
    """`word` is kubectl's; `phase` chooses shape and tone."""

    word: str
    phase: Phase
    trouble: Trouble | None

    def shown(self, lang: str = "en") -> Shown:
        key = f"status.pod.{self.word}"
        return {**shown(self.phase, lang), "word": messages.text(key, lang) if messages.has(key) else self.word}

    def reason(self, lang: str = "en") -> str | None:
        """What it waits for, in words; None for a ready pod."""
        return None if self.trouble is None else self.trouble.sentence.text(lang)


def pod(found: Object, events: tuple[Object, ...] = (), now: datetime | None = None) -> PodStatus:
    """A pod's status; `events` and `now` (UTC) make its reason more exact."""
    trouble = pods.trouble(found, events, now)
    word = pods.word(found)
    if pods.terminating(found):
        return PodStatus(word, "Terminating", None)
    if trouble is None:
        return PodStatus(word, "Running", None)
    if pods.finished(found):
        return PodStatus(word, "Stuck" if word not in {"Completed", "Succeeded"} else "Stopped", trouble)
    return PodStatus(word, "Stuck" if trouble.lasting else "Waiting", trouble)
