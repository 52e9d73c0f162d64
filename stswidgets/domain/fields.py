"""The form's table: every field is one row. It drives form, typing, validation, translation and documentation.

A row is a `Field` (one value) or a `Group` (a list or a map of values). A row's `path` is relative to an item of its `group`,
or absolute where it has none; rows are shown in the order in which they stand here. Words are in the catalog `fields`:
`fields.ID` (label), `.help`, `.CHOICE` for a choice, `.add` for a group's button. `words` borrows another row's words.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any, Literal

from stswidgets.domain import paths

Kind = Literal["text", "integer", "int_or_text", "quantity", "choice", "boolean", "multiline"]
Shape = Literal["list", "strings", "map"]

SECTIONS = ("basics", "pods", "storage", "network", "updates", "metadata")


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One value. `rules` are names in `validation.RULES`; `default` is what Kubernetes takes where nothing is said."""

    id: str
    section: str
    group: str
    path: str
    kind: Kind
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    immutable: bool = False
    advanced: bool = False
    half: bool = False
    unit: str = ""
    keeps_empty: bool = False  # an emptied text stays as "" instead of leaving the manifest
    suggestions: tuple[str, ...] = ()
    words: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """A list of items with rows of their own ("list"), of bare texts ("strings"), or a map of keys and texts ("map").

    `new` is what the add button puts in; a value in it that begins with `*` is made unique among its neighbours.
    `title` is the path below an item of what names it.
    """

    id: str
    section: str
    group: str
    path: str
    shape: Shape
    new: Any = None
    title: str = "name"
    rules: tuple[str, ...] = ()
    immutable: bool = False
    advanced: bool = False
    words: str = ""


Row = Field | Group

_RESOURCE = {"kind": "quantity", "half": True, "rules": ("quantity",)}


def _container_rows(group: str, path: str) -> tuple[Row, ...]:
    """The rows of a list of containers; those of init containers are the same with ids and words of their own list."""
    section, main = "pods", "container"
    prefix = group.removesuffix("s")

    def field(name: str, at: str, kind: Kind, **rest: Any) -> Field:
        return Field(f"{prefix}.{name}", section, group, at, kind, words=f"{main}.{name}", **rest)

    def sub(name: str, at: str, kind: Kind, **rest: Any) -> Field:
        topic, _, leaf = name.partition(".")
        return Field(
            f"{prefix}.{name}", section, f"{prefix}.{topic}s", at, kind, words=f"{main}.{topic}.{leaf}", **rest
        )

    def many(name: str, at: str, shape: Shape, new: Any, **rest: Any) -> Group:
        return Group(f"{prefix}.{name}", section, group, at, shape, new, words=f"{main}.{name}", **rest)

    return (
        Group(group, section, "", path, "list", {"name": "*container"}, words=group, advanced=group != "containers"),
        field("name", "name", "text", required=True, rules=("dns_label",), half=True),
        field("image", "image", "text", required=True, rules=("image",), half=True),
        field(
            "pull_policy",
            "imagePullPolicy",
            "choice",
            choices=("IfNotPresent", "Always", "Never"),
            advanced=True,
            half=True,
        ),
        many("ports", "ports", "list", {"name": "*tcp", "protocol": "TCP"}),
        sub("port.name", "name", "text", rules=("port_name",), half=True),
        sub("port.number", "containerPort", "integer", required=True, rules=("port",), half=True),
        sub(
            "port.protocol",
            "protocol",
            "choice",
            choices=("TCP", "UDP", "SCTP"),
            default="TCP",
            half=True,
            advanced=True,
        ),
        field("cpu_request", "resources.requests.cpu", **_RESOURCE, suggestions=("100m", "250m", "500m", "1", "2")),
        field("cpu_limit", "resources.limits.cpu", **_RESOURCE, suggestions=("500m", "1", "2", "4")),
        field("memory_request", "resources.requests.memory", **_RESOURCE, suggestions=("128Mi", "512Mi", "1Gi", "4Gi")),
        field("memory_limit", "resources.limits.memory", **_RESOURCE, suggestions=("256Mi", "1Gi", "2Gi", "8Gi")),
        many("envs", "env", "list", {"name": ""}),
        sub("env.name", "name", "text", required=True, rules=("environment_name",), half=True),
        sub("env.value", "value", "text", keeps_empty=True, half=True),
        many("mounts", "volumeMounts", "list", {"name": "", "mountPath": ""}, title="mountPath"),
        sub("mount.name", "name", "text", required=True, half=True),
        sub("mount.path", "mountPath", "text", required=True, rules=("mount_path",), half=True),
        sub("mount.sub_path", "subPath", "text", rules=("sub_path",), half=True, advanced=True),
        sub("mount.read_only", "readOnly", "boolean", default="false", half=True, advanced=True),
        many("command", "command", "strings", "", advanced=True),
        many("args", "args", "strings", "", advanced=True),
    )


