"""What a kubelet gives: `/metrics/cadvisor`, `/metrics/resource`, `/metrics`, and `/stats/summary`.

Names and labels: cAdvisor `metrics/prometheus.go` and the kubelet's `pkg/kubelet/metrics/collectors`. As there, rows of
cAdvisor are those of cgroups: of containers, of whole pods (an empty `container`), and of the machine (`id="/"`), so
that a sum leaves out what has no `container`. A pod's network is that of its sandbox.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from stswidgets.simulator import clock
from stswidgets.simulator.http.prometheus.text import Family
from stswidgets.simulator.nodes.curves import Reading
from stswidgets.simulator.nodes.meters import Counter, Metered, NodeMeter, PodMeter
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

_PAUSE = "registry.k8s.io/pause:3.10.1"  # the image of sandboxes


def cadvisor(node: NodeMeter) -> Iterable[Family]:
    """Containers: CPU, memory, limits, starts; pods: network."""
    cpu = Family("container_cpu_usage_seconds_total", "Cumulative cpu time consumed in seconds.", "counter")
    working = Family("container_memory_working_set_bytes", "Current working set in bytes.")
    usage = Family("container_memory_usage_bytes", "Current memory usage in bytes, including all memory.")
    rss = Family("container_memory_rss", "Size of RSS in bytes.")
    started = Family("container_start_time_seconds", "Start time of the container since unix epoch in seconds.")
    quota = Family("container_spec_cpu_quota", "CPU quota of the container.")
    period = Family("container_spec_cpu_period", "CPU period of the container.")
    limit = Family("container_spec_memory_limit_bytes", "Memory limit for the container.")
    received = Family("container_network_receive_bytes_total", "Cumulative count of bytes received", "counter")
    sent = Family("container_network_transmit_bytes_total", "Cumulative count of bytes transmitted", "counter")
    packets_in = Family("container_network_receive_packets_total", "Cumulative count of packets received", "counter")
    packets_out = Family(
        "container_network_transmit_packets_total", "Cumulative count of packets transmitted", "counter"
    )
    for pod in node.pods:
        for item in pod.containers:
            labels = _container(pod, item.name)
            for family, amount in ((working, 1.0), (usage, 1.15), (rss, 0.85)):
                family.add(item.reading.memory * amount, **labels)
            cpu.add(item.counter.cpu, cpu="total", **labels)
            started.add(item.started, **labels)
            limits = _limits(pod, item.name)
            if "cpu" in limits:
                quota.add(_amount(limits["cpu"]) * 100_000, **labels)
                period.add(100_000, **labels)
            limit.add(_amount(limits.get("memory", "0")), **labels)
        cpu.add(pod.counter.cpu, cpu="total", **_pod(pod))
        working.add(sum(item.reading.memory for item in pod.containers), **_pod(pod))
        for family, value in (
            (received, pod.counter.received),
            (sent, pod.counter.sent),
            (packets_in, pod.counter.received // 700),
            (packets_out, pod.counter.sent // 900),
        ):
            family.add(value, interface="eth0", **_sandbox(pod))
    cpu.add(node.counter.cpu, cpu="total", **_cgroup("/"))
    working.add(node.reading.memory, **_cgroup("/"))
    received.add(node.counter.received, interface="eth0", **_cgroup("/"))
    sent.add(node.counter.sent, interface="eth0", **_cgroup("/"))
    pods = (cpu, working, usage, rss, started, quota, period, limit, received, sent, packets_in, packets_out)
    return *pods, *_machine(node)


def _machine(node: NodeMeter) -> Iterable[Family]:
    state = node.node["status"]
    known = state.get("nodeInfo") or {}
    names = (("boot_id", "bootID"), ("machine_id", "machineID"), ("system_uuid", "systemUUID"))
    labels = {name: known.get(field, "") for name, field in names}
    cores = Family("machine_cpu_cores", "Number of logical CPU cores.")
    cores.add(_amount((state.get("capacity") or {}).get("cpu", "0")), **labels)
    memory = Family("machine_memory_bytes", "Amount of memory installed on the machine.")
    memory.add(_amount((state.get("capacity") or {}).get("memory", "0")), **labels)
    error = Family("container_scrape_error", "1 if there was an error while getting container metrics, 0 otherwise")
    error.add(0)
    return cores, memory, error


def resource(node: NodeMeter) -> Iterable[Family]:
    """What metrics-server reads: CPU and memory of containers, pods and the node."""
    cpu = Family(
        "container_cpu_usage_seconds_total", "Cumulative cpu time consumed by the container in core-seconds", "counter"
    )
    memory = Family("container_memory_working_set_bytes", "Current working set of the container in bytes")
    started = Family("container_start_time_seconds", "Start time of the container since unix epoch in seconds")
    pod_cpu = Family(
        "pod_cpu_usage_seconds_total", "Cumulative cpu time consumed by the pod in core-seconds", "counter"
    )
    pod_memory = Family("pod_memory_working_set_bytes", "Current working set of the pod in bytes")
    node_cpu = Family(
        "node_cpu_usage_seconds_total", "Cumulative cpu time consumed by the node in core-seconds", "counter"
    )
    node_memory = Family("node_memory_working_set_bytes", "Current working set of the node in bytes")
    error = Family("scrape_error", "1 if there was an error while getting container metrics, 0 otherwise")
    for pod in node.pods:
        space = {"namespace": pod.pod["metadata"]["namespace"], "pod": pod.pod["metadata"]["name"]}
        for item in pod.containers:
            labels = {"container": item.name, **space}
            cpu.add(item.counter.cpu, **labels)
            memory.add(item.reading.memory, **labels)
            started.add(item.started, **labels)
        pod_cpu.add(sum(item.counter.cpu for item in pod.containers), **space)
        pod_memory.add(sum(item.reading.memory for item in pod.containers), **space)
    node_cpu.add(node.counter.cpu)
    node_memory.add(node.reading.memory)
    error.add(0)
    return cpu, memory, started, node_cpu, node_memory, pod_cpu, pod_memory, error


def kubelet(node: NodeMeter) -> Iterable[Family]:
    """The kubelet's own: volumes, and how many pods and containers it runs."""
    names = {
        "kubelet_volume_stats_capacity_bytes": "Capacity in bytes of the volume",
        "kubelet_volume_stats_available_bytes": "Number of available bytes in the volume",
        "kubelet_volume_stats_used_bytes": "Number of used bytes in the volume",
        "kubelet_volume_stats_inodes": "Maximum number of inodes in the volume",
        "kubelet_volume_stats_inodes_free": "Number of free inodes in the volume",
        "kubelet_volume_stats_inodes_used": "Number of used inodes in the volume",
    }
    families = [Family(name, text) for name, text in names.items()]
    for pod in node.pods:
        for item in pod.volumes:
            free = item.inodes - item.inodes_used
            values = (item.capacity, item.available, item.used, item.inodes, free, item.inodes_used)
            for family, value in zip(families, values, strict=True):
                family.add(value, namespace=item.namespace, persistentvolumeclaim=item.claim)
    running = Family("kubelet_running_pods", "Number of pods that have a running pod sandbox")
    running.add(len(node.pods))
    containers = Family("kubelet_running_containers", "Number of containers currently running")
    containers.add(sum(len(pod.containers) for pod in node.pods), container_state="running")
    return *families, running, containers


