"""Request bodies in Kubernetes' protobuf envelope, for the few kinds that kubectl sends in no other way.

The envelope is `k8s\\0` and a runtime.Unknown (k8s.io/apimachinery `pkg/runtime/generated.proto`); the field numbers
are those of the `generated.proto` files of k8s.io/api. Answers are JSON: clients accept it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from stswidgets.simulator import status

Json = dict[str, Any]

_MAGIC = b"k8s\0"

# A message: field number -> (name, type). Types: str, int, bool, [str], {str}, or the name of another message;
# a list around a message name says that it repeats.
_MESSAGES: dict[str, dict[int, tuple[str, str]]] = {
    "ObjectMeta": {
        1: ("name", "str"), 2: ("generateName", "str"), 3: ("namespace", "str"), 5: ("uid", "str"),
        6: ("resourceVersion", "str"), 11: ("labels", "{str}"), 12: ("annotations", "{str}"),
    },
    "SelfSubjectAccessReview": {1: ("metadata", "ObjectMeta"), 2: ("spec", "AccessSpec")},
    "AccessSpec": {
        1: ("resourceAttributes", "ResourceAttributes"), 2: ("nonResourceAttributes", "NonResourceAttributes"),
    },
    "ResourceAttributes": {
        1: ("namespace", "str"), 2: ("verb", "str"), 3: ("group", "str"), 4: ("version", "str"), 5: ("resource", "str"),
        6: ("subresource", "str"), 7: ("name", "str"),
    },
    "NonResourceAttributes": {1: ("path", "str"), 2: ("verb", "str")},
    "SelfSubjectRulesReview": {1: ("metadata", "ObjectMeta"), 2: ("spec", "RulesSpec")},
    "RulesSpec": {1: ("namespace", "str")},
    "SelfSubjectReview": {1: ("metadata", "ObjectMeta")},
    "Namespace": {1: ("metadata", "ObjectMeta")},
    "ConfigMap": {
        1: ("metadata", "ObjectMeta"), 2: ("data", "{str}"), 3: ("binaryData", "{bytes}"), 4: ("immutable", "bool"),
    },
    "Secret": {
        1: ("metadata", "ObjectMeta"), 2: ("data", "{bytes}"), 3: ("type", "str"), 4: ("stringData", "{str}"),
        5: ("immutable", "bool"),
    },
    "ServiceAccount": {1: ("metadata", "ObjectMeta")},
    "Service": {1: ("metadata", "ObjectMeta"), 2: ("spec", "ServiceSpec")},
    "ServiceSpec": {
        1: ("ports", "[ServicePort]"), 2: ("selector", "{str}"), 3: ("clusterIP", "str"), 4: ("type", "str"),
        10: ("externalName", "str"),
    },
    "ServicePort": {
        1: ("name", "str"), 2: ("protocol", "str"), 3: ("port", "int"), 4: ("targetPort", "IntOrString"),
        5: ("nodePort", "int"),
    },
    "Eviction": {1: ("metadata", "ObjectMeta"), 2: ("deleteOptions", "DeleteOptions")},
    "ResourceQuota": {1: ("metadata", "ObjectMeta"), 2: ("spec", "ResourceQuotaSpec")},
    "ResourceQuotaSpec": {1: ("hard", "{Quantity}"), 2: ("scopes", "[str]")},
    "Role": {1: ("metadata", "ObjectMeta"), 2: ("rules", "[PolicyRule]")},
    "ClusterRole": {1: ("metadata", "ObjectMeta"), 2: ("rules", "[PolicyRule]")},
    "PolicyRule": {
        1: ("verbs", "[str]"), 2: ("apiGroups", "[str]"), 3: ("resources", "[str]"), 4: ("resourceNames", "[str]"),
        5: ("nonResourceURLs", "[str]"),
    },
    "RoleBinding": {1: ("metadata", "ObjectMeta"), 2: ("subjects", "[Subject]"), 3: ("roleRef", "RoleRef")},
    "ClusterRoleBinding": {1: ("metadata", "ObjectMeta"), 2: ("subjects", "[Subject]"), 3: ("roleRef", "RoleRef")},
    "Subject": {1: ("kind", "str"), 2: ("apiGroup", "str"), 3: ("name", "str"), 4: ("namespace", "str")},
    "RoleRef": {1: ("apiGroup", "str"), 2: ("kind", "str"), 3: ("name", "str")},
    "PodDisruptionBudget": {1: ("metadata", "ObjectMeta"), 2: ("spec", "BudgetSpec")},
    "BudgetSpec": {
        1: ("minAvailable", "IntOrString"), 2: ("selector", "LabelSelector"), 3: ("maxUnavailable", "IntOrString"),
        4: ("unhealthyPodEvictionPolicy", "str"),
    },
    "LabelSelector": {1: ("matchLabels", "{str}"), 2: ("matchExpressions", "[LabelSelectorRequirement]")},
    "LabelSelectorRequirement": {1: ("key", "str"), 2: ("operator", "str"), 3: ("values", "[str]")},
    "PriorityClass": {
        1: ("metadata", "ObjectMeta"), 2: ("value", "int"), 3: ("globalDefault", "bool"), 4: ("description", "str"),
        5: ("preemptionPolicy", "str"),
    },
    "HorizontalPodAutoscaler": {1: ("metadata", "ObjectMeta"), 2: ("spec", "AutoscalerSpec")},
    "AutoscalerSpec": {
        1: ("scaleTargetRef", "CrossVersionObjectReference"), 2: ("minReplicas", "int"), 3: ("maxReplicas", "int"),
        4: ("metrics", "[MetricSpec]"),
    },
    "CrossVersionObjectReference": {1: ("kind", "str"), 2: ("name", "str"), 3: ("apiVersion", "str")},
    "MetricSpec": {1: ("type", "str"), 4: ("resource", "ResourceMetricSource")},
    "ResourceMetricSource": {1: ("name", "str"), 2: ("target", "MetricTarget")},
    "MetricTarget": {
        1: ("type", "str"), 2: ("value", "Quantity"), 3: ("averageValue", "Quantity"), 4: ("averageUtilization", "int"),
    },
    "TokenReview": {1: ("metadata", "ObjectMeta"), 2: ("spec", "TokenReviewSpec")},
    "TokenReviewSpec": {1: ("token", "str"), 2: ("audiences", "[str]")},
    "TokenRequest": {1: ("metadata", "ObjectMeta"), 2: ("spec", "TokenRequestSpec")},
    "TokenRequestSpec": {1: ("audiences", "[str]"), 4: ("expirationSeconds", "int")},
    "DeleteOptions": {1: ("gracePeriodSeconds", "int"), 4: ("propagationPolicy", "str"), 5: ("dryRun", "[str]")},
}  # fmt: skip


def decode(body: bytes) -> Json:
    """The object in an envelope. 415 for kinds that are not in the table, 400 for what is no envelope."""
    if not body.startswith(_MAGIC):
        raise status.bad_request("provided data does not appear to be a protobuf message, expected prefix 'k8s\\x00'")
    try:
        kind = {"apiVersion": "", "kind": ""}
        raw = b""
        for number, value in _fields(body[len(_MAGIC) :]):
            if number == 1 and isinstance(value, bytes):
                for inner, text in _fields(value):
                    if isinstance(text, bytes):
                        kind["apiVersion" if inner == 1 else "kind"] = text.decode()
            elif number == 2 and isinstance(value, bytes):
                raw = value
        if kind["kind"] not in _MESSAGES:
            raise status.unsupported_media_type(["application/json", "application/yaml"])
        return {**kind, **_message(kind["kind"], raw)}
    except (IndexError, UnicodeDecodeError, ValueError) as error:
        raise status.bad_request(f"unable to decode protobuf: {error}") from error


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        wire = key & 7
        if wire == 0:
            number, at = _varint(data, at)
            yield key >> 3, number
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
            yield key >> 3, data[at : at + size]
            at += size
        elif wire == 2:
            length, at = _varint(data, at)
            if at + length > len(data):
                raise ValueError("unexpected EOF")
            yield key >> 3, data[at : at + length]
            at += length
        else:
            raise ValueError(f"proto: illegal wireType {wire}")


def _message(name: str, data: bytes) -> Any:
    if name == "IntOrString":
        return _int_or_string(data)
    if name == "Quantity":
        return _value("str", dict(_fields(data)).get(1, b""))
    made: Json = {}
    for number, value in _fields(data):
        if number not in _MESSAGES[name]:
            continue
        field, kind = _MESSAGES[name][number]
        if kind.startswith("["):
            made.setdefault(field, []).append(_value(kind[1:-1], value))
        elif kind.startswith("{"):
            key, content = _entry(kind[1:-1], value)
            made.setdefault(field, {})[key] = content
        else:
            made[field] = _value(kind, value)
    return made


def _value(kind: str, value: int | bytes) -> Any:
    if kind == "int":
        number = value if isinstance(value, int) else 0
        return number - (1 << 64) if number >> 63 else number
    if kind == "bool":
        return bool(value)
    if not isinstance(value, bytes):
        raise ValueError(f"proto: wrong wireType for field of type {kind}")
    if kind == "str":
        return value.decode()
    if kind == "bytes":
        return base64.b64encode(value).decode()
    return _message(kind, value)


def _entry(kind: str, value: int | bytes) -> tuple[str, Any]:
    key, content = "", _value(kind, b"")
    for number, part in _fields(value if isinstance(value, bytes) else b""):
        if number == 1 and isinstance(part, bytes):
            key = part.decode()
        elif number == 2:
            content = _value(kind, part)
    return key, content


def _int_or_string(data: bytes) -> Any:
    parts = dict(_fields(data))
    text = parts.get(3, b"")
    if parts.get(1) == 1:
        return text.decode() if isinstance(text, bytes) else ""
    return parts.get(2, 0)
