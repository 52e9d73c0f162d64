"""Revisions: made, named, reused, renumbered, trimmed (Kubernetes 1.37)."""

from __future__ import annotations

from stswidgets.simulator.controllers.statefulsets import revisions
from stswidgets.simulator.kinds import controllerrevisions, statefulsets


def numbers(world):
    return [item["revision"] for item in world.revisions()]


def images(world):
    return [revisions.template_of(item)["spec"]["containers"][0]["image"] for item in world.revisions()]


def test_a_revision_records_the_patch_that_brings_the_template_back(world):
    world.a_set(replicas=1)
    world.settle()
    (revision,) = world.revisions()
    template = revision["data"]["spec"]["template"]
    assert template.pop("$patch") == "replace"
    assert template == world.statefulset()["spec"]["template"]


def test_a_revision_carries_labels_annotations_and_its_owner(world):
    world.a_set(replicas=1, cause="first release")
    world.settle()
    (revision,) = world.revisions()
    metadata = revision["metadata"]
    hashed = metadata["labels"]["controller.kubernetes.io/hash"]
    assert metadata["name"] == f"db-{hashed}"
    assert metadata["labels"]["app.kubernetes.io/name"] == "db"
    assert metadata["annotations"]["kubernetes.io/change-cause"] == "first release"
    assert metadata["ownerReferences"][0]["controller"] is True


def test_going_back_renumbers_the_old_revision_and_keeps_its_annotations(world):
    world.a_set(replicas=1, cause="one")
    world.settle()
    world.set_image("default", "db", "postgres:17", cause="two")
    world.settle()
    world.set_image("default", "db", "postgres:16", cause="back")
    world.settle()
    assert numbers(world) == [2, 3]
    assert images(world) == ["postgres:17", "postgres:16"]
    causes = [item["metadata"]["annotations"]["kubernetes.io/change-cause"] for item in world.revisions()]
    assert causes == ["two", "one"]


def test_a_change_outside_the_template_makes_no_revision(world):
    world.a_set(replicas=1)
    world.settle()
    world.scale("default", "db", 2)
    world.settle()
    assert numbers(world) == [1]


def test_history_is_trimmed_to_its_limit_without_live_revisions(world):
    world.a_set(replicas=1, spec={"revisionHistoryLimit": 2})
    world.settle()
    for version in range(17, 23):
        world.set_image("default", "db", f"postgres:{version}")
        world.settle()
    assert images(world) == ["postgres:20", "postgres:21", "postgres:22"]


def test_a_limit_of_zero_leaves_the_live_revision_alone(world):
    world.a_set(replicas=1, spec={"revisionHistoryLimit": 0})
    world.settle()
    world.set_image("default", "db", "postgres:17")
    world.settle()
    world.change("default", "db", {"metadata": {"labels": {"touched": "yes"}}})
    world.wait(1)
    assert images(world) == ["postgres:17"]


def test_a_revision_that_a_pod_is_on_is_not_trimmed(world):
    world.a_set(replicas=1, spec={"revisionHistoryLimit": 0, "updateStrategy": {"type": "OnDelete"}})
    world.settle()
    for version in (17, 18):
        world.set_image("default", "db", f"postgres:{version}")
        world.wait(5)
    assert "postgres:16" in images(world)


def test_a_rewritten_template_of_the_same_meaning_makes_no_revision(world):
    world.a_set(replicas=1)
    world.settle()
    (stored,) = world.revisions()
    template = {**stored["data"]["spec"]["template"]}
    template["spec"] = {key: value for key, value in template["spec"].items() if key != "dnsPolicy"}
    assert world.statefulset()["spec"]["template"]["spec"]["dnsPolicy"] == "ClusterFirst"
    world.api.store.put(controllerrevisions.KIND, {**stored, "data": {"spec": {"template": template}}})
    world.change("default", "db", {"metadata": {"labels": {"touched": "yes"}}})
    world.wait(1)
    assert numbers(world) == [1]


def test_a_revision_whose_name_is_taken_gets_another_and_the_collision_is_counted(world):
    world.a_set(replicas=1)
    world.settle()
    (stored,) = world.revisions()
    metadata = {"name": stored["metadata"]["name"], "labels": {"unrelated": "yes"}}
    other = {**stored, "metadata": metadata, "data": {"spec": {"template": {"$patch": "replace"}}}}
    world.api.delete(statefulsets.KIND, "default", "db")
    world.wait(5)
    world.api.create(controllerrevisions.KIND, other, namespace="default")
    world.a_set(replicas=1)
    world.settle()
    assert world.status()["collisionCount"] == 1


def test_the_hash_is_go_s_fnv_of_go_s_json():
    data = revisions.data_of({"metadata": {"labels": {"a": "<b>"}}, "spec": {"containers": []}})
    assert revisions.encode(data) == (
        b'{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"a":"\\u003cb\\u003e"}},"spec":{"containers":[]}}}}'
    )
    assert set(revisions.hash_of(data, 0)) <= set("bcdfghjklmnpqrstvwxz2456789")
    assert revisions.hash_of(data, 0) != revisions.hash_of(data, 1)


def test_a_long_set_name_is_cut_in_the_revision_name():
    statefulset = {"metadata": {"name": "x" * 230}}
    assert revisions.name_of(statefulset, "hash") == "x" * 223 + "-hash"
