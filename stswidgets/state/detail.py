"""One StatefulSet: its facts, pods and events, and what this user may do with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import traitlets as t

from stswidgets.domain import rollout
from stswidgets.state import detail_model, notices, sparks
from stswidgets.state.desk import Desk, Topic
from stswidgets.state.feeds import Feed
from stswidgets.state.subject import Subject
from stswidgets.state.usage import UsageState

TABS = ("resources", "usage", "revisions", "storage", "metadata", "environment", "events", "yaml")


class Action(NamedTuple):
    """Something to do with the set, and the permission that it takes."""

    name: str
    verb: str
    resource: str = "statefulsets"
    subresource: str = ""


ACTIONS = (
    Action("edit", "patch"),
    Action("scale", "patch", subresource="scale"),
    Action("restart", "patch"),
    Action("roll_back", "patch"),
    Action("stop", "patch", subresource="scale"),
    Action("delete", "delete"),
)


class DetailState(Topic):
    """`value` is the DetailModel; pods and events are in feeds of their own."""

    value: t.Dict[str, Any] | None = t.Dict(allow_none=True, default_value=None)

    def __init__(self, desk: Desk, subject: Subject, usage: UsageState) -> None:
        super().__init__(desk)
        self.pods = Feed("pods")
        self.events = Feed("events")
        self.subject = subject
        self._usage = usage
        self._of = ("", "")
        self._seen = False
        self._denied: dict[str, str] = {}

    def start(self) -> None:
        """Show the subject, and ask what the user may do with it."""
        of = (self.subject.namespace, self.subject.name)
        if of != self._of:
            self._of, self._seen, self._denied = of, False, {}
            self.value = None
            self.pods.put([])
            self.events.put([])
        if not all(of):
            return
        cluster, (namespace, name) = self.desk.cluster, of
        for action in ACTIONS:
            self.tasks.run(
                lambda action=action: cluster.can(  # type: ignore[misc]
                    action.verb, action.resource, namespace, name, action.subresource
                ),
                lambda access, action=action: self._may(action, access),  # type: ignore[misc]
                lambda _error: None,  # not known: the server decides when it is tried
            )
        self.render()

    def forget(self) -> None:
        self._of = ("", "")

    def unavailable(self, error: Exception) -> None:
        where = {"namespace": self.subject.namespace, "name": self.subject.name}
        self.value = {**where, "missing": {**self.desk.notice(error), "id": "missing"}, "tabs": [], "actions": []}

    def _may(self, action: Action, access: Any) -> None:
        if not access.allowed:
            what = f"{action.verb} {action.resource}" + (f"/{action.subresource}" if action.subresource else "")
            self._denied[action.name] = what
            self.render()

    def render(self) -> None:
        sts = self.subject.set
        if sts is None:
            self._show_missing()
            return
        self._seen = True
        now, lang = datetime.now(UTC), self.desk.lang
        progress = rollout.status(sts, self.subject.pods, self.subject.claims, self.subject.events, now)
        self.value = {
            **detail_model.head(sts, progress, lang, now),
            **detail_model.body(sts, self.desk.text),
            "services": detail_model.services(sts, self.subject.services),
            "claims": detail_model.claims(sts, self.subject.claims, now),
            "tabs": [{"id": tab, "title": self.desk.text(f"state.detail.tab.{tab}")} for tab in TABS],
            "actions": [self._action(action, progress) for action in ACTIONS],
            "missing": None,
        }
        self._feed(sts, now)

    def _feed(self, sts: dict[str, Any], now: datetime) -> None:
        numbers = {each["metadata"]["name"]: int(each.get("revision") or 0) for each in self.subject.revisions}
        events, lang = self.subject.events, self.desk.lang
        pods = [detail_model.pod_row(pod, sts, numbers, events=events, lang=lang, now=now) for pod in self.subject.pods]
        where, recording = self.subject.namespace, self._usage.recording
        self.pods.put([{**row, **sparks.sparks(recording, [(where, row["name"])])} for row in pods])
        self.events.put([detail_model.event_row(event, now) for event in events])

    def _action(self, action: Action, progress: rollout.Rollout) -> dict[str, Any]:
        denied = self._denied.get(action.name)
        why = self.desk.text("state.detail.denied", permission=denied) if denied else None
        if action.name == "stop" and not progress.desired:
            why = self.desk.text("state.detail.stopped")
        return {
            "id": action.name,
            "label": self.desk.text(f"state.detail.action.{action.name}"),
            "enabled": why is None,
            "why": why,
            "destructive": action.name == "delete",
        }

    def _show_missing(self) -> None:
        """No set: not yet, not any more, never, or not to be seen."""
        where = {"namespace": self.subject.namespace, "name": self.subject.name}
        if not self.subject.name:
            notice = notices.said("info", "state.detail.none_chosen", self.desk.lang)
        elif self.subject.refused is not None:
            notice = self.desk.notice(self.subject.refused)
        elif not self.subject.known:
            return
        else:
            severity, key = ("info", "gone") if self._seen else ("warning", "not_found")
            notice = notices.said(severity, f"state.detail.{key}", self.desk.lang, **where)
        self.pods.put([])
        self.events.put([])
        self.value = {**where, "missing": {**notice, "id": "missing"}, "tabs": [], "actions": []}
