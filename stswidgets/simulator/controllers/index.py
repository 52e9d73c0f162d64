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
            self._insert(self._keys(stored.obj), stored)

    def get(self, key: Hashable) -> list[Json]:
        """The objects under `key`, by namespace and name."""
        bucket = self._buckets.get(key, {})
        return [bucket[name] for name in sorted(bucket)]

    def end(self) -> None:
        """Follow the store no more."""
        self._end()

    def _changed(self, event: store.Event) -> None:
        before = list(self._keys(event.old.obj)) if event.old is not None else []
        after = list(self._keys(event.obj)) if event.type != "DELETED" else []
        if before != after:
            self._drop(before, event.new)
        self._insert(after, event.new)

    def _insert(self, keys: Iterable[Hashable], stored: store.Stored) -> None:
        for key in keys:
            self._buckets.setdefault(key, {})[stored.namespace, stored.name] = stored.obj

    def _drop(self, keys: Iterable[Hashable], stored: store.Stored) -> None:
        for key in keys:
            bucket = self._buckets.get(key)
            if bucket is not None:
                bucket.pop((stored.namespace, stored.name), None)
                if not bucket:
                    del self._buckets[key]
