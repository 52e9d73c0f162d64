"""The form's table: every field is one row. It drives form, typing, validation, translation and documentation.

A row's `path` is relative to an item of its `group`, or absolute where it has none; rows are shown in the order in
which they stand here. Words are in the catalog `fields`: `fields.ID` (label), `.help`, `.example`, `.CHOICE` for a
choice, `.add` for a group's button. `words` borrows another row's words.
"""

from __future__ import annotations

from typing import Any

from stswidgets.domain.rows import Field, Group, Row

SECTIONS = ("basics", "pods", "storage", "network", "updates", "metadata")

# Annotations that have a field of their own: the map does not show them again.
OWN_ANNOTATIONS = ("kubesphere.io/alias-name", "kubesphere.io/description")

_PROTOCOLS: dict[str, Any] = {"kind": "choice", "choices": ("TCP", "UDP", "SCTP"), "default": "TCP", "advanced": True}
_RETAIN: dict[str, Any] = {"kind": "choice", "choices": ("Retain", "Delete"), "default": "Retain", "advanced": True}
_COUNT: dict[str, Any] = {"kind": "integer", "rules": ("non_negative",)}
_PORT: dict[str, Any] = {"kind": "integer", "required": True, "rules": ("port",)}


def _basics() -> tuple[Row, ...]:
    alias, description = (f"metadata.annotations[{name}]" for name in OWN_ANNOTATIONS)
    here: dict[str, Any] = {"section": "basics"}
    return (
        Field(id="name", path="metadata.name", required=True, rules=("set_name",), immutable=True, half=False, **here),
        Field(id="namespace", path="metadata.namespace", rules=("dns_label",), immutable=True, **here),
        Field(id="alias", path=alias, rules=("alias",), **here),
        Field(id="description", path=description, kind="multiline", rules=("at_most_256",), half=False, **here),
    )


def _containers(group: str, path: str, *, advanced: bool) -> tuple[Row, ...]:
    """The rows of a list of containers; init containers have the same, under ids of their own."""
    one = group.removesuffix("s")

    def field(name: str, path: str, **rest: Any) -> Field:
        return Field(id=f"{one}.{name}", section="pods", group=group, path=path, words=f"container.{name}", **rest)

    def below(name: str, path: str, **rest: Any) -> Field:
        owner = f"{one}.{name.partition('.')[0]}s"
        return Field(id=f"{one}.{name}", section="pods", group=owner, path=path, words=f"container.{name}", **rest)

    def many(name: str, path: str, **rest: Any) -> Group:
        return Group(id=f"{one}.{name}", section="pods", group=group, path=path, words=f"container.{name}", **rest)

    def amount(name: str, path: str, *suggestions: str) -> Field:
        return field(name, f"resources.{path}", kind="quantity", rules=("quantity",), suggestions=suggestions)

    pull = ("IfNotPresent", "Always", "Never")
    return (
        Group(id=group, section="pods", path=path, shape="list", new={"name": "*container"}, advanced=advanced),
        field("name", "name", required=True, rules=("dns_label",)),
        field("image", "image", required=True, rules=("image",)),
        field("pull_policy", "imagePullPolicy", kind="choice", choices=pull, advanced=True),
        many("ports", "ports", shape="list", new={"name": "*tcp", "protocol": "TCP"}),
        below("port.name", "name", rules=("port_name",)),
        below("port.number", "containerPort", **_PORT),
        below("port.protocol", "protocol", **_PROTOCOLS),
        amount("cpu_request", "requests.cpu", "100m", "250m", "500m", "1", "2"),
        amount("cpu_limit", "limits.cpu", "500m", "1", "2", "4"),
        amount("memory_request", "requests.memory", "128Mi", "512Mi", "1Gi", "4Gi"),
        amount("memory_limit", "limits.memory", "256Mi", "1Gi", "2Gi", "8Gi"),
        many("envs", "env", shape="list", new={"name": ""}),
        below("env.name", "name", required=True, rules=("environment_name",)),
        below("env.value", "value", keeps_empty=True),
        many("mounts", "volumeMounts", shape="list", new={"name": "", "mountPath": ""}, title="mountPath"),
        below("mount.name", "name", required=True),
        below("mount.path", "mountPath", required=True, rules=("mount_path",)),
        below("mount.sub_path", "subPath", rules=("sub_path",), advanced=True),
        below("mount.read_only", "readOnly", kind="boolean", default="false", advanced=True),
        many("command", "command", shape="strings", new="", advanced=True),
        many("args", "args", shape="strings", new="", advanced=True),
    )


