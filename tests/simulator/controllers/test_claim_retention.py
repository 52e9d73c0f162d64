"""persistentVolumeClaimRetentionPolicy, and claims in general."""

from __future__ import annotations

import pytest

from stswidgets.simulator.kinds import claims as claim_kind
from stswidgets.simulator.kinds import volumes


def owners(world, name):
    return [item["kind"] for item in world.claims()[name]["metadata"].get("ownerReferences", [])]


@pytest.mark.parametrize(
    ("when_deleted", "expected"), [("Delete", ["StatefulSet"]), ("Retain", [])], ids=["delete", "retain"]
)
def test_the_set_owns_its_claims_when_they_go_with_it(world, when_deleted, expected):
    policy = {"whenDeleted": when_deleted, "whenScaled": "Retain"}
    world.a_set(replicas=1, storage="1Gi", spec={"persistentVolumeClaimRetentionPolicy": policy})
    world.settle()
    assert owners(world, "data-db-0") == expected


def test_claims_go_with_the_set_when_the_policy_says_so(world):
    policy = {"whenDeleted": "Delete", "whenScaled": "Retain"}
    world.a_set(replicas=2, storage="1Gi", spec={"persistentVolumeClaimRetentionPolicy": policy})
    world.settle()
    world.delete_set()
    world.wait(10)
    assert world.claims() == {}
    assert world.api.store.list(volumes.VOLUMES) == []


def test_claims_of_scaled_down_pods_go_when_the_policy_says_so(world):
    policy = {"whenDeleted": "Retain", "whenScaled": "Delete"}
    world.a_set(replicas=3, storage="1Gi", spec={"persistentVolumeClaimRetentionPolicy": policy})
    world.settle()
    world.scale("default", "db", 1)
    world.wait(15)
    assert list(world.claims()) == ["data-db-0"]


def test_claims_of_scaled_down_pods_stay_by_default(world):
    world.a_set(replicas=3, storage="1Gi")
    world.settle()
    world.scale("default", "db", 1)
    world.wait(15)
    assert list(world.claims()) == ["data-db-0", "data-db-1", "data-db-2"]


def test_a_changed_policy_changes_the_owners(world):
    world.a_set(replicas=1, storage="1Gi")
    world.settle()
    policy = {"whenDeleted": "Delete", "whenScaled": "Retain"}
    world.change("default", "db", {"spec": {"persistentVolumeClaimRetentionPolicy": policy}})
    world.wait(1)
    assert owners(world, "data-db-0") == ["StatefulSet"]


def test_a_claim_waits_for_its_first_consumer_and_is_then_bound(world):
    world.a_set(replicas=1, storage="1Gi")
    world.settle()
    claim = world.claims()["data-db-0"]
    assert claim["status"]["phase"] == "Bound"
    assert claim["status"]["capacity"] == {"storage": "1Gi"}
    assert world.events("WaitForFirstConsumer", "data-db-0")
    assert world.events("ProvisioningSucceeded", "data-db-0")


def test_a_claim_in_use_is_deleted_only_after_its_pod(world):
    world.a_set(replicas=1, storage="1Gi")
    world.settle()
    world.api.delete(claim_kind.KIND, "default", "data-db-0")
    world.wait(5)
    assert "deletionTimestamp" in world.claims()["data-db-0"]["metadata"]
    world.scale("default", "db", 0)
    world.wait(5)
    assert world.claims() == {}


def test_a_claim_of_a_class_that_nobody_serves_keeps_its_pod_pending(world):
    world.a_set(replicas=1, storage="1Gi", storage_class="offline")
    world.wait(30)
    (event,) = world.events("FailedScheduling", "db-0")
    # "not found" is what the scheduler of 1.37 says, word for word.
    assert event["message"] == "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"


def test_a_claim_grows_when_its_class_allows_it(world):
    world.a_set(replicas=1, storage="1Gi")
    world.settle()
    request = {"spec": {"resources": {"requests": {"storage": "2Gi"}}}}
    world.change("default", "data-db-0", request, of=claim_kind.KIND)
    world.wait(120)
    assert world.claims()["data-db-0"]["status"]["capacity"] == {"storage": "2Gi"}
