"""The store: objects, one resourceVersion for all of them, a short history, and subscriptions.

It knows no rule of the API. Objects are plain dicts that nobody changes in place: a write puts a new one, and what was
read before stays as it was. Everything runs on one thread (the event loop), so a caller's read and write are one step.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Literal, Protocol

import msgspec

Json = dict[str, Any]
EventType = Literal["ADDED", "MODIFIED", "DELETED"]

HISTORY = 2048
"""Changes kept per resource for watches that start in the past; an older start gets 410, as after etcd's compaction."""
SNAPSHOTS = 32
"""Lists kept for clients that page through them; an older continue token gets 410."""


class Resource(Protocol):
    """What the store needs to know of a kind (`kinds.registry.Kind` has it)."""

    @property
    def group(self) -> str:
        """API group, empty for core."""

    @property
    def plural(self) -> str:
        """Resource name in URLs."""

    @property
    def storage(self) -> Resource:
        """The resource whose objects these are: another one for another form of it, else itself."""


class Stored:
    """One stored object. `obj` must not be changed; `version` is its resourceVersion as a number."""

    __slots__ = ("_item", "name", "namespace", "obj", "version")

    def __init__(self, obj: Json, version: int) -> None:
        metadata = obj["metadata"]
        self.obj = obj
        self.version = version
        self.namespace: str = metadata.get("namespace", "")
        self.name: str = metadata["name"]
        self._item: bytes | None = None

    @property
    def item(self) -> bytes:
        """The object as it stands in a list, encoded once: lists leave kind and apiVersion of their items out."""
        if self._item is None:
            self._item = msgspec.json.encode({k: v for k, v in self.obj.items() if k not in ("kind", "apiVersion")})
        return self._item

    @property
    def raw(self) -> bytes:
        """The object as JSON."""
        head = b'{"kind":"%s","apiVersion":"%s",' % (self.obj["kind"].encode(), self.obj["apiVersion"].encode())
        return head + self.item[1:]

    def copy(self) -> Json:
        """A deep copy that may be changed (decoding the bytes is four times faster than `copy.deepcopy`)."""
        copied: Json = msgspec.json.decode(self.raw)
        return copied


class Event(msgspec.Struct, frozen=True):
    """One change. `old` is None for ADDED; for DELETED, `new` is the last state with the deletion's resourceVersion."""

    type: EventType
    kind: Resource
    old: Stored | None
    new: Stored

    @property
    def obj(self) -> Json:
        """The object after the change (its last state if it was deleted)."""
        return self.new.obj


Callback = Callable[[Event], None]
Items = list[Stored]
Events = list[Event]


class _Shelf(msgspec.Struct):
    """All objects of one resource."""

    spaces: dict[str, dict[str, Stored]] = {}
    history: deque[Event] = msgspec.field(default_factory=lambda: deque(maxlen=HISTORY))
    forgotten: int = 0  # the newest version that fell out of history
    listeners: dict[int, Callback] = {}
    ordered: dict[str | None, list[Stored]] = {}  # sorted lists, until the next write
    names: dict[str, list[str]] = {}  # sorted names of a namespace, until one comes or goes

    def listed(self, namespace: str) -> list[Stored]:
        """The objects of one namespace by name."""
        space = self.spaces.get(namespace)
        if space is None:
            return []
        found = self.ordered.get(namespace)
        if found is None:
            names = self.names.get(namespace)
            if names is None:
                names = self.names[namespace] = sorted(space)
            found = self.ordered[namespace] = [space[name] for name in names]
        return found

    def changed(self, event: Event) -> None:
        """Drop the lists that a change has made old."""
        namespace = event.new.namespace
        self.ordered.pop(namespace, None)
        self.ordered.pop(None, None)
        if event.type != "MODIFIED":
            self.names.pop(namespace, None)


_ORDER = (
    "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
    "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers",
    "managedFields",
)  # fmt: skip


def ordered(metadata: Json) -> Json:
    """Metadata in the order in which the API server writes it."""
    return {field: metadata[field] for field in _ORDER if field in metadata}


def shelf_name(kind: Resource) -> str:
    """Where a kind's objects lie. Some (events, autoscalers) are one resource that two groups or versions show."""
    storage = kind.storage
    return f"{storage.group}/{storage.plural}"


