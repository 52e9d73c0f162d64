"""Strategic merge patches that are refused: wrong types, and directives that say nothing sensible."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract import manifests
from tests.contract.client import Namespace, Object

SHOWN_MAIN = "map[spec:map[template:map[spec:map[containers:[map[{} name:main]]]]]]"
MIXED_UP = """The order in patch list:
[map[name:side] map[name:main]]
 doesn't match $setElementOrder list:
[map[name:main] map[name:side]]
"""


@pytest.fixture(scope="module")
def web(new_namespace: Any) -> Namespace:
    """A namespace with a StatefulSet `web` of no pods."""
    namespace: Namespace = new_namespace()
    manifest = manifests.statefulset(replicas=0)
    main = {"name": "main", "image": "main:1", "args": ["a"], "ports": [{"containerPort": 80}]}
    manifest["spec"]["template"]["spec"]["containers"] = [main, {"name": "side", "image": "side:1"}]
    namespace.post("statefulsets", manifest).ok()
    return namespace


def of_pods(**spec: Any) -> Object:
    """A patch of the pod template's spec."""
    return {"spec": {"template": {"spec": spec}}}


def of_main(**fields: Any) -> Object:
    """A patch of the first container."""
    return of_pods(containers=[{"name": "main", **fields}])


def probe(port: Any) -> Object:
    """A patch that probes a port."""
    return of_main(livenessProbe={"httpGet": {"port": port}})


@pytest.mark.parametrize(
    ("patch", "shown", "why"),
    [
        ({"spec": {"replicas": "3"}}, "map[spec:map[replicas:3]]", "unrecognized type: int32"),
        ({"spec": {"replicas": 1.5}}, "map[spec:map[replicas:1.5]]", "cannot convert float64 to int32"),
        ({"spec": 5}, "map[spec:5]", "cannot restore struct from: int64"),
        ({"kind": 5}, "map[kind:5]", "cannot convert int64 to string"),
        ({"metadata": {"labels": ["x"]}}, "map[metadata:map[labels:[x]]]", "cannot restore map from slice"),
        ({"metadata": {"labels": {"a": {}}}}, "map[metadata:map[labels:map[a:map[]]]]", "unrecognized type: string"),
        (of_main(image=2**70), SHOWN_MAIN.format("image:1.1805916207174113e+21"), "unrecognized type: string"),
        (of_main(imagePullPolicy=1), SHOWN_MAIN.format("imagePullPolicy:1"), "cannot convert int64 to v1.PullPolicy"),
        (of_main(args="b"), SHOWN_MAIN.format("args:b"), "cannot restore slice from string"),
        (
            of_main(stdin="yes"),
            "map[spec:map[template:map[spec:map[containers:[map[name:main stdin:yes]]]]]]",
            "unrecognized type: bool",
        ),
        (
            probe(True),
            SHOWN_MAIN.format("livenessProbe:map[httpGet:map[port:true]]"),
            "json: cannot unmarshal bool into Go value of type int32",
        ),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_a_wrong_type_is_refused_in_the_words_of_a_conversion(
    web: Namespace, patch: Object, shown: str, why: str
) -> None:
    assert web.patch("statefulsets", "web", "strategic", patch).causes() == [
        ("patch", "FieldValueInvalid", f'Invalid value: "{shown}": {why}')
    ]


@pytest.mark.parametrize(("number", "stored"), [(2.0, 2), (2**32 + 3, 3)])
def test_a_number_is_cut_to_its_type(web: Namespace, number: float, stored: int) -> None:
    answer = web.patch("statefulsets", "web", "strategic", {"spec": {"replicas": number}}, dryRun="All")
    assert answer.ok()["spec"]["replicas"] == stored


def test_unknown_fields_are_told_in_order(web: Namespace) -> None:
    patch = {"spec": {"zeal": 1, "ardour": 2}}
    answer = web.patch("statefulsets", "web", "strategic", patch, fieldValidation="Strict")
    unknown = 'strict decoding error: unknown field "spec.ardour", unknown field "spec.zeal"'
    assert answer.causes() == [
        ("patch", "FieldValueInvalid", f'Invalid value: "map[spec:map[ardour:2 zeal:1]]": {unknown}')
    ]


@pytest.mark.parametrize(
    ("patch", "why"),
    [
        ({"$patch": "merge"}, "unknown patch type: merge in map: map[$patch:merge]"),
        ({"$patch": 5}, "unknown patch type: %!s(int64=5) in map: map[$patch:5]"),
        (
            of_pods(containers=[{"$patch": "merge", "name": "main"}]),
            "merging lists cannot yet be specified in the patch",
        ),
        (of_pods(containers=[{"image": "x"}]), "map: map[image:x] does not contain declared merge key: name"),
        (
            of_main(ports=[5]),
            "list element types are not identical: [[map[containerPort:80 protocol:TCP]] [5]]",
        ),
        (of_pods(**{"$setElementOrder/containers": "x"}), "expected a []interface {}, but received a string"),
        (of_pods(**{"$setElementOrder/containers": ["main"]}), "value for key 0 is not a map"),
        (
            of_pods(**{"$setElementOrder/rooms": []}),
            'unable to find api field in struct PodSpec for the json field "rooms"',
        ),
        (
            of_pods(
                **{
                    "$setElementOrder/containers": [{"name": "main"}, {"name": "side"}],
                    "containers": [{"name": "side"}, {"name": "main"}],
                }
            ),
            MIXED_UP,
        ),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_a_directive_that_says_nothing_sensible_fails(web: Namespace, patch: Object, why: str) -> None:
    assert web.patch("statefulsets", "web", "strategic", patch).failure(500)["message"] == why


def test_directives_in_what_is_new_are_no_values(web: Namespace) -> None:
    patch = of_main(resources={"limits": {"$patch": "replace", "cpu": "1"}})
    stored = web.patch("statefulsets", "web", "strategic", patch, dryRun="All").ok()
    assert stored["spec"]["template"]["spec"]["containers"][0]["resources"] == {}


@pytest.mark.parametrize("kind", ["strategic", "merge"])
def test_a_scale_of_a_wrong_type_is_refused(web: Namespace, kind: str) -> None:
    answer = web.patch("statefulsets", "web", kind, {"spec": {"replicas": "3"}}, "scale")
    ((field, reason, message),) = answer.causes()
    assert (field, reason) == ("patch", "FieldValueInvalid")
    assert message.endswith(
        "unrecognized type: int32"
        if kind == "strategic"
        else "json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32"
    )


def test_an_unknown_field_of_a_scale_is_warned_of(web: Namespace) -> None:
    answer = web.patch("statefulsets", "web", "merge", {"spec": {"pace": 3}}, "scale", dryRun="All")
    assert answer.warnings == ['unknown field "spec.pace"']


def test_a_scale_that_is_put_with_a_wrong_type_is_refused(web: Namespace) -> None:
    body = {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "web"}, "spec": {"replicas": "3"}}
    assert web.put("statefulsets", body, "scale").failure(400, "BadRequest")["message"] == (
        'Scale in version "v1" cannot be handled as a Scale: '
        "json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32"
    )


def test_a_merge_patch_may_take_the_kind_away(web: Namespace) -> None:
    assert web.patch("statefulsets", "web", "merge", {"kind": None}, dryRun="All").ok()["kind"] == "StatefulSet"
