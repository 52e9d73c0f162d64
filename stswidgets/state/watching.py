"""A selection of objects that stays current while a topic runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stswidgets import errors
from stswidgets.state.desk import Topic
from stswidgets.state.tasks import Job

if TYPE_CHECKING:
    from stswidgets.cluster.watching import Batch, Change

Object = dict[str, Any]


class Watched:
    """Objects of one kind, by uid, as the last batch left them.

    `changed` hears of the objects of each batch (also of an empty one that completes a list); `told` hears, with the
    watch's name, how it is: connecting, live, stale, lost or forbidden, and "" when it was stopped.
    """

    def __init__(
        self,
        topic: Topic,
        kind: str,
        changed: Callable[[list[Object]], None],
        told: Callable[[str, str], None],
    ) -> None:
        self.kind = kind
        self.name = f"{type(topic).__name__}/{kind}"
        self.objects: dict[str, Object] = {}
        self.synced = False
        self.state = "connecting"
        self.error: errors.StsWidgetsError | None = None
        self._topic = topic
        self._changed = changed
        self._told = told
        self._job: Job | None = None
        self._first_list = True
        topic.watches.append(self)

    def start(self, namespace: str | None = None, *, labels: str = "", fields: str = "") -> None:
        """Watch a namespace (None: all). What an earlier watch found is kept until the new list is there."""
        self.stop()
        cluster = self._topic.desk.cluster
        self._first_list = True
        self._job = self._topic.tasks.thread(
            lambda stop: cluster.watch(self.kind, namespace, labels=labels, fields=fields, stop=stop), self._receive
        )

    def stop(self) -> None:
        if self._job is not None:
            self._job.stop()
            self._job = None
            self._told(self.name, "")

    @property
    def is_watching(self) -> bool:
        return self._job is not None

    def forget(self) -> None:
        """Drop what is known: the next start looks at something else."""
        self.objects = {}
        self.synced = False
        self.error = None

    def values(self) -> list[Object]:
        return list(self.objects.values())

    def _receive(self, batch: Batch) -> None:
        before = self.objects
        if batch.synced and self._first_list:
            self._first_list = False
            self.objects = {}
        touched = [self._apply(change) for change in batch.changes]
        touched += [old for uid, old in before.items() if uid not in self.objects] if before is not self.objects else []
        self.synced = self.synced or batch.synced
        self.error = batch.error
        self._told(self.name, batch.state)
        if touched or batch.synced or batch.error:
            self._changed(touched)

    def _apply(self, change: Change) -> Object:
        """Remember or forget one object. Of one that went, the last whole one is returned: it says who owned it."""
        uid = change.object["metadata"]["uid"]
        known = self.objects.pop(uid, None)
        if change.type == "removed":
            return known or change.object
        self.objects[uid] = change.object
        return change.object
