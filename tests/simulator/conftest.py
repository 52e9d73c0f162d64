"""A cluster on a stepped clock: what a test lets pass is what happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, store
from stswidgets.simulator.kinds import claims, controllerrevisions, events, pods, statefulsets
from stswidgets.simulator.scenarios import manifests, stage

Json = dict[str, Any]


class World(stage.Stage):
    """A stage with questions."""

    def a_set(self, name: str = "db", image: str = "postgres:16", **more: Any) -> None:
        self.create(manifests.statefulset(name, image, **more), namespace="default")

    def pods(self) -> dict[str, Json]:
        return {item.name: item.obj for item in self.api.store.list(pods.KIND, "default")}

    def pod(self, name: str) -> Json:
        return self.pods()[name]

    def images(self) -> dict[str, str]:
        return {name: pod["spec"]["containers"][0]["image"] for name, pod in self.pods().items()}

    def ready(self) -> list[str]:
        return [
            name
            for name, pod in self.pods().items()
            if any(item["type"] == "Ready" and item["status"] == "True" for item in pod["status"].get("conditions", []))
        ]

    def terminating(self) -> list[str]:
        return [name for name, pod in self.pods().items() if "deletionTimestamp" in pod["metadata"]]

    def statefulset(self, name: str = "db") -> Json:
        return self.api.read(statefulsets.KIND, "default", name).obj

    def status(self, name: str = "db") -> Json:
        return self.statefulset(name)["status"]

    def revisions(self) -> list[Json]:
        found = [item.obj for item in self.api.store.list(controllerrevisions.KIND, "default")]
        return sorted(found, key=lambda item: item["revision"])

    def claims(self) -> dict[str, Json]:
        return {item.name: item.obj for item in self.api.store.list(claims.KIND, "default")}

    def events(self, reason: str, about: str = "") -> list[Json]:
        return [
            item.obj
            for item in self.api.store.list(events.CORE, "default")
            if item.obj["reason"] == reason and (not about or item.obj["involvedObject"]["name"] == about)
        ]

    def delete_set(self, name: str = "db", propagation: str = "Background") -> None:
        self.api.delete(statefulsets.KIND, "default", name, deletion=apis.Deletion(propagation=propagation))


@pytest.fixture
def world() -> Iterator[World]:
    time = clock.SteppedClock(datetime(2026, 11, 1, 12, 0, tzinfo=UTC))
    api = apis.Api(store.Store(), time)
    bootstrap.install(api)
    stage.furnish(api, 3)
    made = World(api, time.now())
    made.cluster.start()
    yield made
    made.cluster.stop()
