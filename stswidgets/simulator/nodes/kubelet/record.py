"""What a kubelet writes about one pod into the API: its status, its events, and its end."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import status
from stswidgets.simulator.controllers import recorder
from stswidgets.simulator.kinds import pods
from stswidgets.simulator.nodes.kubelet import containers

Json = dict[str, Any]

OPTIONS = apis.Options(manager="kubelet", user="system:nodes")


class Record:
    """A pod in the API; nothing is written once another pod has its name."""

    def __init__(self, api: apis.Api, events: recorder.Recorder, pod: Json) -> None:
        self._api = api
        self._events = events
        metadata = pod["metadata"]
        self._key: tuple[str, str] = (metadata["namespace"], metadata["name"])
        self._uid: str = metadata["uid"]

    def stored(self) -> Json | None:
        """The pod as it is stored, or None if it is gone."""
        stored = self._api.store.get(pods.KIND, *self._key)
        return stored.obj if stored is not None and stored.obj["metadata"]["uid"] == self._uid else None

    def say(self, kind: str, reason: str, message: str, item: containers.Container | None = None) -> None:
        """An event about the pod, or about one of its containers."""
        stored = self.stored()
        if stored is not None:
            self._events.event(stored, kind, reason, message, field_path=item.path if item else "")

    def put(self, pod: Json, new: Json) -> None:
        """Store a status for the pod, as it was read, if it is another one."""
        if new != pod.get("status"):
            self._api.update(pods.KIND, {**pod, "status": new}, subresource="status", options=OPTIONS)

    def remove(self) -> None:
        """Take the pod out of the API."""
        try:
            self._api.delete(pods.KIND, *self._key, deletion=apis.Deletion(grace=0, uid=self._uid), options=OPTIONS)
        except status.ApiError as error:
            if error.code not in (404, 409):
                raise