def _pods() -> tuple[Row, ...]:
    pod = "spec.template.spec"
    grace = f"{pod}.terminationGracePeriodSeconds"
    return (
        Field(id="replicas", section="pods", path="spec.replicas", default="1", **_COUNT),
        *_containers("containers", f"{pod}.containers", advanced=False),
        *_containers("init_containers", f"{pod}.initContainers", advanced=True),
        Field(id="grace_period", section="pods", path=grace, default="30", unit="s", advanced=True, **_COUNT),
    )


def _storage() -> tuple[Row, ...]:
    claim: dict[str, Any] = {"section": "storage", "group": "claims", "immutable": True}
    new_spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}}
    modes = ("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany")
    retention = "spec.persistentVolumeClaimRetentionPolicy"
    return (
        Group(
            id="claims",
            section="storage",
            path="spec.volumeClaimTemplates",
            shape="list",
            new={"metadata": {"name": "*data"}, "spec": new_spec},
            title="metadata.name",
            immutable=True,
        ),
        Field(id="claim.name", path="metadata.name", required=True, rules=("dns_label",), **claim),
        Field(
            id="claim.size",
            path="spec.resources.requests.storage",
            kind="quantity",
            required=True,
            rules=("positive_quantity",),
            suggestions=("1Gi", "10Gi", "50Gi", "100Gi"),
            **claim,
        ),
        Field(id="claim.storage_class", path="spec.storageClassName", rules=("subdomain",), **claim),
        Field(id="claim.access_mode", path="spec.accessModes[0]", kind="choice", choices=modes, required=True, **claim),
        Field(id="when_deleted", section="storage", path=f"{retention}.whenDeleted", **_RETAIN),
        Field(id="when_scaled", section="storage", path=f"{retention}.whenScaled", **_RETAIN),
    )


def _network() -> tuple[Row, ...]:
    new_port = {"name": "*tcp", "protocol": "TCP"}
    port: dict[str, Any] = {"section": "network", "group": "service_ports"}
    addresses = "service:spec.publishNotReadyAddresses"
    return (
        Field(id="service_name", section="network", path="spec.serviceName", rules=("dns_label",), immutable=True),
        Group(id="service_ports", section="network", path="service:spec.ports", shape="list", new=new_port),
        Field(id="service_port.name", path="name", rules=("dns_label",), **port),
        Field(id="service_port.port", path="port", **port, **_PORT),
        Field(
            id="service_port.target",
            path="targetPort",
            kind="int_or_text",
            rules=("target_port",),
            advanced=True,
            **port,
        ),
        Field(id="service_port.protocol", path="protocol", **port, **_PROTOCOLS),
        Field(
            id="publish_not_ready", section="network", path=addresses, kind="boolean", default="false", advanced=True
        ),
    )


def _updates() -> tuple[Row, ...]:
    here: dict[str, Any] = {"section": "updates"}
    rolling, policies = "spec.updateStrategy.rollingUpdate", ("OrderedReady", "Parallel")
    kinds = ("RollingUpdate", "OnDelete")
    return (
        Field(
            id="update_strategy",
            path="spec.updateStrategy.type",
            kind="choice",
            choices=kinds,
            default=kinds[0],
            **here,
        ),
        Field(id="partition", path=f"{rolling}.partition", default="0", **_COUNT, **here),
        Field(
            id="max_unavailable",
            path=f"{rolling}.maxUnavailable",
            kind="int_or_text",
            default="1",
            rules=("max_unavailable",),
            advanced=True,
            **here,
        ),
        Field(
            id="pod_management_policy",
            path="spec.podManagementPolicy",
            kind="choice",
            choices=policies,
            default=policies[0],
            immutable=True,
            **here,
        ),
        Field(id="min_ready", path="spec.minReadySeconds", default="0", unit="s", advanced=True, **_COUNT, **here),
        Field(id="history_limit", path="spec.revisionHistoryLimit", default="10", advanced=True, **_COUNT, **here),
        Field(id="first_ordinal", path="spec.ordinals.start", default="0", advanced=True, **_COUNT, **here),
    )


def _metadata() -> tuple[Row, ...]:
    labels: dict[str, Any] = {"section": "metadata", "shape": "map", "rules": ("labels",)}
    notes: dict[str, Any] = {"section": "metadata", "shape": "map", "rules": ("annotations",)}
    return (
        Group(id="labels", path="metadata.labels", **labels),
        Group(id="pod_labels", path="spec.template.metadata.labels", **labels),
        Group(id="selector", path="spec.selector.matchLabels", immutable=True, advanced=True, **labels),
        Group(id="annotations", path="metadata.annotations", **notes),
        Group(id="pod_annotations", path="spec.template.metadata.annotations", advanced=True, **notes),
    )


ROWS: tuple[Row, ...] = (*_basics(), *_pods(), *_storage(), *_network(), *_updates(), *_metadata())
