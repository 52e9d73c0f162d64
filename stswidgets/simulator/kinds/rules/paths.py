"""Rules about paths, file modes and user ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stswidgets.simulator.kinds.rules import causes, names
from stswidgets.simulator.kinds.rules.causes import Causes

MODE = "must be a number between 0 and 0777 (octal), both inclusive"
STICKY_MODE = "must be a number between 0 and 01777 (octal), both inclusive"
ID_LIMIT = 2**31 - 1


def no_backsteps(path: str, field: str) -> Causes:
    """No `..` on the way."""
    return [causes.invalid(field, path, "must not contain '..'")] if ".." in path.split("/") else []


def descending(path: str, field: str) -> Causes:
    """A relative path that stays below."""
    found = [causes.invalid(field, path, "must be a relative path")] if path.startswith("/") else []
    return [*found, *no_backsteps(path, field)]


def not_reserved(path: str, field: str) -> Causes:
    """A relative path that stays below and does not begin with two dots."""
    found = descending(path, field)
    if path.startswith("..") and not path.startswith("../"):
        found.append(causes.invalid(field, path, "must not start with '..'"))
    return found


def mode(source: Mapping[str, Any], key: str, path: str) -> Causes:
    """A file's mode."""
    value = source.get(key)
    return [] if value is None or 0 <= value <= 0o777 else [causes.invalid(f"{path}.{key}", value, MODE)]


def user(source: Mapping[str, Any], key: str, path: str) -> Causes:
    """The id of a user or group."""
    value = source.get(key)
    if value is None or 0 <= value <= ID_LIMIT:
        return []
    return [causes.invalid(f"{path}.{key}", value, names.between(0, ID_LIMIT))]
