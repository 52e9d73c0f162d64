"""The word under STATUS and the numbers beside it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from stswidgets.simulator.kinds import pod_cells

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
Json = dict[str, Any]


def _pod(phase: str = "Running", *, init: list[Json] | None = None, deleted: bool = False, **status: Any) -> Json:
    metadata = {"name": "db-0"} | ({"deletionTimestamp": "2026-11-24T12:00:00Z"} if deleted else {})
    spec = {"containers": [{"name": "db"}], "initContainers": init or []}
    return {"metadata": metadata, "spec": spec, "status": {"phase": phase, **status}}


def _container(name: str = "db", *, ready: bool = False, restarts: int = 0, **state: Any) -> Json:
    return {"name": name, "ready": ready, "restartCount": restarts, "state": state}


RUNNING = _container(ready=True, running={})
WAITING = _container(waiting={"reason": "ImagePullBackOff"})
TRUE = {"type": "Ready", "status": "True"}


@pytest.mark.parametrize(
    ("pod", "word"),
    [
        (_pod("Pending"), "Pending"),
        (_pod(containerStatuses=[RUNNING]), "Running"),
        (_pod("Pending", containerStatuses=[WAITING]), "ImagePullBackOff"),
        (_pod(containerStatuses=[_container(terminated={"exitCode": 137, "reason": "OOMKilled"})]), "OOMKilled"),
        (_pod(containerStatuses=[_container(terminated={"exitCode": 3})]), "ExitCode:3"),
        (_pod(containerStatuses=[_container(terminated={"exitCode": 1, "signal": 9})]), "Signal:9"),
        (_pod(containerStatuses=[RUNNING], deleted=True), "Terminating"),
        (_pod(containerStatuses=[RUNNING], deleted=True, reason="NodeLost"), "Unknown"),
        (_pod("Failed", reason="Evicted"), "Evicted"),
        (
            _pod("Pending", init=[{"name": "a"}, {"name": "b"}], initContainerStatuses=[_container("a", running={})]),
            "Init:0/2",
        ),
        (
            _pod("Pending", init=[{"name": "a"}], initContainerStatuses=[_container("a", terminated={"exitCode": 2})]),
            "Init:ExitCode:2",
        ),
        (
            _pod(
                containerStatuses=[_container("x", terminated={"exitCode": 0, "reason": "Completed"}), RUNNING],
                conditions=[TRUE],
            ),
            "Running",
        ),
        (
            _pod(conditions=[{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]),
            "SchedulingGated",
        ),
    ],
)
def test_status_is_the_word_that_kubectl_shows(pod: Json, word: str) -> None:
    assert pod_cells.status(pod, NOW) == word


def test_a_sidecar_counts_among_the_containers() -> None:
    sidecar = {**_container("proxy", ready=True, running={}), "started": True}
    pod = _pod(
        init=[{"name": "proxy", "restartPolicy": "Always"}],
        initContainerStatuses=[sidecar],
        containerStatuses=[RUNNING],
    )
    assert pod_cells.ready(pod, NOW) == "2/2"


def test_restarts_say_when_the_last_one_was() -> None:
    container = _container(ready=True, restarts=3, running={})
    container["lastState"] = {"terminated": {"finishedAt": "2026-11-24T11:55:00Z"}}
    assert pod_cells.restarts(_pod(containerStatuses=[container]), NOW) == "3 (5m ago)"
