"""The list: one row a StatefulSet, live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import traitlets as t

from stswidgets.domain import status
from stswidgets.state import browse_model, notices, sparks
from stswidgets.state.desk import Desk, Topic
from stswidgets.state.feeds import Feed, Row
from stswidgets.state.recording import Recording
from stswidgets.state.tasks import Coalesced
from stswidgets.state.watching import Object, Watched

_REVISIONS_SHOWN = 300
"""Sets up to which revisions are watched too: they carry whole pod templates, and a long list does well without."""


class BrowseState(Topic):
    """`value` is what stands around the table; its rows are in `feed`."""

    value: t.Dict[str, Any] = t.Dict({"loading": True, "total": 0, "empty": None, "error": None, "statuses": []})

    def __init__(self, desk: Desk, told: Callable[[str, str], None]) -> None:
        super().__init__(desk)
        self.feed = Feed("sets")
        self.namespace = ""
        self.recording = Recording(sparks.POINTS)
        self._publish = Coalesced(self.tasks, self._update)
        self._sets = Watched(self, "statefulsets", self._sets_changed, told)
        self._pods = Watched(self, "pods", self._pods_changed, told)
        self._revisions = Watched(self, "controllerrevisions", self._belonging_changed, told)
        self._rows: dict[str, Row] = {}
        self._dirty: set[str] = set()
        self._pods_by_set: dict[str, dict[str, Object]] = defaultdict(dict)

    def show(self, namespace: str) -> None:
        """List another namespace ("": all)."""
        if namespace == self.namespace:
            return
        self.stop()
        self.namespace = namespace
        self.forget()

    def forget(self) -> None:
        for watched in (self._sets, self._pods, self._revisions):
            watched.forget()
        self.recording = Recording(sparks.POINTS)
        self._rows, self._dirty = {}, set()
        self._pods_by_set.clear()
        self.feed.put([])
        self.value = {**self.value, "loading": True, "total": 0, "empty": None, "error": None}

    def unavailable(self, error: Exception) -> None:
        self.value = {**self.value, "loading": False, "error": self.desk.notice(error)}

    def start(self) -> None:
        namespace, cluster = self.namespace or None, self.desk.cluster
        self._sets.start(namespace)
        self._pods.start(namespace)
        self.tasks.every(self.desk.interval, lambda: cluster.usage(namespace), self._measured, self._unmeasured)
        self.tasks.tick(10.0, self._all_changed)

    def render(self) -> None:
        self._dirty = set(self._sets.objects)
        self._update()

    def _sets_changed(self, touched: list[Object]) -> None:
        self._dirty |= {each["metadata"]["uid"] for each in touched}
        if self._sets.synced and not self._revisions.is_watching and len(self._sets.objects) <= _REVISIONS_SHOWN:
            self._revisions.start(self.namespace or None)
        self._publish.request()

    def _pods_changed(self, touched: list[Object]) -> None:
        for pod in touched:
            uid = pod["metadata"]["uid"]
            for owner in pod["metadata"].get("ownerReferences") or ():
                if uid in self._pods.objects:
                    self._pods_by_set[owner["uid"]][uid] = pod
                else:
                    self._pods_by_set[owner["uid"]].pop(uid, None)
        self._belonging_changed(touched)

    def _belonging_changed(self, touched: list[Object]) -> None:
        owners = (owner for each in touched for owner in each["metadata"].get("ownerReferences") or ())
        self._dirty |= {owner["uid"] for owner in owners}
        self._publish.request()

    def _measured(self, samples: Any) -> None:
        if self.recording.add(samples, datetime.now(UTC)):
            self._all_changed()

    def _unmeasured(self, _error: Exception) -> None:
        """No answer: a gap in the lines. The watches say what is wrong with the server."""
        self.recording.missed(datetime.now(UTC))
        self._all_changed()

    def _all_changed(self) -> None:
        self._dirty |= set(self._sets.objects)
        self._publish.request()

    def _update(self) -> None:
        now = datetime.now(UTC)
        numbers = {
            (owner["uid"], revision["metadata"]["name"]): revision.get("revision")
            for revision in self._revisions.values()
            for owner in revision["metadata"].get("ownerReferences") or ()
        }
        for uid in self._dirty:
            found = self._sets.objects.get(uid)
            if found is None:
                self._rows.pop(uid, None)
                self._pods_by_set.pop(uid, None)
            else:
                pods = list(self._pods_by_set[uid].values())
                names = [(pod["metadata"]["namespace"], pod["metadata"]["name"]) for pod in pods]
                row = browse_model.row(found, pods, numbers, self.desk.lang, now)
                self._rows[uid] = {**row, **sparks.sparks(self.recording, names)}
        self._dirty = set()
        if self._sets.synced:
            self.feed.put(self._rows.values())
        self._show()

    def _show(self) -> None:
        error, total = self._sets.error, len(self._rows)
        nothing = self._sets.synced and not total
        where = self.desk.text("state.browse.empty", namespace=self.namespace)
        everywhere = self.desk.text("state.browse.empty_everywhere")
        self.value = {
            "loading": not self._sets.synced and error is None,
            "total": total,
            "empty": (where if self.namespace else everywhere) if nothing else None,
            "error": None if error is None else notices.of_error(error, self.desk.lang, "browse"),
            "statuses": [
                {"value": phase, "label": status.shown(phase, self.desk.lang)["word"]} for phase in status.PHASES
            ],
        }
