"""Counters: they only grow, and their rate is the usage that is shown."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from stswidgets.simulator.http.prometheus import nodes, objects, text
from stswidgets.simulator.nodes import meters
from stswidgets.simulator.schema import quantity

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(made: Any) -> Samples:
    """Samples by name and labels, as Prometheus reads them."""
    found: Samples = {}
    for family in text_string_to_metric_families(text.write(made).decode()):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, key
            found[key] = sample.value
    return found


def of(samples: Samples, name: str, **labels: str) -> float:
    """The one sample with a name and at least these labels."""
    (value,) = [
        value for (known, have), value in samples.items() if known == name and labels.items() <= dict(have).items()
    ]
    return value


def scrape(world: Any, pod: str = "db-0", table: Any = nodes.cadvisor) -> Samples:
    node = world.cluster.meters.node(world.pod(pod)["spec"]["nodeName"])
    assert node is not None
    return read(table(node))


def test_the_rate_of_a_counter_is_the_cpu_that_is_shown(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(305)
    before = of(scrape(world), "container_cpu_usage_seconds_total", container="postgres")
    world.wait(10)
    after = of(scrape(world), "container_cpu_usage_seconds_total", container="postgres")
    (metrics,) = world.cluster.usage.pods("default")
    shown = quantity.parse(metrics["containers"][0]["usage"]["cpu"]).nano / 1e9
    assert (after - before) / 10 == pytest.approx(shown, abs=1e-6)


def test_counters_only_grow_while_a_container_runs(world):
    world.a_set(replicas=2)
    world.settle()
    seen: list[Samples] = []
    for _ in range(40):
        world.wait(17)
        seen.append(scrape(world))
    for earlier, later in itertools.pairwise(seen):
        for key, value in earlier.items():
            if key[0].endswith("_total"):
                assert later[key] >= value, key


def test_a_restart_begins_a_counter_anew(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(3600)
    before = of(scrape(world), "container_cpu_usage_seconds_total", container="postgres")
    run = world.cluster.kubelets.run_of(world.pod("db-0"))
    run.finish("postgres", 1)
    world.wait(30)
    assert of(scrape(world), "container_cpu_usage_seconds_total", container="postgres") < before / 10


def test_memory_is_what_metrics_k8s_io_says(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(60)
    (metrics,) = world.cluster.usage.pods("default")
    shown = quantity.parse(metrics["containers"][0]["usage"]["memory"]).nano / 1e9
    assert of(scrape(world), "container_memory_working_set_bytes", container="postgres") // 1024 * 1024 == shown


def test_network_counters_are_the_pod_s(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(60)
    samples = scrape(world)
    for name in ("container_network_receive_bytes_total", "container_network_transmit_bytes_total"):
        assert of(samples, name, pod="db-0", namespace="default", interface="eth0") > 0


def test_a_pod_s_counter_goes_on_when_its_container_restarts(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(3600)
    before = of(scrape(world), "container_cpu_usage_seconds_total", container="", pod="db-0")
    world.cluster.kubelets.run_of(world.pod("db-0")).finish("postgres", 1)
    world.wait(30)
    assert of(scrape(world), "container_cpu_usage_seconds_total", container="", pod="db-0") > before


def test_the_machine_has_a_row_and_its_size(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(60)
    samples = scrape(world)
    pod = of(samples, "container_cpu_usage_seconds_total", container="", pod="db-0")
    assert of(samples, "container_cpu_usage_seconds_total", id="/") > pod
    assert of(samples, "machine_cpu_cores") == 8


def test_all_rows_of_a_name_have_the_same_labels(world):
    world.a_set(replicas=2)
    world.settle()
    world.wait(60)
    known: dict[str, set[tuple[str, ...]]] = {}
    for name, labels in scrape(world):
        known.setdefault(name, set()).add(tuple(label for label, _ in labels))
    assert all(len(found) == 1 for found in known.values())


def test_metrics_server_s_source_has_pods_and_the_node(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(60)
    samples = scrape(world, table=nodes.resource)
    pod = of(samples, "pod_cpu_usage_seconds_total", pod="db-0")
    assert of(samples, "container_cpu_usage_seconds_total", container="postgres") == pod
    assert of(samples, "node_cpu_usage_seconds_total") > pod


def test_volumes_say_how_full_they_are(world):
    world.a_set(replicas=1, storage="2Gi")
    world.settle()
    world.wait(20)
    labels = {"namespace": "default", "persistentvolumeclaim": "data-db-0"}
    samples = scrape(world, table=nodes.kubelet)
    values = [of(samples, f"kubelet_volume_stats_{name}_bytes", **labels) for name in ("used", "available", "capacity")]
    assert values[0] + values[1] == values[2] > 2 * 1024**3 * 0.95


def test_the_summary_agrees_with_the_counters(world):
    world.a_set(replicas=1, storage="2Gi")
    world.settle()
    world.wait(60)
    node = world.cluster.meters.node(world.pod("db-0")["spec"]["nodeName"])
    (pod,) = nodes.summary(node)["pods"]
    used = of(scrape(world), "container_cpu_usage_seconds_total", container="postgres")
    assert pod["containers"][0]["cpu"]["usageCoreNanoSeconds"] == round(used * 1e9)
    (volume,) = pod["volume"]
    assert volume["pvcRef"] == {"name": "data-db-0", "namespace": "default"}
    assert volume["usedBytes"] + volume["availableBytes"] == volume["capacityBytes"]


def test_a_lost_node_tells_nothing(world):
    world.a_set(replicas=3)
    world.settle()
    world.wait(60)
    lost = world.pod("db-1")["spec"]["nodeName"]
    world.cluster.kubelets.lose(lost)
    assert {item["metadata"]["name"] for item in world.cluster.usage.pods("default")} == {"db-0", "db-2"}
    assert lost not in {item["metadata"]["name"] for item in world.cluster.usage.nodes()}
    with pytest.raises(meters.SilentNode):
        world.cluster.meters.node(lost)


def test_a_sidecar_is_measured_too(world):
    sidecar = {"name": "proxy", "image": "envoy:1", "restartPolicy": "Always"}
    world.a_set(replicas=1, pod={"initContainers": [sidecar]})
    world.settle()
    world.wait(60)
    (metrics,) = world.cluster.usage.pods("default")
    assert {item["name"] for item in metrics["containers"]} == {"postgres", "proxy"}


def test_an_unknown_node_has_no_counters(world):
    assert world.cluster.meters.node("nowhere") is None


def test_kube_state_metrics_tells_of_sets_and_pods(world):
    world.a_set(replicas=3, image="postgres:16-crash")
    world.wait(60)
    samples = read(objects.families(world.api.store))
    labels = {"namespace": "default", "statefulset": "db"}
    assert of(samples, "kube_statefulset_replicas", **labels) == 3
    assert of(samples, "kube_statefulset_status_replicas_ready", **labels) == 0
    revision = world.status()["updateRevision"]
    assert of(samples, "kube_statefulset_status_update_revision", **labels, revision=revision) == 1
    assert of(samples, "kube_pod_container_status_restarts_total", pod="db-0", container="postgres") >= 1
    assert of(samples, "kube_pod_container_status_last_terminated_reason", pod="db-0", reason="Error") == 1
    assert of(samples, "kube_pod_container_resource_requests", pod="db-0", resource="cpu", unit="core") == 0.1
    assert of(samples, "kube_pod_info", pod="db-0", created_by_kind="StatefulSet", created_by_name="db") == 1
    phases = {phase: of(samples, "kube_pod_status_phase", pod="db-0", phase=phase) for phase in ("Running", "Pending")}
    assert phases == {"Running": 1, "Pending": 0}
