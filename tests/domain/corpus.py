"""Manifests to test with: those beside this file, and all of the folder that STSWIDGETS_CORPUS names."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator
from typing import Any

from stswidgets.domain import paths

OWN = pathlib.Path(__file__).parent / "manifests"


def files() -> list[pathlib.Path]:
    found = sorted(OWN.glob("*.yaml"))
    if folder := os.environ.get("STSWIDGETS_CORPUS"):
        found += sorted(pathlib.Path(folder).glob("*.yaml"))
    return found


def leaves(tree: Any, steps: paths.Steps = ()) -> Iterator[tuple[paths.Steps, Any]]:
    """All scalars of `tree` with where they stand."""
    if isinstance(tree, dict):
        for key, below in tree.items():
            yield from leaves(below, (*steps, key))
    elif isinstance(tree, list):
        for at, below in enumerate(tree):
            yield from leaves(below, (*steps, at))
    else:
        yield steps, tree