ROWS: tuple[Row, ...] = (
    Field("name", "basics", "", "metadata.name", "text", required=True, rules=("set_name",), immutable=True),
    Field("namespace", "basics", "", "metadata.namespace", "text", rules=("dns_label",), immutable=True),
    Field("alias", "basics", "", "metadata.annotations[kubesphere.io/alias-name]", "text", rules=("alias",), half=True),
    Field(
        "description",
        "basics",
        "",
        "metadata.annotations[kubesphere.io/description]",
        "multiline",
        rules=("at_most_256",),
    ),
    Field("replicas", "pods", "", "spec.replicas", "integer", default="1", rules=("non_negative",), half=True),
    *_container_rows("containers", "spec.template.spec.containers"),
    *_container_rows("init_containers", "spec.template.spec.initContainers"),
    Field(
        "grace_period",
        "pods",
        "",
        "spec.template.spec.terminationGracePeriodSeconds",
        "integer",
        default="30",
        rules=("non_negative",),
        unit="s",
        half=True,
        advanced=True,
    ),
    Group(
        "claims",
        "storage",
        "",
        "spec.volumeClaimTemplates",
        "list",
        {
            "metadata": {"name": "*data"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}},
        },
        title="metadata.name",
        immutable=True,
    ),
    Field(
        "claim.name",
        "storage",
        "claims",
        "metadata.name",
        "text",
        required=True,
        rules=("dns_label",),
        immutable=True,
        half=True,
    ),
    Field(
        "claim.size",
        "storage",
        "claims",
        "spec.resources.requests.storage",
        "quantity",
        required=True,
        rules=("positive_quantity",),
        immutable=True,
        half=True,
        suggestions=("1Gi", "10Gi", "50Gi", "100Gi"),
    ),
    Field(
        "claim.storage_class",
        "storage",
        "claims",
        "spec.storageClassName",
        "text",
        rules=("subdomain",),
        immutable=True,
        half=True,
    ),
    Field(
        "claim.access_mode",
        "storage",
        "claims",
        "spec.accessModes[0]",
        "choice",
        required=True,
        choices=("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"),
        immutable=True,
        half=True,
    ),
    Field(
        "when_deleted",
        "storage",
        "",
        "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
        "choice",
        choices=("Retain", "Delete"),
        default="Retain",
        half=True,
        advanced=True,
    ),
    Field(
        "when_scaled",
        "storage",
        "",
        "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
        "choice",
        choices=("Retain", "Delete"),
        default="Retain",
        half=True,
        advanced=True,
    ),
    Field("service_name", "network", "", "spec.serviceName", "text", rules=("dns_label",), immutable=True, half=True),
    Group("service_ports", "network", "", "service:spec.ports", "list", {"name": "*tcp", "protocol": "TCP"}),
    Field("service_port.name", "network", "service_ports", "name", "text", rules=("dns_label",), half=True),
    Field(
        "service_port.port", "network", "service_ports", "port", "integer", required=True, rules=("port",), half=True
    ),
    Field(
        "service_port.target",
        "network",
        "service_ports",
        "targetPort",
        "int_or_text",
        rules=("target_port",),
        half=True,
        advanced=True,
    ),
    Field(
        "service_port.protocol",
        "network",
        "service_ports",
        "protocol",
        "choice",
        choices=("TCP", "UDP", "SCTP"),
        default="TCP",
        half=True,
        advanced=True,
    ),
    Field(
        "publish_not_ready",
        "network",
        "",
        "service:spec.publishNotReadyAddresses",
        "boolean",
        default="false",
        advanced=True,
    ),
    Field(
        "update_strategy",
        "updates",
        "",
        "spec.updateStrategy.type",
        "choice",
        choices=("RollingUpdate", "OnDelete"),
        default="RollingUpdate",
        half=True,
    ),
    Field(
        "partition",
        "updates",
        "",
        "spec.updateStrategy.rollingUpdate.partition",
        "integer",
        default="0",
        rules=("non_negative",),
        half=True,
    ),
    Field(
        "max_unavailable",
        "updates",
        "",
        "spec.updateStrategy.rollingUpdate.maxUnavailable",
        "int_or_text",
        default="1",
        rules=("max_unavailable",),
        half=True,
        advanced=True,
    ),
    Field(
        "pod_management_policy",
        "updates",
        "",
        "spec.podManagementPolicy",
        "choice",
        choices=("OrderedReady", "Parallel"),
        default="OrderedReady",
        immutable=True,
        half=True,
    ),
    Field(
        "min_ready",
        "updates",
        "",
        "spec.minReadySeconds",
        "integer",
        default="0",
        rules=("non_negative",),
        unit="s",
        half=True,
        advanced=True,
    ),
    Field(
        "history_limit",
        "updates",
        "",
        "spec.revisionHistoryLimit",
        "integer",
        default="10",
        rules=("non_negative",),
        half=True,
        advanced=True,
    ),
    Field(
        "first_ordinal",
        "updates",
        "",
        "spec.ordinals.start",
        "integer",
        default="0",
        rules=("non_negative",),
        half=True,
        advanced=True,
    ),
    Group("labels", "metadata", "", "metadata.labels", "map", rules=("labels",)),
    Group("pod_labels", "metadata", "", "spec.template.metadata.labels", "map", rules=("labels",)),
    Group(
        "selector", "metadata", "", "spec.selector.matchLabels", "map", rules=("labels",), immutable=True, advanced=True
    ),
    Group("annotations", "metadata", "", "metadata.annotations", "map", rules=("annotations",)),
    Group(
        "pod_annotations",
        "metadata",
        "",
        "spec.template.metadata.annotations",
        "map",
        rules=("annotations",),
        advanced=True,
    ),
)

