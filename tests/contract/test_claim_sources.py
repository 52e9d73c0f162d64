"""What a claim may be filled from: the field for it has an old and a new name."""

from __future__ import annotations

import pytest

from tests.contract.client import Namespace, Object

DEFAULT_GROUP = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
CLAIM: Object = {"kind": "PersistentVolumeClaim", "name": "other"}
SNAPSHOT: Object = {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "monday"}
STRANGE: Object = {"apiGroup": "a_b", "kind": "Backup", "name": "monday"}


def claim(**sources: Object) -> Object:
    """A claim of a class that nobody serves: it stays as it is."""
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"metadata": {"name": "data"}, "spec": {**spec, "storageClassName": "nobody", **sources}}


@pytest.mark.parametrize("source", [CLAIM, SNAPSHOT])
@pytest.mark.parametrize("key", ["dataSource", "dataSourceRef"])
def test_both_fields_name_the_source(namespace: Namespace, key: str, source: Object) -> None:
    spec = namespace.post("persistentvolumeclaims", claim(**{key: source})).ok()["spec"]
    full = {"apiGroup": None, **source}
    assert (spec["dataSource"], spec["dataSourceRef"]) == (full, full)


def test_each_of_two_wrong_sources_is_told(namespace: Namespace) -> None:
    wrong = {"dataSource": {"kind": "ConfigMap", "name": "x"}, "dataSourceRef": {"kind": "", "name": ""}}
    answer = namespace.post("persistentvolumeclaims", claim(**wrong))
    assert [(field, message) for field, _, message in answer.causes()] == [
        ("spec.dataSource", f'Invalid value: "ConfigMap": {DEFAULT_GROUP}'),
        ("spec.dataSourceRef.name", "Required value"),
        ("spec.dataSourceRef.kind", "Required value"),
        ("spec.dataSourceRef", f'Invalid value: "": {DEFAULT_GROUP}'),
        ("spec", "Invalid value: {}: must match dataSourceRef"),
    ]


def test_a_group_must_be_a_domain(namespace: Namespace) -> None:
    answer = namespace.post("persistentvolumeclaims", claim(dataSourceRef=STRANGE))
    assert [field for field, _, _ in answer.causes()] == ["spec.dataSource.apiGroup", "spec.dataSourceRef.apiGroup"]


def test_a_group_may_be_anything_where_there_was_one(namespace: Namespace) -> None:
    namespace.post("persistentvolumeclaims", claim(dataSource=SNAPSHOT)).ok()
    answer = namespace.put("persistentvolumeclaims", claim(dataSource=STRANGE, dataSourceRef=STRANGE))
    ((field, _, message),) = answer.causes()
    assert (field, message.partition(" after")[0]) == ("spec", "Forbidden: spec is immutable")
