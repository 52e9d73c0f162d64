"""Reading objects as Go's decoder does, and writing them as Go's encoder does."""

import json
from typing import Any

import pytest

from stswidgets.simulator.schema import codec, types

SET = "io.k8s.api.apps.v1.StatefulSet"
SECRET = "io.k8s.api.core.v1.Secret"
CONTAINERS = "Container.spec.template.spec.containers"


def _set(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": spec}


def _container(**fields: Any) -> dict[str, Any]:
    return _set(template={"spec": {"containers": [{"name": "db", **fields}]}})


@pytest.mark.parametrize(
    ("obj", "message"),
    [
        (_set(replicas="3"), "string into Go struct field StatefulSetSpec.spec.replicas of type int32"),
        (_set(replicas=1.5), "number 1.5 into Go struct field StatefulSetSpec.spec.replicas of type int32"),
        (_set(replicas=2**31), "number 2147483648 into Go struct field StatefulSetSpec.spec.replicas of type int32"),
        (
            _container(imagePullPolicy=1),
            f"number into Go struct field {CONTAINERS}.imagePullPolicy of type v1.PullPolicy",
        ),
        (_container(command="sh"), f"string into Go struct field {CONTAINERS}.command of type []string"),
        (
            _container(livenessProbe={"httpGet": {"port": []}}),
            (
                "array into Go struct field "
                "HTTPGetAction.spec.template.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32"
            ),
        ),
        ({"kind": 3}, "number into Go struct field StatefulSet.TypeMeta.kind of type string"),
        ({"metadata": []}, "array into Go struct field StatefulSet.metadata of type v1.ObjectMeta"),
        ({"metadata": {"labels": {"a": 1}}}, "number into Go struct field ObjectMeta.metadata.labels of type string"),
    ],
)
def test_a_wrong_type_is_told_as_go_tells_it(obj: dict[str, Any], message: str) -> None:
    with pytest.raises(codec.DecodeError) as refused:
        codec.decode(obj, SET)
    assert str(refused.value) == f"json: cannot unmarshal {message}"


def test_bad_base64_is_refused_with_its_place() -> None:
    with pytest.raises(codec.DecodeError, match="illegal base64 data at input byte 3"):
        codec.decode({"data": {"a": "YWJ!"}}, SECRET)


def test_unknown_fields_are_dropped_and_named_with_their_path() -> None:
    obj = _container(foo=1, env=[{"name": "A", "bar": 2}])
    decoded = codec.decode({**obj, "top": 1}, SET)
    assert set(decoded.unknown) == {
        "spec.template.spec.containers[0].foo",
        "spec.template.spec.containers[0].env[0].bar",
        "top",
    }
    assert "foo" not in json.dumps(decoded.obj)


def test_nulls_and_empty_values_are_left_out_where_go_leaves_them_out() -> None:
    decoded = codec.decode(_container(command=[], args=None, stdin=False, resources={}), SET).obj
    (container,) = decoded["spec"]["template"]["spec"]["containers"]
    assert container == {"name": "db", "resources": {}}


def test_a_pointer_to_zero_is_kept() -> None:
    decoded = codec.decode(_set(replicas=0, minReadySeconds=0), SET).obj
    assert decoded["spec"]["replicas"] == 0
    assert "minReadySeconds" not in decoded["spec"]


def test_zero_values_stand_where_go_writes_them() -> None:
    assert codec.zero(types.node(SET))["status"] == {"replicas": 0, "availableReplicas": 0}


def test_times_are_written_in_utc() -> None:
    obj = {"metadata": {"creationTimestamp": "2026-11-24T12:00:00+02:00"}}
    assert codec.decode(obj, SET).obj["metadata"]["creationTimestamp"] == "2026-11-24T10:00:00Z"


def test_quantities_are_written_in_canonical_form() -> None:
    decoded = codec.decode(_container(resources={"requests": {"cpu": 0.5, "memory": "1024Mi"}}), SET).obj
    requests = decoded["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]
    assert requests == {"cpu": "500m", "memory": "1Gi"}


def test_decoding_twice_changes_nothing() -> None:
    once = codec.decode(_container(env=[{"name": "A", "value": ""}]), SET).obj
    assert codec.decode(once, SET).obj == once


@pytest.mark.parametrize("definition", sorted(types.definitions()))
def test_every_definition_is_a_type(definition: str) -> None:
    node = types.node(definition)
    assert node.kind in ("struct", "string", "any")
    assert node.kind != "struct" or node.fields
