"""The router: one view's states, which of them run on which page, and what leads from one page to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import traitlets as t

from stswidgets import messages
from stswidgets.apps import commands, frames, hosting, parts
from stswidgets.cluster.plans import Plan
from stswidgets.state.desk import Desk, Topic
from stswidgets.state.feeds import Feed
from stswidgets.state.presence import PATIENCE, Presence
from stswidgets.state.route import RouteState
from stswidgets.state.session import Connect

if TYPE_CHECKING:
    import pandas as pd

    from stswidgets.cluster import Cluster

Send = Callable[[dict[str, Any]], None]


class Words(t.HasTraits):
    """What depends on the viewer's choice of language and theme."""

    options: t.Dict[str, Any] = t.Dict()
    messages: t.Dict[str, str] = t.Dict()


class Router:
    """What a `View` shows and forwards to (`widgets.view.Source`)."""

    def __init__(
        self,
        route: RouteState,
        connect: Connect,
        *,
        cluster: Cluster | None = None,
        host: hosting.Host,
        lang: str = "en",
        chrome: bool | None = None,
        desk: Desk | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """With `cluster` that one is used, and stays the caller's; else `connect` makes one in the background."""
        self.desk = desk or Desk(lang=lang)
        self.parts = parts.make(self.desk, connect, route)
        self.words = Words(options=hosting.options(host, lang, chrome), messages=messages.catalog(lang, "ui."))
        self._host = host
        self._open_cluster = connect
        self._running: list[Topic] = []
        self._presence = Presence(self.desk.tasks, left=self._left, came=self._enter, patience=patience)
        self.feeds: Mapping[str, Feed] = {
            feed.name: feed
            for feed in (self.parts.browse.feed, self.parts.detail.pods, self.parts.detail.events, self.parts.logs.feed)
        }
        commands.give(self)
        self.parts.session.on_connected(self._connected)
        self.parts.plan.on_applied(self._applied)
        self.parts.subject.on_change(self._subject_changed)
        self.parts.usage.on_tick(self._measured)
        self.parts.session.observe(lambda change: self.parts.form.suggest("namespace", change.new), names="namespaces")
        if cluster is not None:
            self.parts.session.adopt(cluster)
        else:
            self._enter()
            self.parts.session.connect().then(lambda _result, error: self.desk.failed(error) if error else None)

    # ---------------------------------------------------------------- what a view asks of its source

    def mirrors(self) -> Iterable[tuple[t.HasTraits, str, str]]:
        yield self.words, "options", "options"
        yield self.words, "messages", "messages"
        yield from self.parts.mirrors()

    def connect(self, send: Send) -> None:
        self.parts.usage.send = send

    def command(self, message: dict[str, Any], reply: Send) -> None:
        self.parts.commands.run(message, reply)

    def beat(self) -> None:
        self._presence.beat()

    def close(self) -> None:
        self._stop()
        self._presence.stop()
        self.desk.tasks.stop()
        self.parts.session.close()

    def frame(self) -> pd.DataFrame:
        if self.desk.connected is not None:
            return frames.frame(self.parts, self.desk.connected)
        with self._open_cluster(None) as cluster:  # the one that is being opened in the background is not there yet
            return frames.frame(self.parts, cluster)

    # ---------------------------------------------------------------- going from place to place

    def open(self, page: str = "", **where: Any) -> None:
        """Go to a page."""
        if self.parts.plan.is_applied or self.parts.route.value["page"] != (page or self.parts.route.value["page"]):
            self.parts.plan.cancel()
        self.parts.route.open(page, **where)
        self._enter()

    def speak(self, lang: str) -> None:
        """Say everything in another language."""
        lang = messages.language(lang)
        self.desk.lang = lang
        old = self.words.options
        self.words.messages = messages.catalog(lang, "ui.")
        self.words.options = hosting.options(self._host, lang, old["chrome"], old["theme"])
        self.desk.notices.speak(lang)
        for topic in (self.parts.session, self.parts.form, self.parts.plan, *self._running):
            topic.render()

    def dress(self, theme: str) -> None:
        """Remember the theme: the browser does the rest."""
        if theme in ("auto", "light", "dark"):
            self.words.options = {**self.words.options, "theme": theme}

    def edit(self, manifest: dict[str, Any], service: dict[str, Any] | None) -> None:
        """Open the form on a stored set."""
        self.parts.plan.cancel()
        self.parts.form.edit(manifest, service)
        meta = manifest["metadata"]
        self.parts.route.open("create", namespace=meta["namespace"], name=meta["name"], tab="edit")
        self._enter()

    def _topics(self) -> list[Topic]:
        """What runs on the page where the view is."""
        these = self.parts
        match these.route.value["page"]:
            case "browse":
                shown: list[Topic] = [these.browse]
            case "create":
                shown = [these.subject, these.rollout] if these.plan.is_applied else []
            case "usage":
                shown = [these.subject, these.usage]
            case "history":
                shown = [these.subject, these.rollout, these.history]
            case _:
                shown = [these.subject, these.rollout, these.usage, these.detail, these.history]
        return [these.session, *shown]

    def _enter(self) -> None:
        """Run what the page needs, and only that."""
        place = self.parts.route.value
        wanted = self._topics()
        self._aim(place)
        if self.desk.connected is None:
            self._stop()
            failure = self.parts.session.failure
            for topic in wanted if failure else []:
                topic.unavailable(failure)  # type: ignore[arg-type]
            return
        for topic in [each for each in self._running if each not in wanted]:
            topic.stop()
        if not self._presence.is_there:
            return
        started = [each for each in wanted if each not in self._running]
        self._running = wanted
        for topic in started:
            topic.start()

    def _aim(self, place: dict[str, str]) -> None:
        """Point the page's states at what the address names."""
        these = self.parts
        own = self.desk.connected.namespace if self.desk.connected else ""
        namespace = place["namespace"] or these.session.namespace or own
        if place["page"] == "browse":
            if place["namespace"]:
                these.session.select_namespace(place["namespace"])
            if these.browse.namespace != these.session.namespace:
                self._halt(these.browse)
                these.browse.show(these.session.namespace)
        elif place["page"] == "create":
            commands.begin_form(self, namespace)
        elif (these.subject.namespace, these.subject.name) != (namespace, place["name"]):
            self._halt(these.subject, these.rollout, these.usage, these.detail, these.history, these.logs)
            these.subject.show(namespace, place["name"])
        these.usage.show(place["page"] == "usage" or (place["page"] == "detail" and place["tab"] == "usage"))

    def _halt(self, *topics: Topic) -> None:
        for topic in topics:
            topic.stop()
        self._running = [each for each in self._running if each not in topics]

    def _stop(self) -> None:
        self._halt(*self._running, self.parts.logs)

    def _left(self) -> None:
        """Nobody looks: watch nothing. The feeds start whole when somebody comes back."""
        self._stop()
        self.parts.session.paused()
        for feed in self.feeds.values():
            feed.leave()

    def _connected(self) -> None:
        self._stop()
        for topic in self.parts.topics():
            topic.forget()
        self._enter()
        if self.desk.connected is not None:
            commands.offer_storage_classes(self)

    def _applied(self, plan: Plan) -> None:
        """A plan was carried out: what it made is followed live."""
        step = next((each for each in plan.steps if each.kind == "StatefulSet" and each.verb != "delete"), None)
        if self.parts.route.value["page"] == "create" and step is not None:
            self._halt(self.parts.subject, self.parts.rollout)
            self.parts.subject.show(step.namespace, step.name)
            self._enter()

    def _subject_changed(self) -> None:
        self.parts.usage.set_changed()
        for topic in (self.parts.rollout, self.parts.detail, self.parts.history):
            if topic in self._running:
                topic.render()

    def _measured(self) -> None:
        if self.parts.detail in self._running:
            self.parts.detail.render()
