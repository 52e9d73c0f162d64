"""Who does a set's work, and how full its volumes are."""

from __future__ import annotations

from typing import Any

import pytest

from stswidgets.simulator.kinds import claims
from stswidgets.simulator.nodes import demand, fill, signals
from stswidgets.simulator.schema import quantity


def cpu(world: Any) -> dict[str, float]:
    """Cores by pod, as read last."""
    found = world.cluster.usage.pods("default")
    return {
        item["metadata"]["name"]: sum(quantity.parse(part["usage"]["cpu"]).nano / 1e9 for part in item["containers"])
        for item in found
    }


def annotate(world: Any, name: str, key: str, value: str, of: Any = None) -> None:
    world.change("default", name, {"metadata": {"annotations": {key: value}}}, of=of)


def running(world: Any, **more: Any) -> None:
    world.a_set(cpu=("100m", "2"), spec={"podManagementPolicy": "Parallel"}, **more)
    world.settle()
    world.wait(120)


def test_ready_pods_share_a_scripted_load(world):
    running(world, replicas=4)
    annotate(world, "db", demand.LOAD, "800m")
    assert all(0.19 < used < 0.22 for used in cpu(world).values())
    world.scale("default", "db", 2)
    world.wait(30)
    assert all(0.38 < used < 0.43 for used in cpu(world).values())


def test_a_set_that_grows_does_the_same_work_with_more_pods(world):
    running(world, replicas=2)
    before = sum(cpu(world).values())
    world.scale("default", "db", 8)
    world.settle()
    world.wait(110)
    after = cpu(world)
    assert sum(after.values()) < 2 * before
    assert max(after.values()) < before


def test_a_limit_holds_back_what_a_load_wants(world):
    running(world, replicas=1)
    annotate(world, "db", demand.LOAD, "20")
    assert cpu(world)["db-0"] == pytest.approx(2 * 0.99)


def test_a_pod_may_have_a_load_of_its_own(world):
    template = {"annotations": {demand.LOAD: "300m"}}
    running(world, replicas=1)
    world.change("default", "db", {"spec": {"template": {"metadata": template}}})
    world.settle()
    world.wait(60)
    assert 0.29 < cpu(world)["db-0"] < 0.32


@pytest.mark.parametrize(
    ("text", "seconds", "amount"),
    [
        ("1500m", 100, 1.5),
        ("200m..2/10m", 0, 0.2),
        ("200m..2/10m", 300, 2.0),
        ("200m..2/10m", 600, 0.2),
        ("1Gi+512Mi/1h", 7200, 2 * 1024**3),
        ("1.5..2.5/90s", 45, 2.5),
    ],
)
def test_signals_change_with_time(text, seconds, amount):
    signal = signals.parse(text)
    assert signal is not None
    assert signal.at(seconds) == pytest.approx(amount)


@pytest.mark.parametrize("text", ["", "much", "1..2", "1+2/0s", "1../5m", "1..2/5w"])
def test_what_is_no_signal_is_none(text):
    assert signals.parse(text) is None


def volume(world: Any) -> fill.Volume:
    (found,) = world.cluster.fill.of_pod(world.pod("db-0"))
    return found


def test_a_volume_fills_slowly_by_itself_and_never_whole(world):
    world.a_set(replicas=1, storage="10Gi")
    world.settle()
    first = volume(world)
    world.wait(86400)
    later = volume(world)
    assert 0 < first.used < later.used < 0.5 * later.capacity
    assert (first.claim, first.namespace) == ("data-db-0", "default")


def test_what_is_in_a_volume_stays_when_it_grows(world):
    world.a_set(replicas=1, storage="1Gi")
    world.settle()
    before = volume(world)
    world.change("default", "data-db-0", {"spec": {"resources": {"requests": {"storage": "4Gi"}}}}, of=claims.KIND)
    world.wait(120)  # the kubelet looks at a pod once in a minute or so
    after = volume(world)
    assert after.capacity // 1024 == 4 * before.capacity // 1024
    assert abs(after.used - before.used) < 0.01 * before.capacity


def test_a_full_volume_ends_its_containers_until_it_grows(world):
    world.a_set(replicas=1, storage="1Gi")
    world.settle()
    annotate(world, "data-db-0", fill.USED, "1Gi", claims.KIND)
    world.wait(120)
    assert volume(world).available == 0
    (status,) = world.pod("db-0")["status"]["containerStatuses"]
    assert status["restartCount"] >= 2
    assert status["lastState"]["terminated"]["exitCode"] == 1
    assert world.events("BackOff", "db-0")
    world.change("default", "data-db-0", {"spec": {"resources": {"requests": {"storage": "2Gi"}}}}, of=claims.KIND)
    world.wait(400)
    assert world.ready() == ["db-0"]
