"""Node objects as a small cloud cluster has them."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

Json = dict[str, Any]

VERSION = "v1.37.2"
_READY = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


def node(
    number: int,
    now: str,
    *,
    name: str = "",
    zone: str = "",
    cpu: int = 8,
    memory_gib: int = 32,
    pods: int = 110,
    labels: dict[str, str] | None = None,
) -> Json:
    """A worker node. `number` gives it its addresses; `now` is what its conditions say."""
    name = name or f"worker-{number}"
    given = {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/region": "region-1",
        "topology.kubernetes.io/zone": zone or f"region-1{'abc'[(number - 1) % 3]}",
        **(labels or {}),
    }
    seed = hashlib.sha256(name.encode()).hexdigest()
    capacity = {
        "cpu": str(cpu),
        "ephemeral-storage": "101430960Ki",
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        "memory": f"{memory_gib * 1024 * 1024 - 73216}Ki",
        "pods": str(pods),
    }
    allocatable = {**capacity, "cpu": f"{cpu * 1000 - 100}m", "memory": f"{memory_gib * 1024 * 1024 - 573216}Ki"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": given, "annotations": {"node.alpha.kubernetes.io/ttl": "0"}},
        "spec": {"podCIDR": f"10.244.{number}.0/24", "podCIDRs": [f"10.244.{number}.0/24"]},
        "status": {
            "capacity": capacity,
            "allocatable": allocatable,
            "conditions": [
                {
                    "type": kind,
                    "status": value,
                    "lastHeartbeatTime": now,
                    "lastTransitionTime": now,
                    "reason": reason,
                    "message": message,
                }
                for kind, value, reason, message in _READY
            ],
            "addresses": [
                {"type": "InternalIP", "address": f"10.0.{number // 250}.{number % 250 + 10}"},
                {"type": "Hostname", "address": name},
            ],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {
                "machineID": seed[:32],
                "systemUUID": str(uuid.UUID(seed[:32])),
                "bootID": str(uuid.UUID(seed[32:])),
                "kernelVersion": "6.12.48",
                "osImage": "Debian GNU/Linux 13 (trixie)",
                "containerRuntimeVersion": "containerd://2.2.1",
                "kubeletVersion": VERSION,
                "kubeProxyVersion": "",
                "operatingSystem": "linux",
                "architecture": "amd64",
            },
            "images": [],
        },
    }
