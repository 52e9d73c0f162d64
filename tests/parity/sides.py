"""The two clusters that are asked the same, and what differs in what they say."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contract import waiting
from tests.contract.client import Client, path_of
from tests.parity import asking, manifests

Json = dict[str, Any]


@contextmanager
def space(kubeconfig: Path, name: str, *, stored: bool) -> Iterator[asking.Cluster]:
    """A cluster with a namespace of this name; `stored`: with the manifests that updates are made of."""
    cluster = asking.Cluster(Client(kubeconfig), name)
    cluster.client.request("POST", path_of("namespaces"), {"metadata": {"name": name}}).ok()
    waiting.until(lambda: cluster.client.request("GET", path_of("serviceaccounts", name, "default")).code == 200)
    kept = manifests.stored() if stored else []
    try:
        for manifest in kept:
            cluster.store(manifest)
        yield cluster
    finally:
        for manifest in kept:
            cluster.remove(manifest)
        for manifest in kept:
            waiting.until(lambda manifest=manifest: not cluster.has(manifest), what=f"without {manifest}")  # type: ignore[misc]
        cluster.client.request("DELETE", path_of("namespaces", name=name))


@dataclass(frozen=True)
class Sides:
    """A control plane and a simulator, with the same namespace and the same objects in it."""

    plane: asking.Cluster
    simulator: asking.Cluster

    def differences(self, case: asking.Case, manifest: Json) -> list[str]:
        """What they say differently."""
        return differences(self.plane.ask(case, manifest), self.simulator.ask(case, manifest))


@contextmanager
def both(plane: Path, simulator: Path, *, stored: bool = False) -> Iterator[Sides]:
    """The two, ready to be asked."""
    name = f"parity-{secrets.token_hex(3)}"
    with space(plane, name, stored=stored) as one, space(simulator, name, stored=stored) as other:
        yield Sides(one, other)


def differences(left: Json, right: Json) -> list[str]:
    """Where two answers differ, a line each: the control plane's after `-`, the simulator's after `+`."""
    left, right = asking.alike(left), asking.alike(right)
    if left == right:
        return []
    if left["code"] != right["code"]:
        return [f"{sign} {side['code']} {side.get('message', '')}" for sign, side in (("-", left), ("+", right))]
    causes = [
        [json.dumps(cause) for cause in (side.get("details") or {}).get("causes") or ()] for side in (left, right)
    ]
    told = [f"- {cause}" for cause in causes[0] if cause not in causes[1]]
    told += [f"+ {cause}" for cause in causes[1] if cause not in causes[0]]
    return told or _deep(left, right)


def _deep(left: Any, right: Any, path: str = "") -> list[str]:
    if isinstance(left, dict) and isinstance(right, dict):
        return [line for key in {**left, **right} for line in _deep(left.get(key), right.get(key), f"{path}.{key}")]
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        return [line for index, pair in pairs for line in _deep(*pair, f"{path}[{index}]")]
    return [] if left == right else [f"{path} - {json.dumps(left)}", f"{path} + {json.dumps(right)}"]
