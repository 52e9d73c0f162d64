"""The table of types as nodes that decoding and patches walk.

    node("io.k8s.api.apps.v1.StatefulSet").fields["spec"].node.fields["template"]

Made on first use, one definition at a time, from `definitions.json.gz`.
"""

from __future__ import annotations

import functools
import gzip
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import structs

Schema = dict[str, Any]
NodeKind = Literal["struct", "list", "map", "string", "integer", "number", "boolean", "any"]

TABLE = Path(__file__).with_name("definitions.json.gz")
REFERENCE = "#/components/schemas/"

FORMATS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "micro-time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "raw",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "raw",
}
"""Types that Kubernetes reads and writes by code of their own; a node's `format` names the rule."""

TOLD_APART = frozenset({("io.k8s.api.autoscaling.v2.HPAScalingRules", "policies")})
"""Fields whose empty list means something else than none, though JSON leaves both out: defaults fill in none alone."""


class Node(msgspec.Struct, frozen=True):
    """A type. What does not apply to its `kind` is empty.

    kind         struct (named fields), list, map (any key), a scalar, or any (left as it is)
    go           the type as Go prints it (`v1.PullPolicy`, `[]string`)
    definition   a struct's name in the table
    format       int32, int64, double, byte, quantity, int-or-string, time, micro-time, raw
    item         what a list or map holds
    list_type    atomic (replaced as a whole), set, map (items told apart by `keys`)
    map_type     atomic (replaced as a whole) or granular; of structs as well
    merge_key    strategic merge patch: the key that tells a list's items apart
    strategies   strategic merge patch: merge, replace, retainKeys
    """

    kind: NodeKind
    go: str = ""
    definition: str = ""
    format: str = ""
    fields: dict[str, Field] = {}
    item: Node | None = None
    list_type: str = ""
    keys: tuple[str, ...] = ()
    map_type: str = ""
    merge_key: str = ""
    strategies: frozenset[str] = frozenset()

    @property
    def atomic(self) -> bool:
        """Whether the value has one owner as a whole (server-side apply)."""
        if self.kind == "list":
            return self.list_type not in ("map", "set")
        if self.kind in ("struct", "map"):
            return self.map_type == "atomic"
        return True


class Field(msgspec.Struct, frozen=True):
    """A field of a struct.

    pointer      absent and zero are different things
    omit_empty   an empty value is left out of JSON     omit_zero: a zero struct is left out
    told_apart   an empty list is kept nevertheless: the kind's rules see it, and refuse it
    embedded     the Go structs on the way (`VolumeSource`), which errors name
    default      the declarative default of the schema, None if there is none (merge keys of lists depend on it)
    """

    name: str
    node: Node
    pointer: bool = False
    omit_empty: bool = False
    omit_zero: bool = False
    told_apart: bool = False
    embedded: str = ""
    default: Any = None


@functools.cache
def table() -> dict[str, Any]:
    """The table as generated: `definitions` (OpenAPI v3 schemas without descriptions) and `go` (struct tags)."""
    loaded: dict[str, Any] = msgspec.json.decode(gzip.decompress(TABLE.read_bytes()))
    return loaded


def definitions() -> dict[str, Schema]:
    """All definitions by name, in OpenAPI v3's form. Not to be changed."""
    found: dict[str, Schema] = table()["definitions"]
    return found


@functools.cache
def node(definition: str) -> Node:
    """The type of a definition. KeyError if the table does not have it."""
    schema = definitions()[definition]
    go = ".".join(definition.rsplit(".", 2)[-2:])
    if definition in FORMATS:
        kind: NodeKind = "any" if FORMATS[definition] == "raw" else "string"
        return Node(kind, go=go, definition=definition, format=FORMATS[definition], map_type="atomic")
    if "properties" not in schema:
        return _inline(schema, go, definition)
    tags: dict[str, list[str]] = table()["go"].get(definition, {})
    properties: dict[str, Schema] = schema["properties"]
    names = [name for name in tags if name in properties] or sorted(properties)
    fields = {
        name: _field(name, properties[name], tags.get(name, ["", "", ""]), told_apart=(definition, name) in TOLD_APART)
        for name in names
    }
    return Node("struct", go=go, definition=definition, fields=fields, map_type=schema.get("x-kubernetes-map-type", ""))


def _field(name: str, schema: Schema, tag: list[str], *, told_apart: bool) -> Field:
    go, flags, embedded = tag
    return Field(
        name=name,
        node=_property(schema, go),
        pointer="p" in flags,
        omit_empty="o" in flags,
        omit_zero="z" in flags,
        told_apart=told_apart,
        embedded=embedded,
        default=schema.get("default"),
    )


def _property(schema: Schema, go: str) -> Node:
    """The type of a property: a reference, with what the property itself says about merging, or a type in place."""
    reference = schema.get("$ref") or next((part["$ref"] for part in schema.get("allOf", ()) if "$ref" in part), "")
    if not reference:
        return _inline(schema, go, "")
    named = node(reference.removeprefix(REFERENCE))
    return structs.replace(
        named,
        go=go or named.go,
        map_type=schema.get("x-kubernetes-map-type", named.map_type),
        strategies=_strategies(schema),
        merge_key=schema.get("x-kubernetes-patch-merge-key", ""),
    )


def _strategies(schema: Schema) -> frozenset[str]:
    text: str = schema.get("x-kubernetes-patch-strategy", "")
    return frozenset(text.split(",")) if text else frozenset()


def _inline(schema: Schema, go: str, definition: str) -> Node:
    kind = schema.get("type", "")
    if kind == "array":
        return Node(
            "list",
            go=go,
            item=_property(schema["items"], go.removeprefix("[]")),
            list_type=schema.get("x-kubernetes-list-type", ""),
            keys=tuple(schema.get("x-kubernetes-list-map-keys", ())),
            merge_key=schema.get("x-kubernetes-patch-merge-key", ""),
            strategies=_strategies(schema),
        )
    if kind == "object" and "additionalProperties" in schema:
        item = _property(schema["additionalProperties"], go.partition("]")[2])
        return Node(
            "map", go=go, item=item, map_type=schema.get("x-kubernetes-map-type", ""), strategies=_strategies(schema)
        )
    if kind in ("string", "integer", "number", "boolean"):
        return Node(kind, go=go, definition=definition, format=schema.get("format", ""))
    return Node("any", go=go, definition=definition, map_type="atomic")
