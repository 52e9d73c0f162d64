"""Manifests that scenarios are made of, in few words."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def statefulset(
    name: str,
    image: str,
    *,
    replicas: int = 3,
    port: int = 0,
    cpu: tuple[str, str] = ("100m", "500m"),
    memory: tuple[str, str] = ("128Mi", "256Mi"),
    storage: str = "",
    storage_class: str = "",
    mount: str = "/data",
    env: dict[str, str] | None = None,
    alias: str = "",
    description: str = "",
    labels: dict[str, str] | None = None,
    cause: str = "",
    container: Json | None = None,
    pod: Json | None = None,
    spec: Json | None = None,
) -> Json:
    """A set of one container. `cpu` and `memory` are (request, limit); `container`, `pod`, `spec` add to their part."""
    own = {"app.kubernetes.io/name": name}
    annotations = {
        "kubesphere.io/alias-name": alias,
        "kubesphere.io/description": description,
        "kubernetes.io/change-cause": cause,
    }
    main: Json = {
        "name": image.partition(":")[0].rpartition("/")[2],
        "image": image,
        "resources": {
            "requests": {"cpu": cpu[0], "memory": memory[0]},
            "limits": {"cpu": cpu[1], "memory": memory[1]},
        },
    }
    if port:
        main["ports"] = [{"name": name[:15], "containerPort": port}]
        main["readinessProbe"] = {"tcpSocket": {"port": port}}
    if env:
        main["env"] = [{"name": key, "value": value} for key, value in env.items()]
    made: Json = {
        "replicas": replicas,
        "serviceName": name,
        "selector": {"matchLabels": own},
        "template": {
            "metadata": {"labels": {**own, **(labels or {})}},
            "spec": {"containers": [main], **(pod or {})},
        },
    }
    if storage:
        main["volumeMounts"] = [{"name": "data", "mountPath": mount}]
        made["volumeClaimTemplates"] = [claim("data", storage, storage_class)]
    main |= container or {}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {
            "name": name,
            "labels": {**own, **(labels or {})},
            "annotations": {key: value for key, value in annotations.items() if value},
        },
        "spec": {**made, **(spec or {})},
    }


def claim(name: str, storage: str, storage_class: str = "") -> Json:
    """A claim template."""
    spec: Json = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage}}}
    if storage_class:
        spec["storageClassName"] = storage_class
    return {"metadata": {"name": name}, "spec": spec}


def headless(name: str, port: int) -> Json:
    """The headless Service of a set."""
    return service(name, port, name) | {"spec": {**service(name, port, name)["spec"], "clusterIP": "None"}}


def service(name: str, port: int, of: str) -> Json:
    """A Service in front of a set."""
    own = {"app.kubernetes.io/name": of}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": own},
        "spec": {"selector": own, "ports": [{"name": of[:15], "port": port}]},
    }


def config_map(name: str, **data: str) -> Json:
    """A ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def secret(name: str, **data: str) -> Json:
    """A Secret, from plain text."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}


def quota(name: str, **hard: str) -> Json:
    """A ResourceQuota; names of resources with underscores for dots (`requests_cpu`)."""
    limits = {key.replace("_", "."): value for key, value in hard.items()}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name}, "spec": {"hard": limits}}


def autoscaler(name: str, *, least: int, most: int, cpu: int, behavior: Json | None = None) -> Json:
    """A HorizontalPodAutoscaler for the set of its name, by percent of the requested CPU."""
    target = {"type": "Utilization", "averageUtilization": cpu}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": name},
            "minReplicas": least,
            "maxReplicas": most,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            **({"behavior": behavior} if behavior else {}),
        },
    }


def budget(name: str, of: str, min_available: int) -> Json:
    """A PodDisruptionBudget for a set."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": name},
        "spec": {"minAvailable": min_available, "selector": {"matchLabels": {"app.kubernetes.io/name": of}}},
    }
