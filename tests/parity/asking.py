"""Asks a cluster and keeps of its answer what any cluster of the same version would say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from stswidgets.simulator.kinds.registry import REGISTRY, Kind
from tests.contract.client import Answer, Client
from tests.parity import mutations

Json = dict[str, Any]
Verb = Literal["create", "update", "apply"]

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TOKEN_VOLUME = re.compile(r"kube-api-access-[a-z0-9]{5}")
OWN = ("uid", "creationTimestamp", "resourceVersion")
PLACEHOLDER = "NAMESPACE"
OURS = ("contract", "parity")
NOT_READY = "node.kubernetes.io/not-ready"


@dataclass(frozen=True)
class Case:
    """A manifest of `manifests`, what is done to it, and how it is sent.

    create: as a dry run. update: PUT over the stored object, which the steps are applied to. apply: server-side apply.
    """

    title: str
    steps: list[mutations.Step]
    verb: Verb = "create"
    validation: str = "Strict"

    def __str__(self) -> str:
        return f"{self.verb} {self.validation} {self.title} {self.steps}"


class Cluster:
    """One of the two clusters, and a namespace of the same name in both."""

    def __init__(self, client: Client, namespace: str) -> None:
        self.client = client
        self.namespace = namespace

    def path(self, kind: Kind, name: str = "") -> str:
        """The address of a kind's collection, or of an object."""
        root = f"/apis/{kind.group}/{kind.version}" if kind.group else f"/api/{kind.version}"
        space = f"/namespaces/{self.namespace}" if kind.namespaced else ""
        return f"{root}{space}/{kind.plural}" + (f"/{name}" if name else "")

    def placed(self, manifest: Json) -> Json:
        """The manifest with the namespace's name where it stands for one, also in names that are the cluster's."""
        return _replaced(manifest, self.namespace)

    def store(self, manifest: Json) -> None:
        """Create for good what updates are made of."""
        kind = REGISTRY.by_kind(manifest["apiVersion"], manifest["kind"])
        self.client.request("POST", self.path(kind), self.placed(manifest)).ok()

    def has(self, manifest: Json) -> bool:
        """Whether what `store` made is still there."""
        kind = REGISTRY.by_kind(manifest["apiVersion"], manifest["kind"])
        return self.client.request("GET", self.path(kind, self.placed(manifest)["metadata"]["name"])).code == 200

    def remove(self, manifest: Json) -> None:
        """Delete what `store` made."""
        kind = REGISTRY.by_kind(manifest["apiVersion"], manifest["kind"])
        path = self.path(kind, self.placed(manifest)["metadata"]["name"])
        self.client.request("DELETE", path, {"gracePeriodSeconds": 0})

    def ask(self, case: Case, manifest: Json) -> Json:
        """What the cluster answers to a case."""
        kind = REGISTRY.by_kind(manifest["apiVersion"], manifest["kind"])
        query = {"dryRun": "All", "fieldValidation": case.validation}
        name = self.placed(manifest)["metadata"]["name"]
        if case.verb == "create":
            body = mutations.apply(self.placed(manifest), case.steps)
            return answer(self.client.request("POST", self.path(kind), body, **query), self.namespace)
        if case.verb == "apply":
            body = mutations.apply(self.placed(manifest), case.steps)
            sent = self.client.request(
                "PATCH",
                self.path(kind, name),
                body,
                content_type="application/apply-patch+yaml",
                fieldManager="parity",
                **query,
            )
            return answer(sent, self.namespace)
        for _ in range(9):
            stored = self.client.request("GET", self.path(kind, name)).ok()
            stored["metadata"].pop("managedFields", None)
            sent = self.client.request("PUT", self.path(kind, name), mutations.apply(stored, case.steps), **query)
            if sent.code != 409 or "object has been modified" not in sent.body["message"]:
                break
        return answer(sent, self.namespace)


def _replaced(value: Any, namespace: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(child, namespace) for key, child in value.items()}
    if isinstance(value, list):
        return [_replaced(child, namespace) for child in value]
    return value.replace(PLACEHOLDER, namespace) if isinstance(value, str) else value


def answer(sent: Answer, namespace: str) -> Json:
    """Code, warnings, and the object or the refusal."""
    kept: Json = {"code": sent.code, "warnings": sent.warnings}
    body = sent.body
    if 200 <= sent.code < 300:
        if sent.code == 200:
            body.pop("status", None)  # of a stored object: its controllers' business
        kept["object"] = _masked(_plain(body), namespace)
    elif isinstance(body, dict):
        kept |= _masked({key: body.get(key) for key in ("reason", "message", "details")}, namespace)
    else:
        kept["text"] = body
    return kept


