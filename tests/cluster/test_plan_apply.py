"""Plans of new objects and of edits: nothing is lost, not a field, not another person's edit."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stswidgets import cluster as clusters
from stswidgets import errors
from stswidgets.cluster import Cluster, Plan, edits, plans, writing
from tests.cluster.manifests import container, service, sts
from tests.contract import waiting

Object = dict[str, Any]
Kubectl = Callable[..., None]


@pytest.fixture
def kubectl_in(kubectl: str, kubeconfig: Path, namespace: str) -> Kubectl:
    """Somebody else, with kubectl."""

    def run(*arguments: str, manifest: Object | None = None) -> None:
        subprocess.run(
            [kubectl, "--kubeconfig", kubeconfig, "--namespace", namespace, *arguments],
            input=None if manifest is None else json.dumps(manifest),
            text=True,
            check=True,
            capture_output=True,
            timeout=30,
        )

    return run


def problem_paths(plan: Plan) -> list[str]:
    return [note.path for note in plan.problems]


def content_type(plan: Plan) -> str:
    request = plan.steps[-1].request
    assert request is not None
    return request.content_type


def make(cluster: Cluster, namespace: str, **spec: Any) -> Object:
    """A set that stswidgets made."""
    cluster.apply(cluster.plan_apply([sts(namespace, **spec)]))
    return cluster.read("statefulsets", namespace, "db")


def edit(cluster: Cluster, namespace: str, change: Callable[[Object], object], *, force: bool = False) -> Plan:
    """The plan of opening the set and changing it."""
    opened = cluster.read("statefulsets", namespace, "db")
    edited = copy.deepcopy(opened)
    change(edited)
    return cluster.plan_apply([edited], opened=opened, force=force)


def stored(cluster: Cluster, namespace: str) -> Object:
    return edits.cleaned(cluster.read("statefulsets", namespace, "db"))


# New objects


def test_a_plan_shows_what_the_server_would_store_and_stores_nothing(cluster, namespace):
    plan = cluster.plan_apply([service(namespace), sts(namespace)])
    assert [(step.verb, step.kind) for step in plan.steps] == [("create", "Service"), ("create", "StatefulSet")]
    assert plan.steps[1].after["spec"]["podManagementPolicy"] == "OrderedReady"
    assert plan.can_apply
    assert cluster.list("statefulsets", namespace) == []


def test_what_is_applied_is_what_was_planned(cluster, namespace):
    plan = cluster.plan_apply([service(namespace), sts(namespace)])
    applied = cluster.apply(plan)
    assert [done.step.kind for done in applied.done] == ["Service", "StatefulSet"]
    assert stored(cluster, namespace) == plan.steps[1].after


def test_a_new_set_is_applied_server_side_as_stswidgets(cluster, namespace):
    make(cluster, namespace)
    live = cluster.transport.request("GET", plans.kinds.resource("statefulsets").path(namespace, "db")).json()
    managers = {(entry["manager"], entry["operation"]) for entry in live["metadata"]["managedFields"]}
    assert ("stswidgets", "Apply") in managers


def test_a_manifest_without_a_namespace_goes_to_the_current_one(cluster, namespace, kubeconfig):
    manifest = sts(namespace)
    del manifest["metadata"]["namespace"]
    before = cluster.namespace
    cluster.namespace = namespace
    try:
        assert cluster.plan_apply([manifest]).steps[0].namespace == namespace
    finally:
        cluster.namespace = before


def test_a_taken_name_is_a_problem_and_nothing_is_merged(cluster, namespace):
    make(cluster, namespace)
    plan = cluster.plan_apply([sts(namespace, image="docker.io/library/nginx:2")])
    assert (problem_paths(plan), plan.can_apply, plan.can_force) == (["metadata.name"], False, False)


def test_a_name_that_is_taken_between_plan_and_apply_is_not_merged(cluster, namespace):
    plan = cluster.plan_apply([sts(namespace, image="docker.io/library/nginx:2")])
    make(cluster, namespace)
    with pytest.raises(errors.AlreadyExistsError):
        cluster.apply(plan)
    assert container(stored(cluster, namespace))["image"] == "docker.io/library/nginx:1"


def test_a_service_that_is_there_already_is_said_to_be(cluster, namespace):
    cluster.apply(cluster.plan_apply([service(namespace)]))
    changed = service(namespace)
    changed["spec"]["publishNotReadyAddresses"] = True
    plan = cluster.plan_apply([changed, sts(namespace)])
    assert [step.verb for step in plan.steps] == ["update", "create"]
    assert "plan.warning.exists" in [note.key for note in plan.warnings]


def test_a_missing_namespace_is_a_problem_of_its_field(cluster):
    plan = cluster.plan_apply([sts("is-not-there")])
    assert problem_paths(plan) == ["metadata.namespace"]
    assert "is-not-there" in plan.problems[0].text()


def test_every_unknown_field_is_named(cluster, namespace):
    manifest = sts(namespace)
    manifest["spec"]["foo"] = 1
    container(manifest)["imagee"] = "x"
    plan = cluster.plan_apply([manifest])
    assert sorted(problem_paths(plan)) == ["spec.foo", "spec.template.spec.containers[0].imagee"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda item: item["spec"].update(replicas=-1), "spec.replicas"),
        (lambda item: item["spec"].update(replicas="three"), "spec.replicas"),
        (lambda item: item["metadata"].update(name="Not_A_Name"), "metadata.name"),
        (
            lambda item: container(item)["ports"].append({"containerPort": 80, "name": "again"}),
            "spec.template.spec.containers[0].ports",
        ),
        (
            lambda item: container(item)["ports"].append({"containerPort": 81, "name": "NOT_OK"}),
            "spec.template.spec.containers[0].ports[1].name",
        ),
    ],
)
def test_a_bad_value_is_a_problem_of_its_field(cluster, namespace, change, path):
    manifest = sts(namespace)
    change(manifest)
    plan = cluster.plan_apply([manifest])
    assert path in problem_paths(plan)
    assert not plan.can_apply


@pytest.mark.parametrize(
    "change",
    [
        lambda item: container(item).update(resources={"limits": {"cpu": "12Gx"}}),
        lambda item: item["spec"].update(replicas=1.5),
    ],
)
def test_a_value_that_the_server_cannot_read_is_a_problem_not_a_failure(cluster, namespace, change):
    manifest = sts(namespace)
    change(manifest)
    plan = cluster.plan_apply([manifest])
    assert plan.problems
    assert not plan.can_apply


def test_another_kind_is_a_problem(cluster, namespace):
    plan = cluster.plan_apply([{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}}])
    assert problem_paths(plan) == ["kind"]


def test_a_plan_with_problems_is_not_applied(cluster, namespace):
    with pytest.raises(errors.StsWidgetsError) as caught:
        cluster.apply(cluster.plan_apply([sts(namespace, replicas=-1)]))
    assert caught.value.key == "plan.not_applicable"


# Edits of what stswidgets made


@pytest.mark.parametrize(
    "change",
    [
        lambda item: container(item).update(image="docker.io/library/nginx:2"),
        lambda item: container(item)["env"].pop(0),
        lambda item: container(item)["env"].insert(0, {"name": "Z", "value": "0"}),
        lambda item: container(item)["env"].reverse(),
        lambda item: container(item).pop("ports"),
        lambda item: container(item)["env"][0].update(value=""),
        lambda item: item["metadata"]["labels"].pop("app"),
        lambda item: item["metadata"].setdefault("annotations", {}).update({"example.com/a.b": "c"}),
        lambda item: item["spec"]["template"]["spec"].update(volumes=[{"name": "tmp", "emptyDir": {}}]),
        lambda item: item["spec"]["updateStrategy"].update(type="OnDelete", rollingUpdate=None),
    ],
)
def test_an_edit_of_an_own_set_does_exactly_what_was_edited(cluster, namespace, change):
    opened = make(cluster, namespace, replicas=0)
    wanted = copy.deepcopy(opened)
    change(wanted)
    plan = cluster.plan_apply([wanted], opened=opened)
    assert (plan.problems, plan.conflicts) == ((), ())
    cluster.apply(plan)
    after = stored(cluster, namespace)
    assert list(edits.dropped(edits.cleaned(wanted), after)) == []
    assert after == plan.steps[0].after
    assert after != edits.cleaned(opened)


def test_an_own_field_that_is_removed_is_removed_by_server_side_apply(cluster, namespace):
    make(cluster, namespace, replicas=0)
    plan = edit(cluster, namespace, lambda item: container(item)["env"].pop(0))
    assert content_type(plan) == plans.APPLY
    cluster.apply(plan)
    assert [entry["name"] for entry in container(stored(cluster, namespace))["env"]] == ["B"]


def test_an_edit_without_a_change_is_unchanged(cluster, namespace):
    make(cluster, namespace)
    plan = edit(cluster, namespace, lambda item: None)
    assert [step.verb for step in plan.steps] == ["unchanged"]
    assert not plan.can_apply


def test_a_change_of_an_immutable_field_is_a_problem(cluster, namespace):
    make(cluster, namespace)
    plan = edit(cluster, namespace, lambda item: item["spec"].update(serviceName="other"))
    assert problem_paths(plan)[0].startswith("spec")
    assert not plan.can_force


def test_a_set_that_is_gone_is_a_problem(cluster, namespace):
    opened = make(cluster, namespace)
    cluster.apply(cluster.plan_delete(namespace, "db"))
    plan = cluster.plan_apply([opened], opened=opened)
    assert [note.key for note in plan.problems] == ["plan.problem.gone"]


@pytest.mark.parametrize(
    "write",
    [
        lambda cluster, namespace: cluster.plan_scale(namespace, "db", 0),
        lambda cluster, namespace: cluster.plan_restart(namespace, "db"),
    ],
)
def test_what_stswidgets_wrote_in_another_way_is_no_conflict(cluster, namespace, write):
    make(cluster, namespace, replicas=1)
    cluster.apply(write(cluster, namespace))

    def change(item: Object) -> None:
        item["spec"]["replicas"] = 2
        item["spec"]["template"]["metadata"]["annotations"] = {"kubectl.kubernetes.io/restartedAt": "never"}

    plan = edit(cluster, namespace, change)
    assert (plan.problems, plan.conflicts) == ((), ())
    cluster.apply(plan)
    assert stored(cluster, namespace)["spec"]["replicas"] == 2


# Edits among others


def test_an_edit_by_somebody_else_since_opening_is_shown_and_never_overwritten(cluster, namespace, kubectl_in):
    opened = make(cluster, namespace)
    kubectl_in("set", "image", "statefulset/db", "app=docker.io/library/nginx:9")
    edited = copy.deepcopy(opened)
    container(edited)["image"] = "docker.io/library/nginx:2"
    plan = cluster.plan_apply([edited], opened=opened, force=True)
    (conflict,) = plan.conflicts
    assert (conflict.since_opened, conflict.manager) == (True, "kubectl-set")
    assert conflict.fields == ("spec.template.spec.containers[0].image",)
    assert (plan.can_apply, plan.can_force) == (False, False)


def test_an_edit_by_somebody_else_after_the_plan_stops_it(cluster, namespace, kubectl_in):
    make(cluster, namespace)
    plan = edit(cluster, namespace, lambda item: container(item).update(image="docker.io/library/nginx:2"))
    kubectl_in("annotate", "statefulset/db", "note=mine")
    with pytest.raises(errors.ConflictError):
        cluster.apply(plan)
    assert stored(cluster, namespace)["metadata"]["annotations"] == {"note": "mine"}


def test_a_field_of_another_manager_is_a_conflict_that_names_it_and_may_be_taken_over(cluster, namespace, kubectl_in):
    kubectl_in("apply", "--server-side", "--field-manager=pipeline", "-f", "-", manifest=sts(namespace))

    def change(item: Object) -> None:
        container(item)["image"] = "docker.io/library/nginx:2"

    plan = edit(cluster, namespace, change)
    (conflict,) = plan.conflicts
    assert (conflict.manager, conflict.fields) == ("pipeline", ("spec.template.spec.containers[0].image",))
    assert plan.can_force
    cluster.apply(edit(cluster, namespace, change, force=True))
    assert container(stored(cluster, namespace))["image"] == "docker.io/library/nginx:2"


def test_an_edit_takes_over_no_more_than_what_it_changes(cluster, namespace, kubectl_in):
    manifest = sts(namespace, replicas=0)
    kubectl_in("apply", "--server-side", "--field-manager=pipeline", "-f", "-", manifest=manifest)
    cluster.apply(edit(cluster, namespace, lambda item: container(item)["env"].append({"name": "N", "value": "n"})))
    container(manifest)["env"].pop(0)
    container(manifest)["image"] = "docker.io/library/nginx:5"
    kubectl_in("apply", "--server-side", "--field-manager=pipeline", "-f", "-", manifest=manifest)
    app = container(stored(cluster, namespace))
    assert sorted(entry["name"] for entry in app["env"]) == ["B", "N"]
    assert app["image"] == "docker.io/library/nginx:5"


def test_a_field_of_another_manager_is_really_removed_once_that_is_agreed_to(cluster, namespace, kubectl_in):
    kubectl_in("create", "-f", "-", manifest=sts(namespace, replicas=0))

    def change(item: Object) -> None:
        container(item)["env"].pop(0)

    plan = edit(cluster, namespace, change)
    assert [conflict.manager for conflict in plan.conflicts] == ["kubectl-create"]
    forced = edit(cluster, namespace, change, force=True)
    assert content_type(forced) == plans.MERGE
    cluster.apply(forced)
    assert [entry["name"] for entry in container(stored(cluster, namespace))["env"]] == ["B"]


def test_what_another_manager_added_to_an_own_set_stays(cluster, namespace, kubectl_in):
    make(cluster, namespace, replicas=0)
    kubectl_in("annotate", "statefulset/db", "note=theirs")
    cluster.apply(edit(cluster, namespace, lambda item: container(item).update(image="docker.io/library/nginx:2")))
    after = stored(cluster, namespace)
    assert after["metadata"]["annotations"] == {"note": "theirs"}
    assert container(after)["image"] == "docker.io/library/nginx:2"


def test_an_edit_of_what_kubectl_applied_warns_that_the_next_apply_brings_it_back(cluster, namespace, kubectl_in):
    kubectl_in("apply", "-f", "-", manifest=sts(namespace, replicas=0))
    plan = edit(cluster, namespace, lambda item: item["metadata"]["labels"].update(x="y"))
    assert [note.key for note in plan.warnings] == ["plan.warning.last_applied"]


def test_a_change_of_status_between_plan_and_apply_is_no_change(cluster, namespace):
    make(cluster, namespace)
    plan = edit(cluster, namespace, lambda item: item["spec"].update(replicas=1))
    waiting.until(
        lambda: cluster.read("statefulsets", namespace, "db")["status"].get("readyReplicas"), what="a pod ready"
    )
    cluster.apply(plan)
    assert stored(cluster, namespace)["spec"]["replicas"] == 1


def test_a_viewer_sees_why_a_plan_is_refused(kubeconfig, namespace):
    viewer = kubeconfig.with_name("viewer.kubeconfig")  # clusters for tests have one beside the administrator's
    with clusters.connect(kubeconfig=viewer) as other:
        (problem,) = other.plan_apply([sts(namespace, "mine")]).problems
        assert not other.can("patch", "statefulsets", namespace).allowed
    assert problem.key == "plan.problem.forbidden"
    assert "cannot" in problem.text()


def test_a_step_that_fails_after_another_says_what_is_done(cluster, namespace):
    plan = cluster.plan_apply([service(namespace), sts(namespace)])
    make(cluster, namespace)
    with pytest.raises(writing.PartlyAppliedError) as caught:
        cluster.apply(plan)
    assert [done.step.kind for done in caught.value.applied.done] == ["Service"]
    assert caught.value.failed.kind == "StatefulSet"
    assert isinstance(caught.value.error, errors.AlreadyExistsError)
    assert f"Service {namespace}/db" in str(caught.value)
