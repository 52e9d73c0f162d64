"""Rules about metadata, labels and selectors."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from stswidgets.simulator.kinds.rules import causes, names
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]
NameRule = Callable[[str], list[str]]

ANNOTATIONS_LIMIT = 256 * 1024
STANDARD_FINALIZERS = frozenset({"kubernetes", "orphan", "foregroundDeletion"})


def labels(pairs: Mapping[str, str] | None, path: str) -> Causes:
    """Keys and values of labels."""
    found: Causes = []
    for key, value in (pairs or {}).items():
        if not _is_label(key, value):
            found += causes.all_of(path, key, names.label_key(key))
            found += causes.all_of(path, value, names.label_value(value))
    return found


@functools.lru_cache(maxsize=8192)
def _is_label(key: str, value: str) -> bool:
    """Whether nothing is wrong with a label; remembered, as each write of each object asks."""
    return not names.label_key(key) and not names.label_value(value)


def annotation_keys(pairs: Mapping[str, str] | None, path: str) -> Causes:
    """Keys of annotations, whose case does not matter, and their size."""
    found: Causes = []
    for key in pairs or {}:
        lower = key.lower()
        if not _is_label(lower, ""):
            found += causes.all_of(path, key, names.label_key(lower))
    size = sum(len(key.encode()) + len(value.encode()) for key, value in (pairs or {}).items())
    if size > ANNOTATIONS_LIMIT:
        found.append(causes.too_long(path, ANNOTATIONS_LIMIT))
    return found


def owners(references: list[Json] | None, path: str) -> Causes:
    """Owner references are whole, and one of them at most is the controller."""
    found = []
    controller = ""
    for index, owner in enumerate(references or ()):
        here = f"{path}[{index}]"
        found += [
            causes.required(f"{here}.{key}", "must not be empty")
            for key in ("apiVersion", "kind", "name", "uid")
            if not owner.get(key)
        ]
        if owner.get("controller"):
            name = f"{owner.get('kind')}/{owner.get('name')}"
            if controller:
                text = "Only one reference can have Controller set to true. Found"
                detail = f'{text} "true" in references for {controller} and {name}'
                found.append(causes.invalid(path, references, detail))
            controller = controller or name
    return found


def finalizers(values: list[str] | None, path: str) -> Causes:
    """Finalizers are qualified names."""
    found: Causes = []
    for index, value in enumerate(values or ()):
        messages = names.label_key(value)
        found += causes.all_of(path, value, messages)
        if "/" not in value and value not in STANDARD_FINALIZERS:
            text = "name is neither a standard finalizer name nor is it fully qualified"
            found.append(causes.invalid(f"{path}[{index}]", value, text))
    return found


def check(obj: Json, name_rule: NameRule, *, namespaced: bool) -> Causes:
    """metadata of a new object."""
    metadata = obj["metadata"]
    found: Causes = []
    prefix = metadata.get("generateName", "")
    if prefix:
        found += causes.all_of("metadata.generateName", prefix, name_rule(names.masked(prefix)))
    name = metadata.get("name", "")
    if not name:
        found.append(causes.required("metadata.name", "name or generateName is required"))
    else:
        found += causes.all_of("metadata.name", name, name_rule(name))
    namespace = metadata.get("namespace", "")
    if namespaced:
        if not namespace:
            found.append(causes.required("metadata.namespace"))
        else:
            found += causes.all_of("metadata.namespace", namespace, names.dns_label(namespace))
    elif namespace:
        found.append(causes.forbidden("metadata.namespace", "not allowed on this type"))
    return [
        *found,
        *_common(metadata),
        *finalizers(metadata.get("finalizers"), "metadata.finalizers"),
    ]


def _common(metadata: Json) -> Causes:
    return [
        *labels(metadata.get("labels"), "metadata.labels"),
        *annotation_keys(metadata.get("annotations"), "metadata.annotations"),
        *owners(metadata.get("ownerReferences"), "metadata.ownerReferences"),
    ]


def check_update(new: Json, old: Json) -> Causes:
    """metadata of a changed object."""
    after, before = new["metadata"], old["metadata"]
    found: Causes = []
    if before.get("deletionTimestamp"):
        extra = sorted(set(after.get("finalizers") or ()) - set(before.get("finalizers") or ()))
        if extra:
            listed = "[]string{" + ", ".join(f'"{name}"' for name in extra) + "}"
            text = "no new finalizers can be added if the object is being deleted, found new finalizers"
            found.append(causes.forbidden("metadata.finalizers", f"{text} {listed}"))
    for key in ("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"):
        if key in after or key in before:
            found += causes.immutable(f"metadata.{key}", after.get(key), before.get(key))
    return [*found, *_common(after), *finalizers(after.get("finalizers"), "metadata.finalizers")]


def selector(value: Json | None, path: str) -> Causes:
    """A label selector."""
    if value is None:
        return []
    found = labels(value.get("matchLabels"), f"{path}.matchLabels")
    for index, expression in enumerate(value.get("matchExpressions") or ()):
        found += requirement(expression, f"{path}.matchExpressions[{index}]")
    return found


def requirement(expression: Json, path: str, *, numbers: bool = False, values: bool = True) -> Causes:
    """One expression of a selector.

    `numbers` allows Gt and Lt, as in node affinity; without `values`, the values may be anything.
    """
    operator, given = expression.get("operator", ""), expression.get("values") or []
    found: Causes = []
    if operator in ("In", "NotIn"):
        if not given:
            found.append(causes.required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'"))
    elif operator in ("Exists", "DoesNotExist"):
        if given:
            text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            found.append(causes.forbidden(f"{path}.values", text))
    elif numbers and operator in ("Gt", "Lt"):
        if len(given) != 1:
            text = "must be specified single value when `operator` is 'Lt' or 'Gt'"
            found.append(causes.required(f"{path}.values", text))
    else:
        found.append(causes.invalid(f"{path}.operator", operator, "not a valid selector operator", typed=True))
    key = expression.get("key", "")
    found += causes.all_of(f"{path}.key", key, names.label_key(key))
    for index, value in enumerate(given if values else ()):
        found += causes.all_of(f"{path}.values[{index}]", value, names.label_value(value))
    return found
