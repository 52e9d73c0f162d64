"""Copies of a set that is there, with its pods and revisions: thousands in the time that one takes to become ready.

This goes past the API: a copy is stored as it would have become. Its names, uids, nodes and addresses are its own.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec

from stswidgets.simulator import api as apis
from stswidgets.simulator import store
from stswidgets.simulator.controllers import owners
from stswidgets.simulator.kinds import controllerrevisions, kind, nodes, pods, statefulsets

Json = dict[str, Any]
Family = list[tuple[kind.Kind, store.Stored]]


class Copier:
    """Copies one set of a namespace to other names and namespaces. Pods go round the nodes."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._places = itertools.cycle(api.store.list(nodes.KIND))
        self._addresses: dict[str, Iterator[int]] = {}
        self._families: dict[tuple[str, str], Family] = {}

    @contextlib.contextmanager
    def quickly(self) -> Iterator[None]:
        """While many copies are made: without the cycle collector, which would walk all of them again and again.

        What is there at the end is taken out of its sight for good, for it is to stay.
        """
        gc.disable()
        try:
            yield
        finally:
            gc.freeze()
            gc.enable()

    def copy(self, namespace: str, name: str, to_namespace: str, to_name: str) -> None:
        """Make one copy. The name to copy must be nowhere in the set but as its name."""
        family = self._families.get((namespace, name))
        if family is None:
            family = self._families[namespace, name] = self._family(namespace, name)
        uids = {item.obj["metadata"]["uid"]: str(uuid.uuid4()) for _, item in family}
        for of, item in family:
            made = self._renamed(item, {namespace: to_namespace, name: to_name, **uids})
            self._api.store.put(of, self._placed(made) if of is pods.KIND else made)

    def _family(self, namespace: str, name: str) -> Family:
        """A set, its revisions and its pods."""
        original = self._api.read(statefulsets.KIND, namespace, name)
        uid = original.obj["metadata"]["uid"]
        family: Family = [(statefulsets.KIND, original)]
        for of in (controllerrevisions.KIND, pods.KIND):
            family += [
                (of, item) for item in self._api.store.list(of, namespace) if owners.controller_uid(item.obj) == uid
            ]
        return family

    def _renamed(self, item: store.Stored, names: dict[str, str]) -> Json:
        raw = item.raw
        for old, new in names.items():
            raw = raw.replace(old.encode(), new.encode())
        made: Json = msgspec.json.decode(raw)
        return made

    def _placed(self, pod: Json) -> Json:
        """A pod on the next node, with an address of its own."""
        node = next(self._places).obj
        addresses = {item["type"]: item["address"] for item in node["status"]["addresses"]}
        host = addresses["InternalIP"]
        number = next(self._addresses.setdefault(host, iter(range(100, 254))))
        address = f"{node['spec']['podCIDR'].rpartition('.')[0]}.{number}"
        pod["spec"]["nodeName"] = node["metadata"]["name"]
        pod["status"] |= {
            "hostIP": host,
            "hostIPs": [{"ip": host}],
            "podIP": address,
            "podIPs": [{"ip": address}],
        }
        return pod
