"""Status and scale."""

from __future__ import annotations

from tests.contract import manifests, waiting
from tests.contract.client import Namespace


def test_the_status_address_moves_the_status_alone(namespace: Namespace) -> None:
    # A claim that no controller touches: its class does not exist.
    claim = manifests.claim_template(storageClassName="none-such") | {
        "kind": "PersistentVolumeClaim",
        "apiVersion": "v1",
    }
    stored = namespace.post("persistentvolumeclaims", claim).ok()
    changed = {**stored, "spec": {**stored["spec"], "volumeName": "other"}, "status": {"phase": "Lost"}}
    after = namespace.put("persistentvolumeclaims", changed, "status").ok()
    assert after["status"] == {"phase": "Lost"}
    assert after["spec"] == stored["spec"]


def test_the_main_address_leaves_the_status(namespace: Namespace) -> None:
    claim = manifests.claim_template(storageClassName="none-such") | {
        "kind": "PersistentVolumeClaim",
        "apiVersion": "v1",
    }
    stored = namespace.post("persistentvolumeclaims", claim).ok()
    stored["metadata"]["labels"] = {"changed": "yes"}
    stored["status"] = {"phase": "Lost"}
    after = namespace.put("persistentvolumeclaims", stored).ok()
    assert after["status"] == {"phase": "Pending"}
    assert after["metadata"]["labels"] == {"changed": "yes"}


def test_a_status_update_does_not_count_a_generation(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    seen = waiting.until(lambda: namespace.read("statefulsets", "web")["status"].get("observedGeneration"))
    assert seen == 1
    assert namespace.read("statefulsets", "web")["metadata"]["generation"] == 1


def test_the_status_can_be_read_by_itself(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    assert namespace.get("statefulsets", "web", "status").ok()["kind"] == "StatefulSet"


def test_scale_tells_count_and_selector(namespace: Namespace) -> None:
    stored = namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    scale = namespace.get("statefulsets", "web", "scale").ok()
    assert (scale["apiVersion"], scale["kind"]) == ("autoscaling/v1", "Scale")
    assert scale["metadata"]["uid"] == stored["metadata"]["uid"]
    assert scale["spec"] == {}
    assert scale["status"] == {"replicas": 0, "selector": "app=web"}


def test_scale_can_be_patched(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    scale = namespace.patch("statefulsets", "web", "merge", {"spec": {"replicas": 1}}, "scale").ok()
    assert scale["spec"] == {"replicas": 1}
    assert namespace.read("statefulsets", "web")["spec"]["replicas"] == 1


def test_scale_can_be_replaced(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    # The controller's first status would make the version that was read an old one.
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"].get("observedGeneration"), what="observed")
    scale = namespace.get("statefulsets", "web", "scale").ok()
    scale["spec"] = {"replicas": 1}
    assert namespace.put("statefulsets", scale, "scale").ok()["spec"] == {"replicas": 1}


def test_scale_with_an_old_version_conflicts(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    scale = namespace.get("statefulsets", "web", "scale").ok()
    namespace.patch("statefulsets", "web", "merge", {"metadata": {"labels": {"a": "b"}}}).ok()
    scale["spec"] = {"replicas": 1}
    namespace.put("statefulsets", scale, "scale").failure(409, "Conflict")


def test_scale_below_zero_is_invalid(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    answer = namespace.patch("statefulsets", "web", "merge", {"spec": {"replicas": -1}}, "scale")
    message = "Invalid value: -1: must be greater than or equal to 0"
    assert answer.causes() == [("spec.replicas", "FieldValueInvalid", message)]
    assert answer.body["message"].startswith('Scale.autoscaling "web" is invalid: ')


def test_scale_of_a_missing_set_is_not_found(namespace: Namespace) -> None:
    namespace.get("statefulsets", "web", "scale").failure(404, "NotFound")
