"""The rollout of the subject, as it goes. It is the cluster's: leaving the page stops the watching, not the rollout."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import traitlets as t

from stswidgets.domain import rollout
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
        subject = self.subject
        progress = rollout.status(sts, subject.pods, subject.claims, subject.events, datetime.now(UTC))
        numbers = {each["metadata"]["name"]: int(each.get("revision") or 0) for each in subject.revisions}
        self.value = progress.model(self.desk.lang, numbers)