def summary(node: NodeMeter) -> Json:
    """The kubelet's summary (`/stats/summary`), which UIs read for how full volumes are."""
    at = clock.stamp(node.at)
    name = node.node["metadata"]["name"]
    booted = node.node["metadata"]["creationTimestamp"]
    return {
        "node": {
            "nodeName": name,
            "startTime": booted,
            "cpu": _cpu(at, node.reading, node.counter),
            "memory": _memory(at, node.reading),
            "network": {"time": at, **_network(node.counter)},
        },
        "pods": [_pod_summary(at, pod) for pod in node.pods],
    }


def _pod_summary(at: str, pod: PodMeter) -> Json:
    meta = pod.pod["metadata"]
    total = Reading(
        sum(item.reading.cpu for item in pod.containers), sum(item.reading.memory for item in pod.containers)
    )
    used = Counter(0.0, sum(item.counter.cpu for item in pod.containers))
    return {
        "podRef": {"name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"]},
        "startTime": (pod.pod.get("status") or {}).get("startTime"),
        "containers": [_container_summary(at, item) for item in pod.containers],
        "cpu": _cpu(at, total, used),
        "memory": _memory(at, total),
        "network": {"time": at, **_network(pod.counter)},
        "volume": [
            {
                "time": at,
                "availableBytes": item.available,
                "capacityBytes": item.capacity,
                "usedBytes": item.used,
                "inodesFree": item.inodes - item.inodes_used,
                "inodes": item.inodes,
                "inodesUsed": item.inodes_used,
                "name": item.volume,
                "pvcRef": {"name": item.claim, "namespace": item.namespace},
            }
            for item in pod.volumes
        ],
    }


