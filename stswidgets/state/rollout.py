"""The rollout of the subject, as it goes. It is the cluster's: leaving the page stops the watching, not the rollout."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import traitlets as t

from stswidgets.domain import rollout, status
from stswidgets.state.desk import Desk, Topic
from stswidgets.state.subject import Subject


class RolloutState(Topic):
    """`value` is the RolloutModel; None while the set is not known."""

    value: t.Dict[str, Any] | None = t.Dict(allow_none=True, default_value=None)

    def __init__(self, desk: Desk, subject: Subject) -> None:
        super().__init__(desk)
        self.subject = subject

    def start(self) -> None:
        self.render()

    def render(self) -> None:
        sts = self.subject.set
        if sts is None:
            self.value = None
            return
        progress = rollout.status(sts, self.subject.pods, self.subject.claims, self.subject.events, datetime.now(UTC))
        lang = self.desk.lang
        numbers = {each["metadata"]["name"]: int(each.get("revision") or 0) for each in self.subject.revisions}
        self.value = {
            "phase": progress.phase,
            **status.shown(progress.phase, lang),
            "sentence": progress.text(lang),
            "desired": progress.desired,
            "ready": progress.ready,
            "updated": progress.updated,
            "ordinals": [_ordinal(each, numbers, lang) for each in progress.ordinals],
            "done": progress.done,
        }


def _ordinal(each: rollout.OrdinalState, numbers: dict[str, int], lang: str) -> dict[str, Any]:
    return {
        "ordinal": each.ordinal,
        "pod": each.pod,
        "state": each.state,
        **status.shown(each.state, lang),
        "revision": numbers.get(each.revision, each.revision),
        "text": each.text(lang),
    }
