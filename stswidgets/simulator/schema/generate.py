"""Development tool: make `definitions.json.gz` from a Kubernetes release.

    python -m stswidgets.simulator.schema.generate OPENAPI_V3_FOLDER GO_MODULES_FOLDER

OPENAPI_V3_FOLDER holds the documents as `api/openapi-spec/v3` of kubernetes/kubernetes names them, but read from a
running server (`kubectl get --raw /openapi/v3/apis/apps/v1 > apis__apps__v1_openapi.json`): the ones in the release
lack the values that a field may have. GO_MODULES_FOLDER holds `api@*` and
`apimachinery@*`, whose struct tags say what OpenAPI does not: pointers, `omitempty`, embedded structs and the Go names
that decoding errors print.
The output holds no descriptions, and is the same bytes for the same input.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

from stswidgets.simulator.schema import gotypes

OUTPUT = Path(__file__).with_name("definitions.json.gz")

DOCUMENTS = (
    "api__v1", "apis__apps__v1", "apis__policy__v1", "apis__autoscaling__v1", "apis__autoscaling__v2",
    "apis__rbac.authorization.k8s.io__v1", "apis__scheduling.k8s.io__v1", "apis__storage.k8s.io__v1",
    "apis__discovery.k8s.io__v1", "apis__coordination.k8s.io__v1", "apis__events.k8s.io__v1",
    "apis__authorization.k8s.io__v1", "apis__authentication.k8s.io__v1",
)  # fmt: skip

META = "io.k8s.apimachinery.pkg.apis.meta.v1."
ROOTS = {
    "io.k8s.api.core.v1.": (
        "Namespace Node Pod Service Endpoints ConfigMap Secret PersistentVolumeClaim PersistentVolume "
        "ResourceQuota LimitRange ServiceAccount Event Binding"
    ),
    "io.k8s.api.apps.v1.": "StatefulSet ControllerRevision",
    "io.k8s.api.policy.v1.": "PodDisruptionBudget Eviction",
    "io.k8s.api.autoscaling.v1.": "Scale HorizontalPodAutoscaler",
    "io.k8s.api.autoscaling.v2.": "HorizontalPodAutoscaler",
    "io.k8s.api.rbac.v1.": "Role RoleBinding ClusterRole ClusterRoleBinding",
    "io.k8s.api.scheduling.v1.": "PriorityClass",
    "io.k8s.api.storage.v1.": "StorageClass",
    "io.k8s.api.discovery.v1.": "EndpointSlice",
    "io.k8s.api.coordination.v1.": "Lease",
    "io.k8s.api.events.v1.": "Event",
    "io.k8s.api.authorization.v1.": (
        "SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview LocalSubjectAccessReview"
    ),
    "io.k8s.api.authentication.v1.": "SelfSubjectReview TokenRequest TokenReview",
    META: "Status DeleteOptions WatchEvent APIResourceList",
}
NO_LIST = ("Scale", "Binding", "Eviction", "Review", "TokenRequest")

KEPT = (
    "type", "format", "default", "enum", "required", "$ref", "allOf", "oneOf", "items", "properties",
    "additionalProperties",
    "x-kubernetes-patch-merge-key", "x-kubernetes-patch-strategy", "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type", "x-kubernetes-group-version-kind", "x-kubernetes-unions", "x-kubernetes-int-or-string",
)  # fmt: skip

Schema = dict[str, Any]


def strip(schema: Schema) -> Schema:
    """`schema` with the known keywords alone (so without descriptions), in a fixed order."""
    kept: Schema = {}
    for keyword in KEPT:
        if keyword not in schema:
            continue
        value = schema[keyword]
        if keyword == "properties":
            value = {name: strip(child) for name, child in sorted(value.items())}
        elif keyword in ("items", "additionalProperties") and isinstance(value, dict):
            value = strip(value)
        elif keyword in ("allOf", "oneOf"):
            value = [strip(child) for child in value]
        kept[keyword] = value
    return kept


def references(schema: object) -> set[str]:
    """The names of all definitions that `schema` refers to."""
    if isinstance(schema, list):
        return set().union(*(references(child) for child in schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    found = {schema["$ref"].rsplit("/", 1)[-1]} if "$ref" in schema else set()
    for child in schema.values():
        found |= references(child)
    return found


def roots() -> list[str]:
    """The definitions that are served, with the lists of them."""
    names = []
    for prefix, kinds in ROOTS.items():
        for kind in kinds.split():
            names.append(prefix + kind)
            if prefix != META and not kind.endswith(NO_LIST):
                names.append(f"{prefix}{kind}List")
    return names


def metrics() -> dict[str, Schema]:
    """metrics.k8s.io/v1beta1, which is an add-on's and in no document of the release."""
    prefix = "io.k8s.metrics.pkg.apis.metrics.v1beta1."
    reference = "#/components/schemas/"
    usage = {
        "additionalProperties": {"allOf": [{"$ref": reference + "io.k8s.apimachinery.pkg.api.resource.Quantity"}]},
        "type": "object",
    }

    def measured(kind: str, extra: Schema) -> Schema:
        properties = {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"allOf": [{"$ref": f"{reference}{META}ObjectMeta"}], "default": {}},
            "timestamp": {"allOf": [{"$ref": f"{reference}{META}Time"}]},
            "window": {"allOf": [{"$ref": f"{reference}{META}Duration"}]},
            **extra,
        }
        return {
            "type": "object",
            "required": ["timestamp", "window", *extra],
            "properties": properties,
            "x-kubernetes-group-version-kind": [{"group": "metrics.k8s.io", "kind": kind, "version": "v1beta1"}],
        }

    def listed(kind: str) -> Schema:
        items = {"type": "array", "items": {"allOf": [{"$ref": f"{reference}{prefix}{kind}"}], "default": {}}}
        return {
            "type": "object",
            "required": ["items"],
            "properties": {
                "apiVersion": {"type": "string"},
                "items": items,
                "kind": {"type": "string"},
                "metadata": {"allOf": [{"$ref": f"{reference}{META}ListMeta"}], "default": {}},
            },
            "x-kubernetes-group-version-kind": [
                {"group": "metrics.k8s.io", "kind": f"{kind}List", "version": "v1beta1"}
            ],
        }

    container = {
        "type": "object",
        "required": ["name", "usage"],
        "properties": {"name": {"type": "string"}, "usage": usage},
    }
    containers = {
        "type": "array",
        "items": {"allOf": [{"$ref": f"{reference}{prefix}ContainerMetrics"}], "default": {}},
    }
    return {
        prefix + "ContainerMetrics": container,
        prefix + "PodMetrics": measured("PodMetrics", {"containers": containers}),
        prefix + "PodMetricsList": listed("PodMetrics"),
        prefix + "NodeMetrics": measured("NodeMetrics", {"usage": usage}),
        prefix + "NodeMetricsList": listed("NodeMetrics"),
        META + "Duration": {"type": "string"},
    }


def build(openapi: Path, modules: Path) -> Schema:
    """`{"definitions": {name: schema}, "go": {name: {field: [Go type, flags, embedded path]}}}`."""
    known: dict[str, Schema] = {}
    for document in DOCUMENTS:
        loaded = json.loads((openapi / f"{document}_openapi.json").read_text())
        for name, schema in loaded["components"]["schemas"].items():
            known.setdefault(name, strip(schema))
    definitions = metrics()
    todo = [*roots(), *references(definitions)]
    while todo:
        name = todo.pop()
        if name not in definitions:
            definitions[name] = known[name]
            todo.extend(references(known[name]))
    go = gotypes.read(modules, definitions)
    return {"definitions": dict(sorted(definitions.items())), "go": dict(sorted(go.items()))}


def main() -> None:
    """Write the table next to this module."""
    openapi, modules = Path(sys.argv[1]), Path(sys.argv[2])
    text = json.dumps(build(openapi, modules), separators=(",", ":"), ensure_ascii=True)
    OUTPUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
