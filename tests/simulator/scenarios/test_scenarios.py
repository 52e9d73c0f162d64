"""Each scenario begins where it says."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, scenarios, store
from stswidgets.simulator.kinds import controllerrevisions, events, pods, statefulsets

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def load(name):
    api = apis.Api(store.Store(), clock.SteppedClock(NOW))
    bootstrap.install(api)
    cluster = scenarios.load(api, name)
    return api, cluster


def status(api, namespace, name):
    return api.read(statefulsets.KIND, namespace, name).obj["status"]


@pytest.mark.parametrize("name", [name for name in scenarios.names() if name != "huge"])
def test_a_scenario_ends_in_the_present_and_goes_on(name):
    api, cluster = load(name)
    assert api.clock.now() == NOW
    version = api.store.version
    api.clock.advance(1)
    cluster.stop()
    assert api.store.version - version < 50
    assert all(clock.moment(item.obj["metadata"]["creationTimestamp"]) <= NOW for item in api.store)


def test_an_unknown_scenario_is_refused_with_the_names_of_all():
    with pytest.raises(scenarios.UnknownScenario, match="tour"):
        load("nothing")


def test_the_tour_shows_one_set_of_each_state():
    api, _ = load("tour")
    assert status(api, "shop", "db")["readyReplicas"] == 3
    assert status(api, "shop", "cache")["readyReplicas"] == 6
    assert status(api, "shop", "queue")["readyReplicas"] == 2
    assert status(api, "shop", "search")["updatedReplicas"] == 1
    assert status(api, "shop", "ledger")["updatedReplicas"] == 2
    assert status(api, "shop", "reports")["replicas"] == 0
    assert api.store.list(statefulsets.KIND, "default") == []


def test_the_tour_has_a_past():
    api, _ = load("tour")
    created = clock.moment(api.read(statefulsets.KIND, "shop", "db").obj["metadata"]["creationTimestamp"])
    assert NOW - created > timedelta(days=11)
    found = [item.obj for item in api.store.list(controllerrevisions.KIND, "shop") if item.name.startswith("db-")]
    assert sorted(item["revision"] for item in found) == [1, 2, 3]
    last = [item.obj.get("lastTimestamp") or item.obj["eventTime"] for item in api.store.list(events.CORE)]
    assert all(NOW - clock.moment(moment) <= timedelta(seconds=3700) for moment in last)


def test_the_trap_holds():
    api, _ = load("rollback-trap")
    image = api.read(pods.KIND, "default", "web-2").obj["spec"]["containers"][0]["image"]
    wanted = api.read(statefulsets.KIND, "default", "web").obj["spec"]["template"]["spec"]["containers"][0]["image"]
    assert (image, wanted) == ("nginx:1.29-broken", "nginx:1.27")


def test_many_sets_are_there_with_their_pods():
    api, _ = load("many")
    assert len(api.store.list(statefulsets.KIND)) == 200
    found = api.store.list(pods.KIND)
    assert len(found) == 600
    assert len({item.obj["status"]["podIP"] for item in found}) == 600
    assert len({item.obj["metadata"]["uid"] for item in found}) == 600


def test_a_copied_set_lives_like_any_other():
    api, _ = load("many")
    api.delete(pods.KIND, "many", "set-0042-1")
    api.clock.advance(5)
    assert status(api, "many", "set-0042")["readyReplicas"] == 3


def test_the_tour_is_loaded_in_little_cpu_time():
    began = time.process_time()
    load("tour")
    assert time.process_time() - began < 5