def _container_summary(at: str, item: Metered) -> Json:
    return {
        "name": item.name,
        "startTime": clock.stamp(datetime.fromtimestamp(item.started, UTC)),
        "cpu": _cpu(at, item.reading, item.counter),
        "memory": _memory(at, item.reading),
    }


def _cpu(at: str, reading: Reading, counter: Counter) -> Json:
    return {
        "time": at,
        "usageNanoCores": round(reading.cpu * quantity.NANO),
        "usageCoreNanoSeconds": round(counter.cpu * quantity.NANO),
    }


def _memory(at: str, reading: Reading) -> Json:
    whole = reading.memory
    return {"time": at, "usageBytes": int(whole * 1.15), "workingSetBytes": whole, "rssBytes": int(whole * 0.85)}


def _network(counter: Counter) -> Json:
    one = {"name": "eth0", "rxBytes": int(counter.received), "rxErrors": 0, "txBytes": int(counter.sent), "txErrors": 0}
    return {**one, "interfaces": [one]}


def _cgroup(path: str, pod: Json | None = None, **more: str) -> dict[str, str]:
    """cAdvisor's labels: all of them, of which a cgroup that is no container leaves some empty."""
    meta = pod["metadata"] if pod else {}
    space = {"namespace": meta.get("namespace", ""), "pod": meta.get("name", "")}
    return {"container": "", "id": path, "image": "", "name": "", **space, **more}


def _pod(pod: PodMeter) -> dict[str, str]:
    return _cgroup(f"/kubepods/pod{pod.pod['metadata']['uid']}", pod.pod)


def _sandbox(pod: PodMeter) -> dict[str, str]:
    uid = pod.pod["metadata"]["uid"]
    run = hashlib.sha256(uid.encode()).hexdigest()
    return _cgroup(f"/kubepods/pod{uid}/{run}", pod.pod, image=_PAUSE, name=run)


def _container(pod: PodMeter, container: str) -> dict[str, str]:
    """Where a container's processes are, and its image."""
    statuses = (pod.pod.get("status") or {}).get("containerStatuses") or ()
    found: Json = next((item for item in statuses if item["name"] == container), {})
    run = found.get("containerID", "").rpartition("/")[2]
    path = f"/kubepods/pod{pod.pod['metadata']['uid']}/{run}"
    return _cgroup(path, pod.pod, container=container, image=found.get("image", ""), name=run)


def _limits(pod: PodMeter, container: str) -> Json:
    for item in pod.pod["spec"]["containers"]:
        if item["name"] == container:
            limits: Json = (item.get("resources") or {}).get("limits") or {}
            return limits
    return {}


def _amount(text: str) -> float:
    return quantity.parse(text).nano / quantity.NANO
