"""Plans of scaling, restarting, rolling back and deleting."""

from __future__ import annotations

from typing import Any

import pytest

from stswidgets import errors
from stswidgets.cluster import Cluster, edits
from tests.cluster.manifests import claim_template, container, service, sts
from tests.contract import waiting

Object = dict[str, Any]
NEXT = "docker.io/library/nginx:2"
BROKEN = "registry.invalid/broken:1"


def make(cluster: Cluster, namespace: str, **spec: Any) -> None:
    cluster.apply(cluster.plan_apply([service(namespace), sts(namespace, **spec)]))


def get(cluster: Cluster, namespace: str, name: str = "db") -> Object:
    return cluster.read("statefulsets", namespace, name)


def set_image(cluster: Cluster, namespace: str, image: str) -> None:
    opened = get(cluster, namespace)
    edited = edits.cleaned(opened)
    container(edited)["image"] = image
    cluster.apply(cluster.plan_apply([edited], opened=opened))


def until_ready(cluster: Cluster, namespace: str, count: int) -> None:
    waiting.until(lambda: get(cluster, namespace)["status"].get("readyReplicas", 0) == count, what=f"{count} ready")


def until_revisions(cluster: Cluster, namespace: str, count: int) -> list[Object]:
    def read() -> list[Object]:
        found = cluster.revisions_of(get(cluster, namespace))
        return found if len(found) == count else []

    return waiting.until(read, what=f"{count} revisions")


def keys(notes: Any) -> list[str]:
    return [note.key for note in notes]


def test_scaling_changes_replicas_alone(cluster, namespace):
    make(cluster, namespace, replicas=0)
    plan = cluster.plan_scale(namespace, "db", 3, expected=0)
    assert [change.path for change in plan.steps[0].changes] == ["spec.replicas"]
    cluster.apply(plan)
    assert get(cluster, namespace)["spec"]["replicas"] == 3


def test_scaling_to_the_same_number_is_unchanged(cluster, namespace):
    make(cluster, namespace, replicas=2)
    assert cluster.plan_scale(namespace, "db", 2).steps[0].verb == "unchanged"


def test_scaling_a_set_that_has_another_number_by_now_is_a_conflict(cluster, namespace):
    make(cluster, namespace, replicas=2)
    plan = cluster.plan_scale(namespace, "db", 5, expected=3)
    assert [conflict.since_opened for conflict in plan.conflicts] == [True]
    assert not plan.can_apply


def test_scaling_below_zero_is_a_problem_of_its_field(cluster, namespace):
    make(cluster, namespace, replicas=1)
    plan = cluster.plan_scale(namespace, "db", -1)
    assert [note.path for note in plan.problems] == ["spec.replicas"]


def test_scaling_down_says_which_pods_go_highest_first_and_that_claims_stay(cluster, namespace):
    make(cluster, namespace, replicas=3, volumeClaimTemplates=[claim_template()])
    until_ready(cluster, namespace, 3)
    plan = cluster.plan_scale(namespace, "db", 1)
    assert [note.values["name"] for note in plan.goes] == ["db-2", "db-1"]
    assert [note.values["name"] for note in plan.stays] == ["data-db-1", "data-db-2"]


def test_scaling_down_says_that_claims_go_where_the_policy_deletes_them(cluster, namespace):
    policy = {"whenScaled": "Delete", "whenDeleted": "Retain"}
    make(
        cluster,
        namespace,
        replicas=1,
        volumeClaimTemplates=[claim_template()],
        persistentVolumeClaimRetentionPolicy=policy,
    )
    until_ready(cluster, namespace, 1)
    plan = cluster.plan_scale(namespace, "db", 0)
    assert keys(plan.goes) == ["plan.goes.pod", "plan.goes.claim_policy"]
    assert plan.stays == ()


def test_a_scaling_that_was_overtaken_is_not_applied(cluster, namespace):
    make(cluster, namespace, replicas=0)
    late = cluster.plan_scale(namespace, "db", 1)
    cluster.apply(cluster.plan_scale(namespace, "db", 2))
    with pytest.raises(errors.ConflictError):
        cluster.apply(late)
    assert get(cluster, namespace)["spec"]["replicas"] == 2


def test_an_autoscaler_of_the_set_is_warned_of(cluster, namespace):
    make(cluster, namespace, replicas=1)
    autoscaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "auto", "namespace": namespace},
        "spec": {"maxReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db"}},
    }
    cluster.apply(cluster.plan_apply([autoscaler]))
    assert "plan.warning.autoscaler" in keys(cluster.plan_scale(namespace, "db", 2).warnings)


def test_a_restart_stamps_the_template_and_nothing_else(cluster, namespace):
    make(cluster, namespace, replicas=0)
    plan = cluster.plan_restart(namespace, "db")
    cluster.apply(plan)
    template = get(cluster, namespace)["spec"]["template"]["metadata"]
    assert list(template["annotations"]) == ["kubectl.kubernetes.io/restartedAt"]
    assert template["labels"] == {"app": "db"}


def test_a_restart_under_on_delete_warns_that_pods_must_be_deleted(cluster, namespace):
    make(cluster, namespace, replicas=0, updateStrategy={"type": "OnDelete"})
    assert keys(cluster.plan_restart(namespace, "db").warnings) == ["plan.warning.on_delete"]


def test_rolling_back_brings_the_template_of_the_revision_before(cluster, namespace):
    make(cluster, namespace, replicas=0)
    until_revisions(cluster, namespace, 1)
    set_image(cluster, namespace, NEXT)
    until_revisions(cluster, namespace, 2)
    cluster.apply(cluster.plan_scale(namespace, "db", 1))
    plan = cluster.plan_roll_back(namespace, "db")
    assert [change.path for change in plan.steps[0].changes] == ["spec.template.spec.containers[0].image"]
    cluster.apply(plan)
    after = get(cluster, namespace)
    assert container(after)["image"] == "docker.io/library/nginx:1"
    assert after["spec"]["replicas"] == 1


