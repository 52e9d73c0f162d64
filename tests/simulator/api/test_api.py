"""The verbs without HTTP, as controllers use them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, status, store
from stswidgets.simulator.kinds import config, disruptionbudgets, namespaces, pods, statefulsets

Json = dict[str, Any]

STRICT = apis.Options(manager="kubectl", field_validation="Strict")


@pytest.fixture
def api() -> apis.Api:
    made = apis.Api(store.Store(), clock.SteppedClock(datetime(2026, 11, 24, 12, tzinfo=UTC)))
    bootstrap.install(made)
    return made


def stateful_set(**spec: Any) -> Json:
    labels = {"app": "db"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "pg", "image": "postgres:17"}]}}
    full = {"serviceName": "db", "selector": {"matchLabels": labels}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": full}


def create(api: apis.Api, **spec: Any) -> Json:
    return api.create(statefulsets.KIND, stateful_set(**spec), namespace="default", options=STRICT).obj


def test_what_a_caller_gave_is_not_changed(api: apis.Api) -> None:
    given = stateful_set()
    api.create(statefulsets.KIND, given, namespace="default", options=STRICT)
    assert given == stateful_set()


def test_the_generation_grows_with_the_spec_alone(api: apis.Api) -> None:
    create(api)
    labels = {"metadata": {"labels": {"x": "y"}}}
    merge = "application/merge-patch+json"
    after_labels = api.patch(statefulsets.KIND, "default", "db", labels, merge, options=STRICT).obj
    spec = {"spec": {"replicas": 2}}
    after_spec = api.patch(statefulsets.KIND, "default", "db", spec, merge, options=STRICT).obj
    assert (after_labels["metadata"]["generation"], after_spec["metadata"]["generation"]) == (1, 2)


def test_status_and_spec_do_not_reach_each_other(api: apis.Api) -> None:
    stored = create(api, replicas=3)
    other = {**stored, "spec": {**stored["spec"], "replicas": 9}, "status": {"replicas": 7}}
    assert api.update(statefulsets.KIND, other).obj["status"]["replicas"] == 0
    changed = {**api.read(statefulsets.KIND, "default", "db").obj, "spec": stored["spec"], "status": {"replicas": 7}}
    after = api.update(statefulsets.KIND, changed, subresource="status").obj
    assert (after["spec"]["replicas"], after["status"]["replicas"]) == (9, 7)


def test_a_scale_shows_and_changes_replicas(api: apis.Api) -> None:
    create(api, replicas=3)
    scale = api.scale(statefulsets.KIND, "default", "db")
    assert (scale["spec"], scale["status"]["selector"]) == ({"replicas": 3}, "app=db")
    api.set_scale(statefulsets.KIND, "default", "db", {**scale, "spec": {"replicas": 5}})
    assert api.read(statefulsets.KIND, "default", "db").obj["spec"]["replicas"] == 5


def test_a_scale_below_zero_is_refused(api: apis.Api) -> None:
    create(api)
    with pytest.raises(status.ApiError, match=r'Scale.autoscaling "db" is invalid: spec.replicas: Invalid value: -1'):
        api.set_scale(statefulsets.KIND, "default", "db", {"spec": {"replicas": -1}})


@pytest.mark.parametrize(("propagation", "finalizer"), [("Foreground", "foregroundDeletion"), ("Orphan", "orphan")])
def test_a_delete_leaves_word_for_the_garbage_collector(api: apis.Api, propagation: str, finalizer: str) -> None:
    create(api)
    deletion = apis.Deletion(propagation=propagation)
    result = api.delete(statefulsets.KIND, "default", "db", deletion=deletion)
    assert not result.deleted
    assert result.obj["metadata"]["finalizers"] == [finalizer]


def test_a_delete_in_the_background_is_at_once(api: apis.Api) -> None:
    create(api)
    assert api.delete(statefulsets.KIND, "default", "db", deletion=apis.Deletion(propagation="Background")).deleted


def test_a_pod_that_no_node_runs_is_gone_at_once(api: apis.Api) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": []}}
    api.create(pods.KIND, {**pod, "spec": stateful_set()["spec"]["template"]["spec"]}, namespace="default")
    assert api.delete(pods.KIND, "default", "p").deleted


def test_a_grace_period_can_only_get_shorter(api: apis.Api) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}
    api.create(pods.KIND, {**pod, "spec": stateful_set()["spec"]["template"]["spec"]}, namespace="default")
    api.bind(pods.KIND, "default", "p", "worker-1")
    graces = [
        api.delete(pods.KIND, "default", "p", deletion=apis.Deletion(grace=grace)).obj["metadata"]
        for grace in (30, 60, 10)
    ]
    assert [metadata["deletionGracePeriodSeconds"] for metadata in graces] == [30, 30, 10]
    assert graces[-1]["deletionTimestamp"] == "2026-11-24T12:00:10Z"


def test_a_namespace_waits_for_its_finalizer(api: apis.Api) -> None:
    api.create(namespaces.KIND, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    going = api.delete(namespaces.KIND, None, "shop").obj
    assert going["status"]["phase"] == "Terminating"
    with pytest.raises(status.ApiError, match="because it is being terminated"):
        api.create(
            config.CONFIGMAPS, {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "x"}}, namespace="shop"
        )
    api.update(namespaces.KIND, {**going, "spec": {"finalizers": []}}, subresource="finalize")
    assert api.store.get(namespaces.KIND, None, "shop") is None


def test_an_eviction_spends_its_budget_and_then_is_refused(api: apis.Api) -> None:
    budget = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "b"},
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "db"}}},
    }
    stored = api.create(disruptionbudgets.KIND, budget, namespace="default", options=STRICT).obj
    now = {
        "disruptionsAllowed": 1,
        "desiredHealthy": 1,
        "currentHealthy": 2,
        "expectedPods": 2,
        "observedGeneration": 1,
    }
    api.update(disruptionbudgets.KIND, {**stored, "status": now}, subresource="status")
    for name in ("p", "q"):
        template = stateful_set()["spec"]["template"]
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, **template["metadata"]},
            "spec": template["spec"],
        }
        api.create(pods.KIND, pod, namespace="default")
        api.bind(pods.KIND, "default", name, "worker-1")
        running = api.read(pods.KIND, "default", name).copy()
        running["status"]["phase"] = "Running"
        running["status"]["conditions"] = [{"type": "Ready", "status": "True"}]
        api.update(pods.KIND, running, subresource="status")
    api.evict(pods.KIND, "default", "p")
    with pytest.raises(status.ApiError, match="Cannot evict pod as it would violate") as refused:
        api.evict(pods.KIND, "default", "q")
    assert (refused.value.code, refused.value.causes[0].reason) == (429, "DisruptionBudget")


def test_an_admission_rule_sees_every_write_and_may_refuse(api: apis.Api) -> None:
    def refuse(operation: str, kind: Any, new: Json | None, old: Json | None, subresource: str, /) -> None:
        if operation == "UPDATE":
            raise status.forbidden(kind.group, kind.plural, "db", "no changes today")

    api.admission.append(refuse)
    stored = create(api)
    with pytest.raises(status.ApiError, match="no changes today"):
        api.update(statefulsets.KIND, {**stored, "metadata": {**stored["metadata"], "labels": {"x": "y"}}})