def _masked(value: Any, namespace: str) -> Any:
    """Without what a cluster makes up: uids, the volume of the service account's token, the namespace."""
    if isinstance(value, dict):
        return {_masked(key, namespace): _masked(child, namespace) for key, child in value.items()}
    if isinstance(value, list):
        return [_masked(child, namespace) for child in value]
    if isinstance(value, str):
        text = TOKEN_VOLUME.sub("kube-api-access-XXXXX", UUID.sub("UUID", value))
        return text.replace(namespace, PLACEHOLDER)
    return value


def _forget_nulls(obj: Json) -> None:
    """Nobody owns a list that is null; the server tells those that were sent empty from those that were not sent."""
    for key in ("rules", "ports", "endpoints"):
        if obj.get(key) is None:
            for entry in obj["metadata"].get("managedFields") or ():
                entry["fieldsV1"].pop(f"f:{key}", None)
    entries = [entry for entry in obj["metadata"].get("managedFields") or () if entry["fieldsV1"]]
    obj["metadata"]["managedFields"] = entries


def _plain(obj: Json) -> Json:
    metadata, spec = obj["metadata"], obj.get("spec", {})
    for key in OWN:
        metadata.pop(key, None)
    entries = metadata.pop("managedFields", None) or []  # of controllers, each cluster has its own
    metadata["managedFields"] = [entry | {"time": ""} for entry in entries if entry["manager"] in OURS]
    for condition in obj.get("status", {}).get("conditions") or ():
        condition.pop("lastTransitionTime", None)
    if obj["kind"] in ("Role", "ClusterRole", "EndpointSlice"):
        _forget_nulls(obj)
    if obj["kind"] == "PersistentVolume":
        obj.get("status", {}).pop("lastPhaseTransitionTime", None)
    if obj["kind"] == "Node":  # a taint that admission adds there, and no node of the simulator's needs
        spec["taints"] = [taint for taint in spec.get("taints") or () if taint["key"] != NOT_READY]
    if obj["apiVersion"] == "events.k8s.io/v1":
        metadata.pop("managedFields", None)  # the simulator keeps them of core events alone
    if obj["kind"] == "Service":
        if spec.get("clusterIP") not in (None, "None"):
            spec["clusterIP"], spec["clusterIPs"] = "IP", ["IP"]
        for port in spec.get("ports") or ():
            if "nodePort" in port:
                port["nodePort"] = "PORT"
        if "healthCheckNodePort" in spec:
            spec["healthCheckNodePort"] = "PORT"
    return obj


TWICE = re.compile(r"(duplicate nodePort: \{\w+ )\d+")
EMPTY = re.compile(r"(value|\\?\"): ?(\{\}|\[\]|null)")
VOLUME = re.compile(r"spec\.template\.spec\.volumes\[\d+\]")
UNORDERED = re.compile(r"\[[^\]]*[^\]0-9][^\]]*\]|labels|annotations|nodeSelector|matchLabels|data|\*|odePort")


def _cause(cause: Json) -> Json:
    place = VOLUME.sub("spec.template.spec.volumes[*]", cause.get("field", ""))
    message = EMPTY.sub(r"\1: nothing", cause["message"])
    if place.endswith("odePort"):
        message = re.sub(r"value: [0-9]+", "value: PORT", message)
    return cause | {"field": place, "message": message}


def alike(said: Json) -> Json:
    """An answer without what the server does not decide: it looks through maps in any order."""
    said = said | {"message": TWICE.sub(r"\1PORT", said.get("message") or "")} if "message" in said else said
    details = said.get("details") or {}
    causes = details.get("causes")
    if not causes:
        head, several, rest = (said.get("message") or "").partition(": errors:\n")
        return said | {"message": head + several + "\n".join(sorted(rest.split("\n")))} if several else said
    causes = [_cause(cause) for cause in causes]
    if any(UNORDERED.search(cause.get("field", "")) for cause in causes):
        causes = sorted(causes, key=lambda cause: (cause.get("field", ""), cause["message"]))
        said = said | {"message": "in any order"}
    else:
        said = said | {"message": EMPTY.sub(r"\1: nothing", said["message"])}
    return said | {"details": details | {"causes": causes}}