class Store:
    """Objects by kind, namespace and name."""

    def __init__(self) -> None:
        self.version = 0
        self._shelves: dict[str, _Shelf] = {}
        self._everywhere: dict[int, Callback] = {}
        self._next_listener = 0
        self._floor = 0
        self._snapshots: dict[tuple[str, str | None, int], Items] = {}

    def _shelf(self, kind: Resource) -> _Shelf:
        name = shelf_name(kind)
        shelf = self._shelves.get(name)
        if shelf is None:
            shelf = self._shelves[name] = _Shelf(forgotten=self._floor)
        return shelf

    def get(self, kind: Resource, namespace: str | None, name: str) -> Stored | None:
        """The object, or None. `namespace` is empty or None for cluster-wide kinds."""
        return self._shelf(kind).spaces.get(namespace or "", {}).get(name)

    def list(self, kind: Resource, namespace: str | None = None) -> Items:
        """All objects of a kind, or of one namespace, by namespace and name. The list is shared: do not change it."""
        shelf = self._shelf(kind)
        if namespace:
            return shelf.listed(namespace)
        found = shelf.ordered.get(None)
        if found is None:
            found = shelf.ordered[None] = [item for space in sorted(shelf.spaces) for item in shelf.listed(space)]
        return found

    def count(self, kind: Resource) -> int:
        """How many objects of a kind there are."""
        return sum(len(space) for space in self._shelf(kind).spaces.values())

    def put(self, kind: Resource, obj: Json) -> Stored:
        """Create or replace. `obj` becomes the store's: its `metadata.resourceVersion` is set here.

        There is no check of any kind; a put of an equal object is a new version all the same.
        """
        self.version += 1
        metadata = ordered({**obj["metadata"], "resourceVersion": str(self.version)})
        stored = Stored({**obj, "metadata": metadata}, self.version)
        shelf = self._shelf(kind)
        space = shelf.spaces.setdefault(stored.namespace, {})
        old = space.get(stored.name)
        space[stored.name] = stored
        self._publish(shelf, Event("MODIFIED" if old else "ADDED", kind, old, stored))
        return stored

    def remove(self, kind: Resource, namespace: str | None, name: str) -> Stored:
        """Take an object away; answers its last state with the deletion's version. KeyError if there is none."""
        shelf = self._shelf(kind)
        space = shelf.spaces[namespace or ""]
        old = space.pop(name)
        if not space:
            del shelf.spaces[namespace or ""]
        self.version += 1
        metadata = {**old.obj["metadata"], "resourceVersion": str(self.version)}
        last = Stored({**old.obj, "metadata": metadata}, self.version)
        self._publish(shelf, Event("DELETED", kind, old, last))
        return last

    def _publish(self, shelf: _Shelf, event: Event) -> None:
        shelf.changed(event)
        if len(shelf.history) == HISTORY:
            shelf.forgotten = shelf.history[0].new.version
        shelf.history.append(event)
        for callback in [*shelf.listeners.values(), *self._everywhere.values()]:
            callback(event)

    def subscribe(self, kind: Resource | None, callback: Callback) -> Callable[[], None]:
        """Call `callback` with every later change (of one kind, or of all), inside the write. Answers how to end it."""
        self._next_listener += 1
        number = self._next_listener
        listeners = self._everywhere if kind is None else self._shelf(kind).listeners
        listeners[number] = callback

        def unsubscribe() -> None:
            listeners.pop(number, None)

        return unsubscribe

    def since(self, kind: Resource, version: int) -> Events | None:
        """The changes of a kind after a version, oldest first, or None if history does not reach that far."""
        shelf = self._shelf(kind)
        if version < shelf.forgotten:
            return None
        found: Events = []
        for event in reversed(shelf.history):
            if event.new.version <= version:
                break
            found.append(event)
        found.reverse()
        return found

    def forget(self) -> None:
        """Drop all history and snapshots, as a compaction does: watches and pages from before get 410."""
        self._floor = self.version
        for shelf in self._shelves.values():
            shelf.history.clear()
            shelf.forgotten = self.version
        self._snapshots.clear()

    def list_at(self, kind: Resource, namespace: str | None, version: int) -> Items | None:
        """The list as it was at a version, or None if history does not reach that far."""
        later = self.since(kind, version)
        if later is None:
            return None
        found = {(item.namespace, item.name): item for item in self.list(kind, namespace)}
        for event in reversed(later):
            key = (event.new.namespace, event.new.name)
            if namespace and key[0] != namespace:
                continue
            if event.old is None:
                found.pop(key, None)
            else:
                found[key] = event.old
        return [item for _, item in sorted(found.items(), key=lambda pair: pair[0])]

    def snapshot(self, kind: Resource, namespace: str | None) -> tuple[int, Items]:
        """The present list, kept so that the next pages are of the same moment. Answers its version and the list."""
        items = self.list(kind, namespace)
        self._snapshots[shelf_name(kind), namespace or None, self.version] = items
        while len(self._snapshots) > SNAPSHOTS:
            del self._snapshots[next(iter(self._snapshots))]
        return self.version, items

    def snapshot_at(self, kind: Resource, namespace: str | None, version: int) -> Items | None:
        """A list that `snapshot` kept, or None if it is gone."""
        return self._snapshots.get((shelf_name(kind), namespace or None, version))

    def __iter__(self) -> Iterator[Stored]:
        """Every object there is."""
        for shelf in self._shelves.values():
            for space in shelf.spaces.values():
                yield from space.values()
