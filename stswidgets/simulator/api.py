"""The API without HTTP: every verb, as the server's handlers, the controllers and the scenarios use it."""

from __future__ import annotations

import uuid
from typing import Any

from stswidgets.simulator import clock as clocks
from stswidgets.simulator import selectors, status, store
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.verbs import create, delete, eviction, patch, subresources, update
from stswidgets.simulator.verbs.request import Admission, Context, Deletion, Options, Result

__all__ = ["Admission", "Api", "Deletion", "Options", "Result"]

Json = dict[str, Any]
Items = list[store.Stored]

_DEFAULT = Options()
_PLAIN = Deletion()


def _uid() -> str:
    return str(uuid.uuid4())


class Api:
    """A cluster's API. Everything runs on one thread; objects that it answers must not be changed.

    `admission` rules see every write before it is validated and may change it, `validation` rules see it afterwards and
    may only refuse it; a room that has one appends it.
    """

    def __init__(self, objects: store.Store, clock: clocks.Clock) -> None:
        self.store = objects
        self.clock = clock
        self.admission: list[Admission] = []
        self.validation: list[Admission] = []
        self._context = Context(objects, clock, self.admission, self.validation, _uid)

    def read(self, kind: Kind, namespace: str | None, name: str) -> store.Stored:
        """A stored object. 404 if there is none."""
        found = self.store.get(kind, namespace, name)
        if found is None:
            raise status.not_found(kind.group, kind.plural, name)
        return found

    def list(self, kind: Kind, namespace: str | None = None, *, labels: str = "", fields: str = "") -> Items:
        """The stored objects of a kind that selectors want, by namespace and name."""
        wanted = selectors.parse(labels, fields, kind.selectable, namespaced=kind.namespaced)
        items = self.store.list(kind, namespace)
        return [item for item in items if wanted.matches(item.obj)] if wanted else items

    def create(self, kind: Kind, obj: Json, *, namespace: str | None = None, options: Options = _DEFAULT) -> Result:
        """Create an object from `obj`, which is copied."""
        return create.create(self._context, kind, obj, namespace, options)

    def check_name(self, kind: Kind, obj: Json, namespace: str, name: str, *, options: Options = _DEFAULT) -> None:
        """Give an object that replaces another its namespace. 400 if name or namespace are not those asked."""
        update.check_name(kind, obj, namespace, name, options)

    def update(self, kind: Kind, obj: Json, *, subresource: str = "", options: Options = _DEFAULT) -> Result:
        """Replace the object that `obj`'s metadata names; `subresource`: its `status` alone (or `finalize`)."""
        return update.update(self._context, kind, obj, options, subresource)

    def patch(
        self,
        kind: Kind,
        namespace: str | None,
        name: str,
        body: Any,
        patch_type: str,
        *,
        subresource: str = "",
        options: Options = _DEFAULT,
    ) -> Result:
        """Change an object by a patch; `patch_type` is its media type."""
        return patch.patch(
            self._context, kind, namespace, name, body, patch_type=patch_type, options=options, subresource=subresource
        )

    def delete(
        self,
        kind: Kind,
        namespace: str | None,
        name: str,
        *,
        deletion: Deletion = _PLAIN,
        options: Options = _DEFAULT,
    ) -> Result:
        """Delete an object, or begin to if it has a grace period or finalizers."""
        return delete.delete(self._context, kind, namespace, name, deletion=deletion, options=options)

    def scale(self, kind: Kind, namespace: str, name: str) -> Json:
        """The object's `scale` (autoscaling/v1)."""
        return subresources.scale(self.read(kind, namespace, name).obj)

    def set_scale(self, kind: Kind, namespace: str, name: str, wanted: Json, *, options: Options = _DEFAULT) -> Result:
        """Change an object's replicas by a Scale; answers the Scale as stored."""
        return subresources.set_scale(self._context, kind, namespace, name, wanted, options=options)

    def bind(self, pod: Kind, namespace: str, name: str, node: str, *, options: Options = _DEFAULT) -> Result:
        """Give a pod its node, as the scheduler does. 409 if it has one."""
        return subresources.bind(self._context, pod, namespace, name, node, options=options)

    def evict(
        self,
        pod: Kind,
        namespace: str,
        name: str,
        *,
        deletion: Deletion = _PLAIN,
        options: Options = _DEFAULT,
    ) -> Result:
        """Delete a pod if its disruption budgets allow it; 429 if they do not."""
        return eviction.evict(self._context, pod, namespace, name, deletion=deletion, options=options)
