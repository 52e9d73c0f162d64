"""Scenarios of people's own: a Python file that holds one `stage.Scenario`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from stswidgets.simulator.scenarios import stage


class BadFile(ValueError):  # noqa: N818 - it names what is bad
    """A file that holds no scenario, or several, or cannot be run; the text says which and why."""


def read(path: Path) -> stage.Scenario:
    """The scenario of a file, which is run. BadFile if there is not exactly one."""
    spec = importlib.util.spec_from_file_location("stswidgets_scenario", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise BadFile(f"there is no scenario file {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses in the file look for their module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise BadFile(f"the scenario file {path} fails: {type(error).__name__}: {error}") from error
    found = {id(item): item for item in vars(module).values() if isinstance(item, stage.Scenario)}
    if len(found) != 1:
        raise BadFile(f"the scenario file {path} holds {len(found)} scenarios instead of one")
    return next(iter(found.values()))