def test_rolling_back_to_what_runs_already_is_unchanged(cluster, namespace):
    make(cluster, namespace, replicas=0)
    (revision,) = until_revisions(cluster, namespace, 1)
    plan = cluster.plan_roll_back(namespace, "db", revision["revision"])
    assert plan.steps[0].verb == "unchanged"
    assert not plan.can_apply


def test_a_revision_that_is_not_there_is_a_problem_that_names_those_that_are(cluster, namespace):
    make(cluster, namespace, replicas=0)
    until_revisions(cluster, namespace, 1)
    (problem,) = cluster.plan_roll_back(namespace, "db", 77).problems
    assert problem.text() == "There is no revision 77. There are: 1."


def test_a_single_revision_has_none_to_roll_back_to(cluster, namespace):
    make(cluster, namespace, replicas=0)
    until_revisions(cluster, namespace, 1)
    assert keys(cluster.plan_roll_back(namespace, "db").problems) == ["plan.problem.nothing_to_roll_back"]


def test_rolling_back_warns_of_pods_that_an_ordered_update_would_wait_for_and_offers_to_delete_them(cluster, namespace):
    """The pods' fates are the test rig's: an image with `broken` in its name is never pulled."""
    make(cluster, namespace, replicas=2)
    until_ready(cluster, namespace, 2)
    set_image(cluster, namespace, BROKEN)
    waiting.until(
        lambda: any(container_of_pod(pod)["image"] == BROKEN for pod in cluster.pods_of(get(cluster, namespace))),
        what="a pod of the broken image",
    )
    plan = cluster.plan_roll_back(namespace, "db")
    assert "plan.warning.trap" in keys(plan.warnings)
    assert [(step.verb, step.kind, step.name) for step in plan.further] == [("delete", "Pod", "db-1")]
    cluster.apply(plan, further=True)
    until_ready(cluster, namespace, 2)
    assert [container_of_pod(pod)["image"] for pod in cluster.pods_of(get(cluster, namespace))] == [
        "docker.io/library/nginx:1"
    ] * 2


def test_rolling_back_a_parallel_set_has_no_trap(cluster, namespace):
    make(cluster, namespace, replicas=1, podManagementPolicy="Parallel")
    until_ready(cluster, namespace, 1)
    set_image(cluster, namespace, BROKEN)
    until_revisions(cluster, namespace, 2)
    plan = cluster.plan_roll_back(namespace, "db")
    assert "plan.warning.trap" not in keys(plan.warnings)
    assert plan.further == ()


def test_planning_a_delete_deletes_nothing(cluster, namespace):
    make(cluster, namespace, replicas=0)
    plan = cluster.plan_delete(namespace, "db", service=True)
    assert plan.confirm == "db"
    assert get(cluster, namespace)["metadata"].get("deletionTimestamp") is None
    assert cluster.read("services", namespace, "db")


def test_a_delete_takes_the_set_and_its_service_and_leaves_the_claims(cluster, namespace):
    make(cluster, namespace, replicas=1, volumeClaimTemplates=[claim_template()])
    until_ready(cluster, namespace, 1)
    plan = cluster.plan_delete(namespace, "db", service=True)
    assert [note.values["name"] for note in plan.goes] == ["db-0", "db"]
    assert [note.values["name"] for note in plan.stays] == ["data-db-0"]
    cluster.apply(plan)
    waiting.until(lambda: not cluster.list("pods", namespace), what="without pods")
    assert cluster.list("statefulsets", namespace) == []
    assert cluster.list("services", namespace) == []
    assert [item["metadata"]["name"] for item in cluster.list("persistentvolumeclaims", namespace)] == ["data-db-0"]


def test_a_delete_takes_claims_when_asked_to(cluster, namespace):
    make(cluster, namespace, replicas=1, volumeClaimTemplates=[claim_template()])
    until_ready(cluster, namespace, 1)
    cluster.apply(cluster.plan_delete(namespace, "db", claims=True))
    waiting.until(lambda: not cluster.list("persistentvolumeclaims", namespace), what="without claims")


def test_an_orphaning_delete_says_that_pods_stay(cluster, namespace):
    make(cluster, namespace, replicas=1)
    until_ready(cluster, namespace, 1)
    plan = cluster.plan_delete(namespace, "db", propagation="Orphan")
    assert keys(plan.stays) == ["plan.stays.pod_orphan", "plan.stays.service"]
    assert plan.goes == ()


def test_a_service_that_another_set_uses_stays(cluster, namespace):
    make(cluster, namespace, replicas=0)
    other = sts(namespace, "other", replicas=0)
    other["spec"]["serviceName"] = "db"
    cluster.apply(cluster.plan_apply([other]))
    plan = cluster.plan_delete(namespace, "db", service=True)
    assert [step.kind for step in plan.steps] == ["StatefulSet"]
    assert keys(plan.warnings) == ["plan.warning.service_shared"]


def test_a_set_that_was_made_again_is_not_deleted_by_an_old_plan(cluster, namespace):
    make(cluster, namespace, replicas=0)
    old = cluster.plan_delete(namespace, "db")
    cluster.apply(cluster.plan_delete(namespace, "db", service=True))
    waiting.until(lambda: not cluster.list("statefulsets", namespace), what="without sets")
    make(cluster, namespace, replicas=0)
    with pytest.raises(errors.ConflictError):
        cluster.apply(old)
    assert get(cluster, namespace)


def container_of_pod(pod: Object) -> Object:
    found: Object = pod["spec"]["containers"][0]
    return found
