"""The StatefulSet that a page is about, and what belongs to it, followed live.

Detail, rollout, history and usage show the same facts; they are watched once, here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from stswidgets import errors
from stswidgets.cluster import pods as belonging
from stswidgets.domain import naming
from stswidgets.state.desk import Desk, Topic
from stswidgets.state.tasks import Coalesced
from stswidgets.state.watching import Object, Watched

BELONGING = ("pods", "controllerrevisions", "persistentvolumeclaims", "events", "services")


class Subject(Topic):
    """`namespace` and `name` say which set; the properties are the facts. Listeners are called a few times a second."""

    def __init__(self, desk: Desk, told: Callable[[str, str], None]) -> None:
        super().__init__(desk)
        self.namespace = ""
        self.name = ""
        self._listeners: list[Callable[[], None]] = []
        self._publish = Coalesced(self.tasks, self._tell)
        self._sets = Watched(self, "statefulsets", self._set_changed, told)
        self._below = {kind: Watched(self, kind, lambda _: self._publish.request(), told) for kind in BELONGING}
        self._followed = ""

    def on_change(self, listen: Callable[[], None]) -> None:
        self._listeners.append(listen)

    def show(self, namespace: str, name: str) -> None:
        """Follow another set (or none, with an empty name)."""
        if (namespace, name) == (self.namespace, self.name):
            return
        self.stop()
        self.namespace, self.name = namespace, name
        self.forget()

    def forget(self) -> None:
        for watched in (self._sets, *self._below.values()):
            watched.forget()

    def start(self) -> None:
        self._followed = ""
        if self.name and naming.subdomain(self.name) is None:
            self._sets.start(self.namespace, fields=f"metadata.name={self.name}")
        else:
            # No server will say anything about it. Those that listen have not started yet.
            self.tasks.post(self._publish.request)
        self.tasks.tick(10.0, self._publish.request)

    @property
    def set(self) -> Object | None:
        """The StatefulSet, or None while it is not known or when it is gone (see `known`)."""
        found = self._sets.values()
        return found[0] if found else None

    @property
    def known(self) -> bool:
        """Whether the server has said what there is: from then on, no set means that there is none."""
        return self._sets.synced or bool(self.name and naming.subdomain(self.name) is not None)

    @property
    def refused(self) -> errors.StsWidgetsError | None:
        """Why the set cannot be watched (no permission, nobody answers and nothing is known), if so."""
        return self._sets.error if self._sets.state in ("forbidden", "lost") else None

    def refusal(self, kind: str) -> errors.StsWidgetsError | None:
        """Why objects of `kind` cannot be watched, if so."""
        watched = self._below[kind]
        return watched.error if watched.state == "forbidden" else None

    @property
    def pods(self) -> list[Object]:
        """The set's own pods, by ordinal."""
        return sorted(self._owned("pods"), key=lambda pod: naming.ordinal(pod["metadata"]["name"]) or 0)

    @property
    def revisions(self) -> list[Object]:
        return self._owned("controllerrevisions")

    @property
    def claims(self) -> list[Object]:
        """Claims made from the set's templates, also of ordinals that it no longer has."""
        templates = ((self.set or {}).get("spec") or {}).get("volumeClaimTemplates") or []
        names = "|".join(re.escape(template["metadata"]["name"]) for template in templates)
        ours = re.compile(rf"(?:{names})-{re.escape(self.name)}-\d+")
        found = self._below["persistentvolumeclaims"].values() if names else []
        return sorted((claim for claim in found if ours.fullmatch(claim["metadata"]["name"])), key=_by_name)

    @property
    def services(self) -> list[Object]:
        """The governing Service and those that select the set's pods."""
        spec: dict[str, Any] = (self.set or {}).get("spec") or {}
        labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels") or {}

        def ours(service: Object) -> bool:
            selector = (service.get("spec") or {}).get("selector") or {}
            selects = bool(selector) and all(labels.get(key) == value for key, value in selector.items())
            return selects or service["metadata"]["name"] == spec.get("serviceName")

        return sorted(filter(ours, self._below["services"].values()), key=_by_name)

    @property
    def events(self) -> list[Object]:
        """Events of the set, its pods and its claims, newest first."""
        found = self.set
        about = belonging.about(self._below["events"].values(), found) if found else []
        return sorted(about, key=belonging.event_time, reverse=True)

    def _owned(self, kind: str) -> list[Object]:
        found = self.set
        return [each for each in self._below[kind].values() if belonging.is_owned(each, found)] if found else []

    def _set_changed(self, _touched: list[Object]) -> None:
        found = self.set
        if found is not None:
            self._follow_belonging(found)
        self._publish.request()

    def _follow_belonging(self, found: Object) -> None:
        """Watch what belongs to the set, once its selector is known; again when a set of that name was made anew."""
        uid = found["metadata"]["uid"]
        if uid == self._followed:
            return
        self._followed = uid
        labels = belonging.selector(found)
        for kind, watched in self._below.items():
            watched.start(self.namespace, labels=labels if kind in ("pods", "controllerrevisions") else "")

    def _tell(self) -> None:
        for listen in self._listeners:
            listen()


def _by_name(item: Object) -> str:
    return str(item["metadata"]["name"])
