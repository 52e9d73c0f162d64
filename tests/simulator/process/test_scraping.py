"""What a Prometheus scrapes, from a running simulator, as an administrator and as others."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from stswidgets import simulator


@pytest.fixture(scope="module")
def handle() -> Iterator[simulator.Handle]:
    with simulator.start("full-volumes") as started:
        yield started


def get(handle: simulator.Handle, path: str, user: str = "admin") -> tuple[str, str]:
    """(content type, body) of an answer."""
    headers = {"Authorization": f"Bearer {handle.tokens[user]}"}
    request = urllib.request.Request(handle.address + path, headers=headers)
    trusting = ssl.create_default_context(cadata=handle.authority)
    with urllib.request.urlopen(request, timeout=10, context=trusting) as response:
        return response.headers["Content-Type"], response.read().decode()


def names(handle: simulator.Handle, path: str) -> set[str]:
    media, text = get(handle, path)
    assert media == "text/plain; version=0.0.4; charset=utf-8"
    return {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/nodes/worker-2/proxy/metrics/cadvisor", "container_cpu_usage_seconds_total"),
        ("/api/v1/nodes/worker-2:10250/proxy/metrics/cadvisor", "container_memory_working_set_bytes"),
        ("/api/v1/nodes/worker-2/proxy/metrics/resource", "node_cpu_usage_seconds_total"),
        ("/api/v1/nodes/worker-2/proxy/metrics", "kubelet_volume_stats_used_bytes"),
        ("/metrics/kube-state-metrics", "kube_statefulset_status_replicas_ready"),
        ("/metrics", "apiserver_resource_objects"),
    ],
)
def test_each_address_gives_its_metrics(handle: simulator.Handle, path: str, expected: str) -> None:
    assert expected in names(handle, path)


def test_the_summary_tells_of_volumes(handle: simulator.Handle) -> None:
    summary = json.loads(get(handle, "/api/v1/nodes/worker-2/proxy/stats/summary")[1])
    assert summary["node"]["nodeName"] == "worker-2"
    (volume,) = [volume for pod in summary["pods"] for volume in pod["volume"]]
    assert volume["pvcRef"]["name"] == "data-db-1"
    assert volume["usedBytes"] > 0.95 * volume["capacityBytes"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nodes/worker-2/proxy/metrics/cadvisor", "/metrics", "/metrics/kube-state-metrics"]
)
def test_metrics_are_not_for_viewers(handle: simulator.Handle, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(handle, path, "viewer")
    assert refused.value.code == 403
    refused.value.close()


@pytest.mark.parametrize("path", ["/api/v1/nodes/nowhere/proxy/metrics", "/api/v1/nodes/worker-2/proxy/configz"])
def test_what_is_not_there_is_not_found(handle: simulator.Handle, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        get(handle, path)
    assert missing.value.code == 404
    missing.value.close()
