"""What belongs to a set, its logs, its usage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from stswidgets import cluster as clusters
from stswidgets import errors
from stswidgets.cluster import pods, stopping
from tests.cluster.loopback import Reply, status
from tests.cluster.manifests import claim_template, service, sts
from tests.contract import waiting

Object = dict[str, Any]


@pytest.fixture
def ready(cluster: clusters.Cluster, namespace: str) -> Object:
    """A set of two ready pods with a claim each, and another set beside it."""
    made = sts(namespace, volumeClaimTemplates=[claim_template()])
    cluster.apply(cluster.plan_apply([service(namespace), made, sts(namespace, "other", replicas=1)]))

    def read() -> Object | None:
        found = cluster.read("statefulsets", namespace, "db")
        return found if found["status"].get("readyReplicas") == 2 else None

    found = waiting.until(read, what="two ready pods")
    assert found is not None
    return found


def names(items: list[Object]) -> list[str]:
    return [item["metadata"]["name"] for item in items]


def test_a_set_has_its_pods_claims_revisions_and_service(cluster, ready):
    assert names(cluster.pods_of(ready)) == ["db-0", "db-1"]
    assert names(cluster.claims_of(ready)) == ["data-db-0", "data-db-1"]
    assert len(cluster.revisions_of(ready)) == 1
    assert cluster.service_of(ready)["metadata"]["name"] == "db"
    assert names(cluster.services_of(ready)) == ["db"]


def test_events_are_the_sets_and_its_pods_and_claims_newest_first(cluster, ready):
    def read() -> list[Object]:
        found = cluster.events_of(ready)
        kinds = {event["involvedObject"]["kind"] for event in found}
        return found if {"StatefulSet", "Pod"} <= kinds else []

    found = waiting.until(read, what="events of set and pods")
    assert all(event["involvedObject"]["name"].startswith(("db", "data-db-")) for event in found)
    times = [pods.event_time(event) for event in found]
    assert times == sorted(times, reverse=True)


def test_a_pod_with_fitting_labels_and_another_owner_is_not_the_sets(cluster, ready, namespace):
    stray = cluster.pods_of(ready)[0]
    metadata = {"name": "stray", "namespace": namespace, "labels": {"app": "db"}}
    spec = {"containers": [{"name": "app", "image": stray["spec"]["containers"][0]["image"]}]}
    cluster.apply(cluster.plan_apply([{"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}]))
    assert "stray" not in names(cluster.pods_of(ready))


def test_logs_have_the_last_lines(cluster, ready, namespace):
    def read() -> str:
        return cluster.logs(namespace, "db-0", tail=3)

    assert 1 <= len(waiting.until(read, what="logged").splitlines()) <= 3


def test_the_log_of_a_pod_that_is_not_there_is_not_found(cluster, namespace):
    with pytest.raises(errors.NotFoundError):
        cluster.logs(namespace, "nobody-0")


def test_a_followed_log_gives_lines_and_ends_when_stopped(cluster, ready, namespace):
    stop = stopping.Stop()
    lines = cluster.follow_logs(namespace, "db-0", stop=stop, tail=2)
    assert next(lines)
    stop.set()
    assert all(isinstance(line, str) for line in lines)


def test_a_followed_log_that_breaks_off_is_an_error(scripted):
    def chunks() -> Iterator[bytes]:
        yield b"one\ntw"
        raise BrokenPipeError

    cluster, _ = scripted(lambda request: Reply(chunks()))
    lines = cluster.follow_logs("shop", "db-0", stop=stopping.Stop())
    assert next(lines) == "one"
    with pytest.raises(errors.UnreachableError):
        next(lines)


def test_usage_is_one_sample_a_container(scripted):
    container = {"name": "app", "usage": {"cpu": "250m", "memory": "64Mi"}}
    item = {
        "metadata": {"name": "db-0", "namespace": "shop"},
        "timestamp": "2026-01-02T03:04:05Z",
        "containers": [container, {**container, "name": "side"}],
    }
    cluster, server = scripted(lambda request: Reply({"items": [item]}))
    samples = cluster.usage("shop", "app=db")
    assert [(sample.pod, sample.container, sample.cpu, sample.memory) for sample in samples] == [
        ("db-0", "app", 0.25, 64 * 2**20),
        ("db-0", "side", 0.25, 64 * 2**20),
    ]
    assert samples.missing is None
    assert server.requests[0].path == "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods"


@pytest.mark.parametrize("code", [403, 404, 503])
def test_a_cluster_without_metrics_is_a_value_with_its_reason(scripted, code):
    cluster, _ = scripted(lambda request: status(code, "No", "no metrics"))
    samples = cluster.usage("shop")
    assert list(samples) == []
    assert samples.missing.message == "no metrics"


def test_a_selector_keeps_its_expressions():
    rules = [
        {"key": "tier", "operator": "In", "values": ["a", "b"]},
        {"key": "x", "operator": "NotIn", "values": ["c"]},
        {"key": "y", "operator": "Exists"},
        {"key": "z", "operator": "DoesNotExist"},
    ]
    item = {"spec": {"selector": {"matchLabels": {"app": "db"}, "matchExpressions": rules}}}
    assert pods.selector(item) == "app=db,tier in (a,b),x notin (c),y,!z"
