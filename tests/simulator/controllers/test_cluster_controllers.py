"""Namespaces, endpoints, quotas, budgets, events: what keeps the rest of a cluster."""

from __future__ import annotations

from stswidgets.simulator.kinds import config, disruptionbudgets, endpoints, events, namespaces, quotas, serviceaccounts
from stswidgets.simulator.scenarios import manifests


def test_a_new_namespace_gets_its_service_account_and_certificate(world):
    world.namespace("team")
    assert world.api.store.get(serviceaccounts.KIND, "team", "default")
    assert world.api.store.get(config.CONFIGMAPS, "team", "kube-root-ca.crt")


def test_a_deleted_namespace_takes_all_with_it(world):
    world.namespace("team")
    world.create(manifests.statefulset("db", "postgres:16", storage="1Gi"), namespace="team")
    world.settle()
    world.api.delete(namespaces.KIND, None, "team")
    assert world.api.read(namespaces.KIND, None, "team").obj["status"]["phase"] == "Terminating"
    world.wait(15)
    assert world.api.store.get(namespaces.KIND, None, "team") is None
    assert [item for item in world.api.store if item.namespace == "team"] == []


def test_endpoints_tell_ready_pods_from_others(world):
    world.create(manifests.headless("db", 5432), namespace="default")
    world.a_set(replicas=2, port=5432)
    world.settle()
    (piece,) = [item.obj for item in world.api.store.list(endpoints.SLICES, "default")]
    assert [(item["hostname"], item["conditions"]["ready"]) for item in piece["endpoints"]] == [
        ("db-0", True),
        ("db-1", True),
    ]
    assert piece["ports"] == [{"name": "db", "protocol": "TCP", "port": 5432}]
    found = world.api.read(endpoints.ENDPOINTS, "default", "db").obj
    assert len(found["subsets"][0]["addresses"]) == 2


def test_a_pod_that_ends_leaves_the_endpoints(world):
    world.create(manifests.headless("db", 5432), namespace="default")
    world.a_set(replicas=2, port=5432)
    world.settle()
    world.scale("default", "db", 1)
    world.wait(5)
    (piece,) = [item.obj for item in world.api.store.list(endpoints.SLICES, "default")]
    assert [item["hostname"] for item in piece["endpoints"]] == ["db-0"]


def test_a_slice_tells_since_when_its_pods_are_ready(world):
    world.create(manifests.headless("db", 5432), namespace="default")
    world.a_set(replicas=2, port=5432)
    world.settle()
    (piece,) = [item.obj for item in world.api.store.list(endpoints.SLICES, "default")]
    (ready,) = [item for item in world.pod("db-1")["status"]["conditions"] if item["type"] == "Ready"]
    assert piece["metadata"]["annotations"] == {
        "endpoints.kubernetes.io/last-change-trigger-time": ready["lastTransitionTime"]
    }


def test_a_quota_stops_pods_with_the_server_s_sentence(world):
    world.create(manifests.quota("team", pods="1"), namespace="default")
    world.wait(0.1)
    world.a_set(replicas=2)
    world.wait(5)
    assert list(world.pods()) == ["db-0"]
    (event,) = world.events("FailedCreate", "db")
    assert event["message"] == (
        'Create Pod db-1 in StatefulSet db failed error: pods "db-1" is forbidden: exceeded quota: team, '
        "requested: pods=1, used: pods=1, limited: pods=1"
    )
    assert world.api.read(quotas.QUOTAS, "default", "team").obj["status"]["used"] == {"pods": "1"}


def test_a_budget_counts_what_may_go(world):
    world.create(manifests.budget("db", "db", 2), namespace="default")
    world.a_set()
    world.settle()
    status = world.api.read(disruptionbudgets.KIND, "default", "db").obj["status"]
    counts = (status["currentHealthy"], status["desiredHealthy"], status["expectedPods"], status["disruptionsAllowed"])
    assert counts == (3, 2, 3, 1)


def test_events_are_forgotten_after_an_hour(world):
    world.a_set(replicas=1)
    world.settle()
    assert world.api.store.list(events.CORE, "default")
    world.wait(3700)
    assert world.api.store.list(events.CORE, "default") == []


def test_repeated_events_are_counted_not_repeated(world):
    world.a_set(replicas=1, image="postgres:16-crash")
    world.wait(300)
    (event,) = world.events("BackOff", "db-0")
    assert event["count"] > 2


def test_pods_get_what_admission_gives_them(world):
    world.a_set(replicas=1)
    world.settle()
    spec = world.pod("db-0")["spec"]
    assert spec["serviceAccountName"] == "default"
    assert spec["priority"] == 0
    assert {item["key"] for item in spec["tolerations"]} == {
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    }
    assert any(volume["name"].startswith("kube-api-access-") for volume in spec["volumes"])
