"""A simulator in a process of its own on a stepped clock: time passes when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from stswidgets import simulator
from tests.contract import manifests
from tests.contract.client import Client, Namespace, path_of


@pytest.fixture(scope="module")
def handle() -> Iterator[simulator.Handle]:
    with simulator.start("empty", clock="stepped") as started:
        yield started


@pytest.fixture
def default(handle: simulator.Handle) -> Namespace:
    return Namespace(Client(handle.kubeconfig), "default")


def test_the_time_is_what_was_advanced(handle: simulator.Handle) -> None:
    before = handle.clock.now()
    assert handle.clock.now() == before
    assert handle.clock.advance(90) == before + timedelta(seconds=90) == handle.clock.now()


def test_pods_wait_for_time_to_pass(handle: simulator.Handle, default: Namespace) -> None:
    default.post("statefulsets", manifests.statefulset(replicas=2)).ok()
    assert default.names("pods") == []
    handle.clock.advance(30)
    assert default.read("statefulsets", "web")["status"]["readyReplicas"] == 2


def test_events_are_gone_after_an_hour(handle: simulator.Handle, default: Namespace) -> None:
    default.post("statefulsets", manifests.statefulset("old")).ok()
    handle.clock.advance(30)
    assert any(event["involvedObject"]["name"] == "old" for event in default.items("events"))
    handle.clock.advance(3700)
    assert default.items("events") == []


def test_watchers_are_told_while_time_passes(handle: simulator.Handle, default: Namespace) -> None:
    version = default.client.request("GET", path_of("pods", "default")).ok()["metadata"]["resourceVersion"]
    events = default.watch("pods", resourceVersion=version)
    default.post("statefulsets", manifests.statefulset("seen")).ok()
    handle.clock.advance(30)
    assert next(events)["object"]["metadata"]["name"] == "seen-0"


@pytest.mark.parametrize("seconds", [-1, 1e12])
def test_time_does_not_pass_backwards_or_for_ever(handle: simulator.Handle, seconds: float) -> None:
    with pytest.raises(ValueError, match="time passes forwards"):
        handle.clock.advance(seconds)


def test_a_clock_that_runs_by_itself_is_not_advanced() -> None:
    with simulator.start("empty") as other, pytest.raises(ValueError, match="runs by itself"):
        other.clock.advance(1)
