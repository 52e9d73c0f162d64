"""Rules of kinds whose metadata is all that is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stswidgets.simulator.kinds.rules import metadata
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.kinds.rules.metadata import NameRule

Json = dict[str, Any]
Rule = Callable[[Json], Causes]


def new(name_rule: NameRule, *rules: Rule, namespaced: bool = True) -> Rule:
    """A kind's `validate`: metadata, then `rules`."""

    def validate(obj: Json) -> Causes:
        found = metadata.check(obj, name_rule, namespaced=namespaced)
        return [*found, *(cause for rule in rules for cause in rule(obj))]

    return validate


def last(name_rule: NameRule, *rules: Rule) -> Rule:
    """A `validate` that looks at metadata only where `rules` find nothing."""

    def validate(obj: Json) -> Causes:
        return [cause for rule in rules for cause in rule(obj)] or metadata.check(obj, name_rule, namespaced=True)

    return validate


def changed(*rules: Rule) -> Callable[[Json, Json, str], Causes]:
    """A kind's `validate_update`: metadata, then the same `rules` on the new object."""

    def validate(new: Json, old: Json, _subresource: str) -> Causes:
        found = metadata.check_update(new, old)
        return [*found, *(cause for rule in rules for cause in rule(new))]

    return validate