FIELDS: tuple[Field, ...] = tuple(row for row in ROWS if isinstance(row, Field))
GROUPS: dict[str, Group] = {row.id: row for row in ROWS if isinstance(row, Group)}

# Annotations that have a field of their own: the map does not show them again.
OWN_ANNOTATIONS = frozenset({"kubesphere.io/alias-name", "kubesphere.io/description"})

# In which order keys are usually written, by the name of what holds them (a list's items by the list's). `paths.put`.
ORDER: dict[str, tuple[str, ...]] = {
    "": ("apiVersion", "kind", "metadata", "spec"),
    "metadata": ("name", "namespace", "labels", "annotations"),
    "spec": (
        *("accessModes", "storageClassName", "clusterIP", "publishNotReadyAddresses", "selector", "ports"),
        *("serviceName", "replicas", "podManagementPolicy", "ordinals", "minReadySeconds", "revisionHistoryLimit"),
        *("updateStrategy", "persistentVolumeClaimRetentionPolicy", "template", "volumeClaimTemplates"),
        *("terminationGracePeriodSeconds", "initContainers", "containers", "volumes", "resources"),
    ),
    "template": ("metadata", "spec"),
    "updateStrategy": ("type", "rollingUpdate"),
    "containers": (
        *("name", "image", "imagePullPolicy", "command", "args", "ports", "env", "resources", "volumeMounts"),
        *("livenessProbe", "readinessProbe"),
    ),
    "resources": ("requests", "limits"),
    "requests": ("cpu", "memory", "storage"),
    "limits": ("cpu", "memory"),
    "ports": ("name", "protocol", "port", "containerPort", "targetPort"),
    "env": ("name", "value"),
    "volumeMounts": ("name", "mountPath", "subPath", "readOnly"),
    "volumeClaimTemplates": ("metadata", "spec"),
}
ORDER["initContainers"] = ORDER["containers"]


def words(row: Row) -> str:
    """The message key of a row's label."""
    return f"fields.{row.words or row.id}"


@functools.cache
def rows_of(section: str, group: str = "") -> tuple[Row, ...]:
    """The rows directly below a section, or below an item of a group."""
    return tuple(row for row in ROWS if row.group == group and (group or row.section == section))


def pattern(row: Row) -> tuple[str, paths.Steps]:
    """A row's object and full path, with `*` for any item of a group's list."""
    place = paths.parse(row.path)
    if not row.group:
        return place.object, place.steps
    kind, above = pattern(GROUPS[row.group])
    return kind, (*above, "*", *place.steps)


def _starred(steps: paths.Steps) -> paths.Steps:
    return tuple("*" if isinstance(step, int) else step for step in steps)


_BY_PATTERN: dict[tuple[str, paths.Steps], Row] = {
    (kind, _starred(steps)): row for row in ROWS for kind, steps in [pattern(row)]
}


def at(place: paths.Place) -> Row | None:
    """The row that edits `place`: a field; a group for its list or map, for a map's entry and for a list's bare text."""
    steps = _starred(place.steps)
    found = _BY_PATTERN.get((place.object, steps))
    if found is None and steps:
        above = _BY_PATTERN.get((place.object, steps[:-1]))
        found = above if isinstance(above, Group) and above.shape in {"map", "strings"} else None
    return found
