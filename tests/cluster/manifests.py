"""Manifests of the plans' tests, small and complete."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]


def sts(
    namespace: str, name: str = "db", *, replicas: int = 2, image: str = "docker.io/library/nginx:1", **spec: Any
) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": {
            "serviceName": name,
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {
                    "containers": [
                        {
                            "name": "app",
                            "image": image,
                            "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
                            "ports": [{"containerPort": 80, "name": "http"}],
                        }
                    ]
                },
            },
            **spec,
        },
    }


def service(namespace: str, name: str = "db") -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"clusterIP": "None", "selector": {"app": name}, "ports": [{"name": "http", "port": 80}]},
    }


def claim_template(name: str = "data") -> Object:
    return {
        "metadata": {"name": name},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }


def container(item: Object) -> Object:
    """The first container of a set."""
    found: Object = item["spec"]["template"]["spec"]["containers"][0]
    return found
