"""What is sent to both clusters: manifests of the project's own, and the corpus where there is one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from stswidgets.simulator.kinds.registry import REGISTRY

Json = dict[str, Any]

OWN = Path(__file__).with_name("manifests")
SERVED = {(kind.api_version, kind.kind) for kind in REGISTRY.kinds}


def title(manifest: Json) -> str:
    """What tests call a manifest."""
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


def _read(folder: Path) -> dict[str, Json]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        for number, document in enumerate(yaml.safe_load_all(path.read_text())):
            if document and (document["apiVersion"], document["kind"]) in SERVED:
                document["metadata"].pop("namespace", None)  # the test has one of its own
                found[f"{path.stem} {number} {title(document)}"] = document
    return found


def own() -> dict[str, Json]:
    """Manifests by title: every kind that the simulator serves, with as many of its fields as go together."""
    return {title(manifest): manifest for manifest in _read(OWN).values()}


LAST = ("ResourceQuota", "LimitRange")
"""Kinds that have a say about those that are stored after them."""


UNSTORED = ("Node/", "Event/newer")
"""Nodes are changed all the time by what runs them; the simulator changes events by the core group's rules alone."""


def stored() -> list[Json]:
    """Manifests of the project's own to update, in an order in which all of them can be stored."""
    changing = [manifest for name, manifest in own().items() if not name.startswith(UNSTORED)]
    return sorted(changing, key=lambda manifest: manifest["kind"] in LAST)


def corpus() -> dict[str, Json]:
    """The documents of the folder that STSWIDGETS_CORPUS names, of kinds that are served; empty without it."""
    folder = os.environ.get("STSWIDGETS_CORPUS")
    return _read(Path(folder)) if folder else {}
