"""The StatefulSet controller's revisions: coming back, adopted, trimmed, and when two are the same."""

from __future__ import annotations

import json

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace, Object

OLD, NEW = manifests.IMAGE, manifests.NEXT_IMAGE
CAUSE = "kubernetes.io/change-cause"


def rolled(namespace: Namespace, image: str, number: int) -> Object:
    """Change the image and wait for its revision of that number."""
    sets.set_image(namespace, image)
    return numbered(namespace, number)


def numbered(namespace: Namespace, number: int) -> Object:
    """The revision of a number, once there is one."""
    found = waiting.until(lambda: sets.revisions(namespace).get(number), what=f"revision {number}")
    assert found is not None
    return found


def orphaned(namespace: Namespace) -> None:
    """Delete the set and keep what it owned."""
    namespace.delete("statefulsets", "web", {"propagationPolicy": "Orphan"}).ok()
    waiting.until(lambda: not namespace.exists("statefulsets", "web"), what="without set")


def test_a_revision_that_comes_back_leaves_a_gap(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    second = rolled(namespace, NEW, 2)
    rolled(namespace, "image:3", 3)
    namespace.patch("statefulsets", "web", "strategic", second["data"]).ok()
    numbered(namespace, 4)
    assert list(sets.revisions(namespace)) == [1, 3, 4]


def test_a_revision_that_comes_back_keeps_its_annotations(namespace: Namespace) -> None:
    manifest = manifests.statefulset(replicas=0)
    manifest["metadata"]["annotations"] = {CAUSE: "first"}
    sets.create(namespace, manifest)
    namespace.patch("statefulsets", "web", "merge", {"metadata": {"annotations": {CAUSE: "second"}}}).ok()
    rolled(namespace, NEW, 2)
    sets.set_image(namespace, OLD)
    assert numbered(namespace, 3)["metadata"]["annotations"][CAUSE] == "first"


def test_going_back_replaces_the_whole_template_and_nothing_else(namespace: Namespace) -> None:
    first = sets.create(namespace, manifests.statefulset(replicas=0))["spec"]
    template = {"metadata": {"annotations": {"added": "later"}}, "spec": {"priorityClassName": "system-node-critical"}}
    sets.update(namespace, template=template, minReadySeconds=7)
    numbered(namespace, 2)
    namespace.patch("statefulsets", "web", "strategic", sets.revisions(namespace)[1]["data"]).ok()
    assert namespace.read("statefulsets", "web")["spec"] == {**first, "minReadySeconds": 7}


def test_a_revision_of_the_same_meaning_is_no_new_one(namespace: Namespace) -> None:
    # From 1.37 on: what an older server wrote differs in bytes (here a creationTimestamp of null), not in meaning.
    sets.create(namespace, manifests.statefulset(replicas=0))
    written = sets.revisions(namespace)[1]
    orphaned(namespace)
    namespace.delete("controllerrevisions", written["metadata"]["name"]).ok()
    written["data"]["spec"]["template"]["metadata"]["creationTimestamp"] = None
    metadata = {"name": "web-older", "labels": {"app": "web"}}
    older = {"apiVersion": "apps/v1", "kind": "ControllerRevision", "metadata": metadata, "data": written["data"]}
    # Sent in bytes as a server writes them: the controller could not adopt what it would write differently.
    body = json.dumps({**older, "revision": 5}, sort_keys=True, separators=(",", ":"))
    namespace.post("controllerrevisions", body).ok()
    stored = sets.create(namespace, manifests.statefulset(replicas=0))
    assert (namespace.names("controllerrevisions"), stored["status"]["updateRevision"]) == (["web-older"], "web-older")


def test_a_revision_whose_name_is_taken_gets_another(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    written = sets.revisions(namespace)[1]
    namespace.delete("statefulsets", "web").ok()
    waiting.until(lambda: not namespace.items("controllerrevisions"), what="without revisions")
    taken = {"apiVersion": "apps/v1", "kind": "ControllerRevision", "metadata": {"name": written["metadata"]["name"]}}
    namespace.post("controllerrevisions", {**taken, "data": {"spec": {}}, "revision": 1}).ok()
    status = sets.create(namespace, manifests.statefulset(replicas=0))["status"]
    assert status["collisionCount"] == 1
    assert status["updateRevision"] != written["metadata"]["name"]


def test_the_revisions_of_an_orphaning_delete_are_adopted(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    rolled(namespace, NEW, 2)
    orphaned(namespace)
    assert [item["metadata"].get("ownerReferences") for item in namespace.items("controllerrevisions")] == [None, None]
    uid = sets.create(namespace, manifests.statefulset(replicas=0, image="image:3"))["metadata"]["uid"]
    owners = {number: item["metadata"]["ownerReferences"] for number, item in sets.revisions(namespace).items()}
    assert {number: [owner["uid"] for owner in held] for number, held in owners.items()} == {
        n: [uid] for n in (1, 2, 3)
    }


def test_a_revision_that_a_pod_runs_is_not_trimmed(namespace: Namespace) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    sets.create(namespace, manifests.statefulset(replicas=1, updateStrategy=strategy, revisionHistoryLimit=0))
    rolled(namespace, NEW, 2)
    rolled(namespace, "image:3", 3)
    waiting.until(lambda: list(sets.revisions(namespace)) == [1, 3], what="trimmed to what is in use")
    sets.settle(namespace)
    assert list(sets.revisions(namespace)) == [1, 3]


def test_a_limit_of_zero_leaves_nothing_to_go_back_to(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=1, revisionHistoryLimit=0))
    rolled(namespace, NEW, 2)
    sets.updated(namespace)
    waiting.until(lambda: list(sets.revisions(namespace)) == [2], what="trimmed")


def test_a_revision_s_number_can_change_and_its_data_cannot(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    (revision,) = namespace.items("controllerrevisions")
    name = revision["metadata"]["name"]
    assert namespace.patch("controllerrevisions", name, "merge", {"revision": 7}).ok()["revision"] == 7
    answer = namespace.patch("controllerrevisions", name, "json", [{"op": "replace", "path": "/data", "value": {}}])
    assert answer.causes() == [("data", "FieldValueInvalid", "Invalid value: {}: field is immutable")]
