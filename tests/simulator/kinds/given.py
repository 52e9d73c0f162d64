"""What Kubernetes 1.37.2 answered, and the simulator's rules without its store."""

import copy
import json
from pathlib import Path
from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.kinds.registry import REGISTRY
from stswidgets.simulator.schema import codec

Json = dict[str, Any]
ANSWERS = Path(__file__).with_name("answers")


def answers(name: str) -> list[Json]:
    """Recorded answers of a real API server: requests with what came back."""
    return [json.loads(line) for line in (ANSWERS / f"{name}.jsonl").read_text().splitlines()]


def create(manifest: Json) -> tuple[int, Json]:
    """(code, object or Status) of a create with strict field validation."""
    kind = REGISTRY.by_kind(manifest["apiVersion"], manifest["kind"])
    try:
        decoded = codec.decode(copy.deepcopy(manifest), kind.definition)
    except codec.DecodeError as error:
        return 400, status.bad_request(codec.refusal(kind.kind, kind.version, error)).status()
    if decoded.unknown:
        message = codec.refusal(kind.kind, kind.version, codec.strict_error(decoded.unknown))
        return 400, status.bad_request(message).status()
    obj = decoded.obj
    if kind.namespaced:
        obj["metadata"]["namespace"] = "default"
    kind.default(obj)
    obj, of = kind.stored(obj), kind.storage
    of.prepare_create(obj)
    if of.allocate:
        try:
            of.allocate(obj, [], True)
        except status.ApiError as error:
            return error.code, error.status()
    causes = kind.validate(obj) or of.validate(obj)
    if causes:
        return 422, status.invalid(of.group, of.kind, obj["metadata"].get("name", ""), causes).status()
    return 201, kind.shown(obj)


def update(new: Json, old: Json, subresource: str = "") -> tuple[int, Json]:
    """(code, object or Status) of an update."""
    kind = REGISTRY.by_kind(new["apiVersion"], new["kind"])
    obj = codec.decode(copy.deepcopy(new), kind.definition).obj
    kind.default(obj)
    kind.prepare_update(obj, old, subresource)
    if kind.allocate:
        kind.allocate(obj, [], True)
    causes = kind.validate_update(obj, old, subresource)
    if causes:
        return 422, status.invalid(kind.group, kind.kind, old["metadata"]["name"], causes).status()
    return 200, obj


def plain(obj: Json) -> Json:
    """An object without what admission adds and what each cluster numbers for itself."""
    obj = copy.deepcopy(obj)
    metadata, spec = obj["metadata"], obj.get("spec", {})
    for key in ("namespace", "finalizers", "generateName"):
        metadata.pop(key, None)
    if obj["kind"] == "Service":
        for key in ("clusterIP", "clusterIPs"):
            if spec.get("clusterIP") != "None":
                spec.pop(key, None)
        for port in spec.get("ports") or ():
            port.pop("nodePort", None)
    if obj["kind"] == "Pod":
        for key in ("tolerations", "volumes", "priority", "preemptionPolicy", "serviceAccount", "serviceAccountName"):
            spec.pop(key, None)
        for container in [*spec["containers"], *spec.get("initContainers", ())]:
            container.pop("volumeMounts", None)
    if obj["kind"] == "Node":
        spec.pop("taints", None)
    if obj["kind"] == "PersistentVolume":
        obj["status"].pop("lastPhaseTransitionTime", None)
    return obj


def sorted_causes(causes: list[Json]) -> list[tuple[str, str, str]]:
    """Causes as a set with repeats: the server walks Go maps, so their order is not fixed."""
    return sorted((cause.get("field", ""), cause["reason"], cause["message"]) for cause in causes)


def created(manifest: Json) -> Json:
    """Create that must go well."""
    code, obj = create(manifest)
    assert code == 201, obj
    return obj
