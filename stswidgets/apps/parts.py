"""The states of one view, made and wired to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import traitlets as t

from stswidgets.apps import drawing
from stswidgets.state.browse import BrowseState
from stswidgets.state.commands import Commands
from stswidgets.state.desk import Desk, Topic
from stswidgets.state.detail import DetailState
from stswidgets.state.form import FormState
from stswidgets.state.history import HistoryState
from stswidgets.state.logs import LogsState
from stswidgets.state.plan import PlanState
from stswidgets.state.rollout import RolloutState
from stswidgets.state.route import RouteState
from stswidgets.state.session import Connect, SessionState
from stswidgets.state.subject import Subject
from stswidgets.state.usage import UsageState


@dataclass(frozen=True)
class Parts:
    """All states that a view shows, over one desk."""

    desk: Desk
    session: SessionState
    route: RouteState
    commands: Commands
    browse: BrowseState
    form: FormState
    plan: PlanState
    subject: Subject
    rollout: RolloutState
    detail: DetailState
    usage: UsageState
    history: HistoryState
    logs: LogsState

    def topics(self) -> Iterator[Topic]:
        """Those that follow the cluster, in the order in which they start: the subject first, others read from it."""
        yield from (
            self.session,
            self.subject,
            self.browse,
            self.rollout,
            self.usage,
            self.detail,
            self.history,
            self.logs,
        )

    def mirrors(self) -> Iterator[tuple[t.HasTraits, str, str]]:
        """Which trait of which state is which trait of the view."""
        yield self.desk.notices, "value", "notices"
        yield self.commands, "busy", "busy"
        yield self.form, "editor", "editor"
        for name in ("session", "route", "browse", "form", "plan", "rollout", "detail", "usage", "history"):
            yield getattr(self, name), "value", name


def make(desk: Desk, connect: Connect, route: RouteState) -> Parts:
    """Make the states."""
    session = SessionState(desk, connect)
    subject = Subject(desk, session.follow)
    usage = UsageState(desk, subject, drawing.usage)
    return Parts(
        desk=desk,
        session=session,
        route=route,
        commands=Commands(desk),
        browse=BrowseState(desk, session.follow),
        form=FormState(desk),
        plan=PlanState(desk),
        subject=subject,
        rollout=RolloutState(desk, subject),
        detail=DetailState(desk, subject, usage),
        usage=usage,
        history=HistoryState(desk, subject, drawing.timeline),
        logs=LogsState(desk),
    )
