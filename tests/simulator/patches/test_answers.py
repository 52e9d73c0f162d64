"""Patches and who owns what, against what a Kubernetes 1.37.2 API server answered to the same requests in order."""

import copy
import itertools
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stswidgets.simulator import patches, status
from stswidgets.simulator.kinds.statefulsets import KIND
from stswidgets.simulator.patches import apply, managed
from stswidgets.simulator.schema import codec

Json = dict[str, Any]
NOW = datetime(2026, 11, 24, tzinfo=UTC)
LINES = Path(__file__).with_name("answers.jsonl").read_text().splitlines()
RUNS = {
    name: list(steps)
    for name, steps in itertools.groupby((json.loads(line) for line in LINES), lambda step: step["run"])
}


class Server:
    """The patches with the rules of StatefulSets around them."""

    def __init__(self) -> None:
        self.live: Json | None = None

    def create(self, body: Json, manager: str) -> Json:
        obj = self._read({**body, "metadata": {**body["metadata"], "namespace": "default"}})
        obj = managed.update(None, obj, manager, NOW, KIND.definition)
        KIND.prepare_create(obj)
        return obj

    def apply(self, body: Json, manager: str, force: bool = False) -> Json:
        body = copy.deepcopy(body)
        merged = apply.apply(self.live, body, manager, force, NOW, KIND.definition)
        merged["metadata"]["namespace"] = "default"
        return self._finish(self._read(merged), "")

    def patch(self, body: Any, kind: str, manager: str, subresource: str = "") -> Json:
        assert self.live is not None
        if kind == "json":
            raw = patches.json_patch(self.live, body)
        elif kind == "merge":
            raw = patches.merge(self.live, body)
        else:
            raw = patches.strategic(copy.deepcopy(self.live), copy.deepcopy(body), KIND.definition)
        obj = managed.update(self.live, self._read(raw), manager, NOW, KIND.definition, subresource)
        return self._finish(obj, subresource)

    @staticmethod
    def _read(raw: Json) -> Json:
        obj = codec.decode(raw, KIND.definition).obj
        KIND.default(obj)
        return obj

    def _finish(self, obj: Json, subresource: str) -> Json:
        if self.live is None:
            KIND.prepare_create(obj)
        else:
            KIND.prepare_update(obj, self.live, subresource)
        return obj


def _comparable(obj: Json) -> Json:
    obj = copy.deepcopy(obj)
    entries = obj["metadata"].get("managedFields", [])
    for entry in entries:
        entry.pop("time", None)
    entries.sort(key=lambda entry: (entry["operation"], entry["manager"], entry.get("subresource", "")))
    return obj


def _causes(causes: list[Json]) -> list[tuple[str, str]]:
    return sorted((cause["field"], cause["message"]) for cause in causes)


def _attempt(server: Server, step: Json) -> tuple[Json, status.ApiError | None]:
    try:
        return getattr(server, step["op"])(*copy.deepcopy(step["args"])), None
    except status.ApiError as error:
        return {}, error


@pytest.mark.parametrize("run", RUNS)
def test_a_run_of_patches_ends_as_on_kubernetes(run: str) -> None:
    server = Server()
    for number, step in enumerate(RUNS[run]):
        where = f"step {number}: {step['op']} {json.dumps(step['args'])[:200]}"
        body, refusal = _attempt(server, step)
        if refusal is not None:
            assert (refusal.code, where) == (step["code"], where)
            assert sorted(refusal.message.split("\n")) == sorted(step["message"].split("\n")), where
            assert _causes([cause.body() for cause in refusal.causes]) == _causes(step["causes"]), where
            continue
        assert step["code"] < 300, where
        assert _comparable(body) == _comparable(step["object"]), where
        server.live = body
