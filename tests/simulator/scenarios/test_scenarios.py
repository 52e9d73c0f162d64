"""Each scenario begins where it says."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, scenarios, store
from stswidgets.simulator import status as errors
from stswidgets.simulator.kinds import claims, config, controllerrevisions, events, nodes, pods, quotas, statefulsets

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


def images(api):
    found = api.store.list(pods.KIND, "default")
    return {item.name: item.obj["spec"]["containers"][0]["image"].partition(":")[2] for item in found}


def reasons(api):
    return {item.obj["reason"] for item in api.store.list(events.CORE, "default")}


def test_the_stuck_rollout_stops_at_its_first_pod():
    api, _ = load("stuck-rollout")
    assert images(api) == {"web-0": "1.27", "web-1": "1.27", "web-2": "1.29-broken"}
    (container,) = api.read(pods.KIND, "default", "web-2").obj["status"]["containerStatuses"]
    assert container["state"]["waiting"]["reason"] == "ImagePullBackOff"
    assert status(api, "default", "web")["updatedReplicas"] == 1


def test_on_delete_updates_the_pod_that_was_deleted_alone():
    api, _ = load("on-delete")
    assert images(api) == {"web-0": "1.27", "web-1": "1.29", "web-2": "1.27"}


def test_the_canary_is_the_last_pod_alone():
    api, _ = load("canary")
    assert images(api) == {"web-0": "1.27", "web-1": "1.27", "web-2": "1.27", "web-3": "1.29"}
    assert status(api, "default", "web")["readyReplicas"] == 4


def test_the_quota_stops_the_set_and_says_so():
    api, _ = load("quota")
    assert status(api, "default", "web")["replicas"] == 3
    assert api.read(statefulsets.KIND, "default", "web").obj["spec"]["replicas"] == 5
    assert "FailedCreate" in reasons(api)
    assert api.read(quotas.QUOTAS, "default", "team").obj["status"]["used"] == {"pods": "3", "requests.cpu": "300m"}


def test_the_lost_node_keeps_its_pod_for_ever():
    api, cluster = load("node-lost")
    ready = [
        item for item in api.read(nodes.KIND, None, "worker-2").obj["status"]["conditions"] if item["type"] == "Ready"
    ]
    assert ready[0]["status"] == "Unknown"
    assert "deletionTimestamp" in api.read(pods.KIND, "default", "web-1").obj["metadata"]
    api.clock.advance(3600)
    assert "deletionTimestamp" in api.read(pods.KIND, "default", "web-1").obj["metadata"]
    assert status(api, "default", "web")["readyReplicas"] == 2
    cluster.kubelets.find("worker-2")
    api.clock.advance(60)
    assert status(api, "default", "web")["readyReplicas"] == 3


def test_the_secret_that_was_missing_lets_the_update_go_on():
    api, _ = load("missing-config")
    (container,) = api.read(pods.KIND, "default", "web-2").obj["status"]["containerStatuses"]
    assert container["state"]["waiting"] == {
        "reason": "CreateContainerConfigError",
        "message": 'secret "web-credentials" not found',
    }
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "web-credentials"},
        "data": {"password": "eA=="},
    }
    api.create(config.SECRETS, secret, namespace="default")
    api.clock.advance(300)
    assert status(api, "default", "web")["updatedReplicas"] == status(api, "default", "web")["readyReplicas"] == 3


def test_full_volumes_are_full_nearly_full_and_not_full():
    api, cluster = load("full-volumes")
    found = {}
    for item in api.store.list(pods.KIND, "default"):
        (volume,) = cluster.fill.of_pod(item.obj)
        found[item.name] = round(volume.used / volume.capacity, 2)
    assert found["db-0"] == 1.0
    assert 0.95 < found["db-1"] < 1.0
    assert found["db-2"] < 0.5
    (container,) = api.read(pods.KIND, "default", "db-0").obj["status"]["containerStatuses"]
    assert container["restartCount"] > 5
    assert "BackOff" in reasons(api)


def test_a_larger_claim_helps_a_full_volume():
    api, _ = load("full-volumes")
    patch = {"spec": {"resources": {"requests": {"storage": "4Gi"}}}}
    api.patch(claims.KIND, "default", "data-db-0", patch, "application/merge-patch+json")
    api.clock.advance(400)
    assert status(api, "default", "db")["readyReplicas"] == 3


def test_the_next_volume_is_full_two_hours_later():
    api, cluster = load("full-volumes")
    api.clock.advance(2.1 * 3600)
    (volume,) = cluster.fill.of_pod(api.read(pods.KIND, "default", "db-1").obj)
    assert volume.available == 0
    assert status(api, "default", "db").get("readyReplicas", 0) == 1


def test_the_autoscaler_has_followed_its_load_and_goes_on():
    api, _ = load("autoscaling")
    said = [item.obj["message"] for item in api.store.list(events.CORE) if item.obj["reason"] == "SuccessfulRescale"]
    assert any("above target" in text for text in said)
    assert any("All metrics below target" in text for text in said)
    seen = set()
    for _ in range(40):
        api.clock.advance(30)
        seen.add(api.read(statefulsets.KIND, "default", "web").obj["spec"]["replicas"])
    assert min(seen) <= 3
    assert max(seen) >= 6


def test_the_budget_keeps_the_node_from_being_drained():
    api, _ = load("drain")
    assert api.read(nodes.KIND, None, "worker-1").obj["spec"]["unschedulable"] is True
    with pytest.raises(errors.ApiError) as refused:
        api.evict(pods.KIND, "default", "web-0")
    assert refused.value.causes[0].message == "The disruption budget web needs 3 healthy pods and has 3 currently"


def test_the_pending_pod_says_what_it_lacks():
    api, _ = load("pending")
    assert api.read(pods.KIND, "default", "web-2").obj["status"]["phase"] == "Pending"
    found = [item.obj["message"] for item in api.store.list(events.CORE) if item.obj["reason"] == "FailedScheduling"]
    assert found[0].startswith("0/3 nodes are available: 3 Insufficient cpu.")


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
