"""Indexes over the store: the pods of a set, the claims of a pod, without walking all objects."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from stswidgets.simulator import store
from stswidgets.simulator.kinds import registry

Json = dict[str, Any]


class Index:
    """Objects of one kind by what `keys` says of each. It is current as soon as a write returns."""

    def __init__(self, objects: store.Store, kind: registry.Kind, keys: Callable[[Json], Iterable[Hashable]]) -> None:
        self._keys = keys
        self._buckets: dict[Hashable, dict[tuple[str, str], Json]] = {}
        self._end = objects.subscribe(kind, self._changed)
        for stored in objects.list(kind):
            self._insert(stored)

    def get(self, key: Hashable) -> list[Json]:
        """The objects under `key`, by namespace and name."""
        return [obj for _, obj in sorted(self._buckets.get(key, {}).items(), key=lambda item: item[0])]

    def end(self) -> None:
        """Follow the store no more."""
        self._end()

    def _changed(self, event: store.Event) -> None:
        if event.old is not None:
            self._drop(event.old)
        if event.type != "DELETED":
            self._insert(event.new)

    def _insert(self, stored: store.Stored) -> None:
        for key in self._keys(stored.obj):
            self._buckets.setdefault(key, {})[stored.namespace, stored.name] = stored.obj

    def _drop(self, stored: store.Stored) -> None:
        for key in self._keys(stored.obj):
            bucket = self._buckets.get(key)
            if bucket is not None:
                bucket.pop((stored.namespace, stored.name), None)
                if not bucket:
                    del self._buckets[key]
