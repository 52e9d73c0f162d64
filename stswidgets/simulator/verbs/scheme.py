"""Which kinds Kubernetes knows, served here or not, and how its errors name their Go types."""

from __future__ import annotations

from stswidgets.simulator.kinds import registry
from stswidgets.simulator.schema import gotext

_ELSEWHERE = {
    ("apps/v1", "Deployment"), ("apps/v1", "DaemonSet"), ("apps/v1", "ReplicaSet"), ("batch/v1", "Job"),
    ("batch/v1", "CronJob"), ("networking.k8s.io/v1", "Ingress"), ("networking.k8s.io/v1", "NetworkPolicy"),
    ("v1", "ReplicationController"), ("v1", "PodTemplate"), ("v1", "Binding"),
}  # fmt: skip
"""Common kinds that the simulator does not serve."""

_OLD = {"StatefulSet": {"apps/v1beta1", "apps/v1beta2"}, "ControllerRevision": {"apps/v1beta1", "apps/v1beta2"},
        "PodDisruptionBudget": {"policy/v1beta1"}, "Event": {"events.k8s.io/v1beta1"},
        "HorizontalPodAutoscaler": {"autoscaling/v1", "autoscaling/v2", "autoscaling/v2beta1", "autoscaling/v2beta2"},
        "StorageClass": {"storage.k8s.io/v1beta1"}}  # fmt: skip
"""Versions that Kubernetes still reads, of kinds that are served in another one."""

_SCHEME = "pkg/runtime/scheme.go:111"


def knows(api_version: str, kind: str) -> bool:
    """Whether Kubernetes has such a kind."""
    if (api_version, kind) in _ELSEWHERE:
        return True
    return any((item.api_version, item.kind) == (api_version, kind) for item in registry.REGISTRY.kinds)


def is_old_version(api_version: str, kind: str) -> bool:
    """Whether it is another version of a kind that is served."""
    return api_version in _OLD.get(kind, ())


def unknown(api_version: str, kind: str) -> str:
    """What is said of a kind that it does not have."""
    shown = gotext.quote(kind), gotext.quote(api_version.removeprefix("/"))
    return f'no kind {shown[0]} is registered for version {shown[1]} in scheme "{_SCHEME}"'


def package(group: str) -> str:
    """The Go package of a group's internal types."""
    return group.partition(".")[0] or "core"
