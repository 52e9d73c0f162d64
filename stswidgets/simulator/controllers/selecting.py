"""Label selectors in objects: `matchLabels` with `matchExpressions` (apimachinery `meta/v1/helpers.go`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def matches(selector: Json | None, labels: Mapping[str, str]) -> bool:
    """Whether labels fit a LabelSelector. No selector fits nothing, an empty one everything."""
    if selector is None:
        return False
    return has_all(selector.get("matchLabels") or {}, labels) and all(
        _fits(expression, labels) for expression in selector.get("matchExpressions") or []
    )


def has_all(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether all pairs of a plain selector (a Service's, say) are among the labels."""
    return all(labels.get(key) == value for key, value in wanted.items())


def _fits(expression: Json, labels: Mapping[str, str]) -> bool:
    key, operator, values = expression["key"], expression["operator"], expression.get("values") or []
    if operator == "In":
        return labels.get(key) in values
    if operator == "NotIn":
        return labels.get(key) not in values
    if operator == "Exists":
        return key in labels
    return key not in labels  # DoesNotExist
