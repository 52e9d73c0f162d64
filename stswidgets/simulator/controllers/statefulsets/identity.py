"""What makes a pod a member of a set: its name and ordinal, its labels, and the claims that go with it.

Rules of `pkg/controller/statefulset/stateful_set_utils.go` (Kubernetes 1.37).
"""

from __future__ import annotations

import re
from typing import Any

from stswidgets.simulator.controllers import owners

Json = dict[str, Any]

POD_NAME = "statefulset.kubernetes.io/pod-name"
POD_INDEX = "apps.kubernetes.io/pod-index"
REVISION = "controller-revision-hash"

_MEMBER = re.compile(r"(.*)-([0-9]+)$", re.DOTALL)
_LARGEST = 2**31 - 1


def parent_and_ordinal(pod_name: str) -> tuple[str, int]:
    """The set's name and the ordinal in a pod's name; an empty name and -1 if it has neither form."""
    found = _MEMBER.match(pod_name)
    if found is None:
        return "", -1
    number = int(found[2])
    return found[1], number if number <= _LARGEST else -1


def ordinal(pod: Json) -> int:
    """A pod's ordinal, or -1."""
    return parent_and_ordinal(pod["metadata"]["name"])[1]


def start_of(statefulset: Json) -> int:
    """The first ordinal of a set."""
    start: int = (statefulset["spec"].get("ordinals") or {}).get("start", 0)
    return start


def replicas_of(statefulset: Json) -> int:
    """How many pods a set wants; the API server's default is 1."""
    replicas: int = statefulset["spec"].get("replicas", 1)
    return replicas


def in_range(statefulset: Json, number: int) -> bool:
    """Whether an ordinal is among those that a set wants now."""
    start = start_of(statefulset)
    return start <= number < start + replicas_of(statefulset)


def is_member(statefulset: Json, pod: Json) -> bool:
    """Whether a pod's name is of the set's form."""
    name: str = statefulset["metadata"]["name"]
    return parent_and_ordinal(pod["metadata"]["name"])[0] == name


def revision_of(pod: Json) -> str:
    """The name of the revision that a pod was made from, or an empty text."""
    revision: str = (pod["metadata"].get("labels") or {}).get(REVISION, "")
    return revision


def claim_name(statefulset: Json, template: Json, number: int) -> str:
    """The name of the claim that a claim template becomes for an ordinal."""
    return f"{template['metadata']['name']}-{statefulset['metadata']['name']}-{number}"


def claims_for(statefulset: Json, number: int) -> list[Json]:
    """The claims of an ordinal, in the order of their templates. The selector's labels are added to the template's."""
    selected = (statefulset["spec"].get("selector") or {}).get("matchLabels") or {}
    made = []
    for template in statefulset["spec"].get("volumeClaimTemplates") or []:
        metadata = {
            **{key: value for key, value in template["metadata"].items() if key in ("annotations", "finalizers")},
            "name": claim_name(statefulset, template, number),
            "namespace": statefulset["metadata"]["namespace"],
            "labels": {**(template["metadata"].get("labels") or {}), **selected},
        }
        made.append(
            {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": template["spec"]}
        )
    return made


def claim_volumes(statefulset: Json, number: int) -> list[Json]:
    """The volumes that mount an ordinal's claims."""
    return [
        {
            "name": template["metadata"]["name"],
            "persistentVolumeClaim": {"claimName": claim_name(statefulset, template, number)},
        }
        for template in statefulset["spec"].get("volumeClaimTemplates") or []
    ]


def with_storage(statefulset: Json, volumes: list[Json], number: int) -> list[Json]:
    """Volumes with the set's own in front; one of the same name in the template gives way."""
    own = claim_volumes(statefulset, number)
    names = {volume["name"] for volume in own}
    return own + [volume for volume in volumes if volume["name"] not in names]


def new_pod(statefulset: Json, template: Json, revision: str, number: int) -> Json:
    """The pod of an ordinal as it is sent to the API server. It shares parts with the template: do not change it."""
    name = f"{statefulset['metadata']['name']}-{number}"
    given = template.get("metadata") or {}
    metadata: Json = {
        "name": name,
        "generateName": f"{statefulset['metadata']['name']}-",
        "namespace": statefulset["metadata"]["namespace"],
        "labels": {
            **(given.get("labels") or {}),
            POD_NAME: name,
            POD_INDEX: str(number),
            REVISION: revision,
        },
        "ownerReferences": [owners.controller_reference(statefulset)],
    }
    for key in ("annotations", "finalizers"):
        if given.get(key):
            metadata[key] = given[key]
    spec: Json = {**template["spec"], "hostname": name}
    spec.pop("subdomain", None)
    if statefulset["spec"].get("serviceName"):
        spec["subdomain"] = statefulset["spec"]["serviceName"]
    volumes = with_storage(statefulset, spec.get("volumes") or [], number)
    if volumes:
        spec["volumes"] = volumes
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def identity_matches(statefulset: Json, pod: Json) -> bool:
    """Whether a pod carries the labels of its identity."""
    metadata = pod["metadata"]
    return (
        is_member(statefulset, pod)
        and ordinal(pod) >= 0
        and (metadata.get("labels") or {}).get(POD_NAME) == metadata["name"]
    )


def storage_matches(statefulset: Json, pod: Json) -> bool:
    """Whether a pod mounts the claims that its set's templates ask for."""
    volumes = {volume["name"]: volume for volume in pod["spec"].get("volumes") or []}
    return all(
        (volumes.get(wanted["name"], {}).get("persistentVolumeClaim") or {}).get("claimName")
        == wanted["persistentVolumeClaim"]["claimName"]
        for wanted in claim_volumes(statefulset, ordinal(pod))
    )


def with_identity(statefulset: Json, pod: Json) -> Json:
    """A pod with identity and storage put right, as an update sends it."""
    metadata = pod["metadata"]
    number = ordinal(pod)
    labels = {**(metadata.get("labels") or {}), POD_NAME: metadata["name"], POD_INDEX: str(number)}
    volumes = with_storage(statefulset, pod["spec"].get("volumes") or [], number)
    spec = {**pod["spec"], "volumes": volumes} if volumes else pod["spec"]
    return {**pod, "metadata": {**metadata, "labels": labels}, "spec": spec}
