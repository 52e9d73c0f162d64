"""Claims that are made larger: the volume grows, then the file system on the node of a pod that mounts it."""

from __future__ import annotations

import pytest

from stswidgets.simulator.controllers import growth
from stswidgets.simulator.kinds import claims, volumes

PENDING = {"Resizing", "FileSystemResizePending"}


@pytest.fixture
def db(world):
    """A set with one pod and its claim of 1 GiB."""
    world.a_set(replicas=1, storage="1Gi")
    world.settle()
    return world


def larger(world, size="2Gi"):
    world.change("default", "data-db-0", {"spec": {"resources": {"requests": {"storage": size}}}}, of=claims.KIND)


def state(world):
    return world.claims()["data-db-0"]["status"]


def conditions(world):
    return {item["type"] for item in state(world).get("conditions", ())} - {"Unused"}


def disk(world):
    return world.api.read(volumes.VOLUMES, None, world.claims()["data-db-0"]["spec"]["volumeName"]).obj


def reasons(world, about):
    """(reason, who says it) of what is said about an object, in its order."""
    seen = [
        (item["firstTimestamp"], item["reason"], item["source"]["component"])
        for reason in (
            "ExternalExpanding",
            "Resizing",
            "FileSystemResizeRequired",
            "FileSystemResizeSuccessful",
            "VolumeResizeSuccessful",
        )
        for item in world.events(reason, about)
    ]
    return [item[1:] for item in sorted(seen, key=lambda item: item[0])]


def gone(world):
    """No pod, and the claim stays."""
    world.change("default", "db", {"spec": {"replicas": 0}})
    world.wait(20)


def test_a_claim_that_grows_says_that_its_volume_does(db):
    larger(db)
    db.wait(0.5)
    assert conditions(db) == {"Resizing"}
    assert state(db)["allocatedResources"] == {"storage": "2Gi"}
    assert state(db)["allocatedResourceStatuses"] == {"storage": "ControllerResizeInProgress"}
    assert disk(db)["spec"]["capacity"] == {"storage": "1Gi"}


def test_a_volume_that_has_grown_waits_for_its_file_system(db):
    gone(db)
    larger(db)
    db.wait(3)
    assert conditions(db) == PENDING
    assert state(db)["allocatedResourceStatuses"] == {"storage": "NodeResizePending"}
    assert state(db)["capacity"] == {"storage": "1Gi"}
    assert disk(db)["spec"]["capacity"] == {"storage": "2Gi"}


def test_the_pending_condition_says_what_to_do(db):
    gone(db)
    larger(db)
    db.wait(3)
    found = {item["type"]: item for item in state(db)["conditions"]}
    assert found["FileSystemResizePending"]["message"] == (
        "Waiting for user to (re-)start a pod to finish file system resize of volume on node."
    )


def test_the_file_system_of_a_running_pod_grows_within_a_minute_or_so(db):
    larger(db)
    db.wait(80)
    assert conditions(db) == set()
    assert state(db)["capacity"] == {"storage": "2Gi"}
    assert state(db)["allocatedResources"] == {"storage": "2Gi"}
    assert "allocatedResourceStatuses" not in state(db)


def test_who_does_what_is_told(db):
    larger(db)
    db.wait(80)
    assert reasons(db, "data-db-0") == [
        ("ExternalExpanding", "volume_expand"),
        ("Resizing", "external-resizer disk.csi.example.com"),
        ("FileSystemResizeRequired", "external-resizer disk.csi.example.com"),
        ("FileSystemResizeSuccessful", "kubelet"),
    ]


def test_the_pod_is_told_that_its_file_system_has_grown(db):
    larger(db)
    db.wait(80)
    (event,) = db.events("FileSystemResizeSuccessful", "db-0")
    volume, node = db.claims()["data-db-0"]["spec"]["volumeName"], db.pod("db-0")["spec"]["nodeName"]
    assert event["message"] == f'MountVolume.NodeExpandVolume succeeded for volume "{volume}" {node}'


def test_without_a_pod_a_file_system_does_not_grow(db):
    gone(db)
    larger(db)
    db.wait(3600)
    assert conditions(db) == PENDING
    assert state(db)["capacity"] == {"storage": "1Gi"}


def test_a_file_system_grows_when_a_pod_mounts_it(db):
    gone(db)
    larger(db)
    db.wait(600)
    db.change("default", "db", {"spec": {"replicas": 1}})
    db.settle()
    assert conditions(db) == set()
    assert state(db)["capacity"] == {"storage": "2Gi"}


def test_the_file_system_of_a_lost_node_grows_when_it_is_back(db):
    node = db.pod("db-0")["spec"]["nodeName"]
    db.cluster.kubelets.lose(node)
    larger(db)
    db.wait(120)
    assert conditions(db) == PENDING
    db.cluster.kubelets.find(node)
    db.wait(120)
    assert state(db)["capacity"] == {"storage": "2Gi"}


def test_a_claim_that_grows_twice_is_as_large_as_was_asked_last(db):
    larger(db)
    db.wait(3)
    larger(db, "3Gi")
    db.wait(200)
    assert state(db)["capacity"] == {"storage": "3Gi"}
    assert disk(db)["spec"]["capacity"] == {"storage": "3Gi"}


def test_a_volume_without_a_file_system_has_grown_at_once(db):
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "raw"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "volumeMode": "Block",
            "storageClassName": "fast",
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    db.api.create(claims.KIND, claim, namespace="default")
    db.wait(3)
    db.change("default", "raw", {"spec": {"resources": {"requests": {"storage": "2Gi"}}}}, of=claims.KIND)
    db.wait(3)
    found = db.claims()["raw"]
    assert found["status"]["capacity"] == {"storage": "2Gi"}
    assert found["metadata"]["annotations"][growth.NOT_NEEDED] == "true"
    assert reasons(db, "raw")[-1] == ("VolumeResizeSuccessful", "external-resizer disk.csi.example.com")
