"""What the server refuses: field, reason and message."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract import manifests
from tests.contract.client import Namespace, Object

QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    "and must start and end with an alphanumeric character "
    "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
ENV_VALUE = "EnvVar.spec.template.spec.containers.env.value"
MAIN = "spec.template.spec.containers[0]"


def named(name: str) -> Object:
    """A StatefulSet of this name whose labels stay valid."""
    manifest = manifests.statefulset()
    manifest["metadata"]["name"] = name
    return manifest


def with_container(**fields: Any) -> Object:
    manifest = manifests.statefulset()
    manifest["spec"]["template"]["spec"]["containers"][0].update(fields)
    return manifest


def with_pod(**fields: Any) -> Object:
    manifest = manifests.statefulset()
    manifest["spec"]["template"]["spec"].update(fields)
    return manifest


CASES = {
    "an upper case name": (named("Web"), "metadata.name", "FieldValueInvalid", f'Invalid value: "Web": {LABEL}'),
    "a name with a dot": (
        named("a.b"),
        "metadata.name",
        "FieldValueInvalid",
        'Invalid value: "a.b": must not contain dots',
    ),
    "a name of 64 letters": (
        named("a" * 64),
        "metadata.name",
        "FieldValueInvalid",
        f'Invalid value: "{"a" * 64}": must be no more than 63 characters',
    ),
    "negative replicas": (
        manifests.statefulset(replicas=-1),
        "spec.replicas",
        "FieldValueInvalid",
        "Invalid value: -1: must be greater than or equal to 0",
    ),
    "a negative wait": (
        manifests.statefulset(minReadySeconds=-1),
        "spec.minReadySeconds",
        "FieldValueInvalid",
        "Invalid value: -1: must be greater than or equal to 0",
    ),
    "an unknown policy": (
        manifests.statefulset(podManagementPolicy="Random"),
        "spec.podManagementPolicy",
        "FieldValueInvalid",
        "Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'",
    ),
    "an unknown strategy": (
        manifests.statefulset(updateStrategy={"type": "Recreate"}),
        "spec.updateStrategy",
        "FieldValueInvalid",
        'Invalid value: {"Type":"Recreate","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\'',
    ),
    "a negative partition": (
        manifests.statefulset(updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": -1}}),
        "spec.updateStrategy.rollingUpdate.partition",
        "FieldValueInvalid",
        "Invalid value: -1: must be greater than or equal to 0",
    ),
    "on delete with a block": (
        manifests.statefulset(updateStrategy={"type": "OnDelete", "rollingUpdate": {"partition": 1}}),
        "spec.updateStrategy.rollingUpdate",
        "FieldValueInvalid",
        'Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy \'RollingUpdate\'',
    ),
    "no unavailable pods": (
        manifests.statefulset(updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0}}),
        "spec.updateStrategy.rollingUpdate.maxUnavailable",
        "FieldValueInvalid",
        "Invalid value: 0: cannot be 0",
    ),
    "a selector that does not match": (
        manifests.statefulset(selector={"matchLabels": {"app": "other"}}),
        "spec.template.metadata.labels",
        "FieldValueInvalid",
        'Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ),
    "an empty selector": (
        manifests.statefulset(selector={}),
        "spec.selector",
        "FieldValueInvalid",
        "Invalid value: {}: empty selector is invalid for statefulset",
    ),
    "a service name that is none": (
        manifests.statefulset(serviceName="Not_A_Name"),
        "spec.serviceName",
        "FieldValueInvalid",
        f'Invalid value: "Not_A_Name": {LABEL}',
    ),
    "pods that end": (
        with_pod(restartPolicy="Never"),
        "spec.template.spec.restartPolicy",
        "FieldValueNotSupported",
        'Unsupported value: "Never": supported values: "Always"',
    ),
    "no containers": (with_pod(containers=[]), "spec.template.spec.containers", "FieldValueRequired", "Required value"),
    "no image": (with_container(image=""), f"{MAIN}.image", "FieldValueRequired", "Required value"),
    "a container name that is none": (
        with_container(name="Main"),
        f"{MAIN}.name",
        "FieldValueInvalid",
        f'Invalid value: "Main": {LABEL}',
    ),
    "two containers of a name": (
        with_pod(containers=[{"name": "a", "image": "a:1"}, {"name": "a", "image": "b:1"}]),
        "spec.template.spec.containers[1].name",
        "FieldValueDuplicate",
        'Duplicate value: "a"',
    ),
    "a port out of range": (
        with_container(ports=[{"containerPort": 70000}]),
        f"{MAIN}.ports[0].containerPort",
        "FieldValueInvalid",
        "Invalid value: 70000: must be between 1 and 65535, inclusive",
    ),
    "two ports of a name": (
        with_container(ports=[{"containerPort": 1, "name": "a"}, {"containerPort": 2, "name": "a"}]),
        f"{MAIN}.ports[1].name",
        "FieldValueDuplicate",
        'Duplicate value: "a"',
    ),
    "a long port name": (
        with_container(ports=[{"containerPort": 1, "name": "more-than-fifteen"}]),
        f"{MAIN}.ports[0].name",
        "FieldValueInvalid",
        'Invalid value: "more-than-fifteen": must be no more than 15 characters',
    ),
    "a request over its limit": (
        with_container(resources={"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}),
        f"{MAIN}.resources.requests",
        "FieldValueInvalid",
        'Invalid value: "2": must be less than or equal to cpu limit of 1',
    ),
    "a negative request": (
        with_container(resources={"requests": {"cpu": "-1"}}),
        f"{MAIN}.resources.requests[cpu]",
        "FieldValueInvalid",
        'Invalid value: "-1": must be greater than or equal to 0',
    ),
    "a mount of no volume": (
        with_container(volumeMounts=[{"name": "data", "mountPath": "/data"}]),
        f"{MAIN}.volumeMounts[0].name",
        "FieldValueNotFound",
        'Not found: "data"',
    ),
    "two mounts at a path": (
        with_pod(
            volumes=[{"name": "a", "emptyDir": {}}, {"name": "b", "emptyDir": {}}],
            containers=[
                {
                    "name": "main",
                    "image": "a:1",
                    "volumeMounts": [{"name": "a", "mountPath": "/x"}, {"name": "b", "mountPath": "/x"}],
                }
            ],
        ),
        f"{MAIN}.volumeMounts[1].mountPath",
        "FieldValueInvalid",
        'Invalid value: "/x": must be unique',
    ),
    "a variable without a name": (
        with_container(env=[{"name": "", "value": "1"}]),
        f"{MAIN}.env[0].name",
        "FieldValueRequired",
        "Required value",
    ),
    "a variable with value and source": (
        with_container(env=[{"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]),
        f"{MAIN}.env[0].valueFrom",
        "FieldValueInvalid",
        'Invalid value: "": may not be specified when `value` is not empty',
    ),
    "a probe of two kinds": (
        with_container(readinessProbe={"httpGet": {"port": 80}, "tcpSocket": {"port": 80}}),
        f"{MAIN}.readinessProbe.tcpSocket",
        "FieldValueForbidden",
        "Forbidden: may not specify more than 1 handler type",
    ),
    "a probe of no kind": (
        with_container(readinessProbe={"periodSeconds": 5}),
        f"{MAIN}.readinessProbe",
        "FieldValueRequired",
        "Required value: must specify a handler type",
    ),
    "an unknown pull policy": (
        with_container(imagePullPolicy="Sometimes"),
        f"{MAIN}.imagePullPolicy",
        "FieldValueNotSupported",
        'Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    ),
    "a claim without access modes": (
        manifests.statefulset(volumeClaimTemplates=[manifests.claim_template(accessModes=[])]),
        "spec.volumeClaimTemplates[0].spec.accessModes",
        "FieldValueRequired",
        "Required value: at least 1 access mode is required",
    ),
    "a claim without a size": (
        manifests.statefulset(volumeClaimTemplates=[manifests.claim_template(resources={})]),
        "spec.volumeClaimTemplates[0].spec.resources[storage]",
        "FieldValueRequired",
        "Required value",
    ),
    "negative ordinals": (
        manifests.statefulset(ordinals={"start": -1}),
        "spec.ordinals.start",
        "FieldValueInvalid",
        "Invalid value: -1: must be greater than or equal to 0",
    ),
    "an unknown retention": (
        manifests.statefulset(persistentVolumeClaimRetentionPolicy={"whenScaled": "Keep", "whenDeleted": "Retain"}),
        "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
        "FieldValueNotSupported",
        'Unsupported value: "Keep": supported values: "Retain", "Delete"',
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_invalid(namespace: Namespace, case: str) -> None:
    manifest, *cause = CASES[case]
    causes = namespace.post("statefulsets", manifest, dryRun="All").causes()
    assert tuple(cause) in causes


def test_the_message_joins_the_causes(namespace: Namespace) -> None:
    manifest = manifests.statefulset(replicas=-1, minReadySeconds=-1)
    status = namespace.post("statefulsets", manifest, dryRun="All").failure(422, "Invalid")
    assert status["message"] == (
        'StatefulSet.apps "web" is invalid: '
        "[spec.replicas: Invalid value: -1: must be greater than or equal to 0, "
        "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0]"
    )
    assert (status["details"]["name"], status["details"]["group"], status["details"]["kind"]) == (
        "web",
        "apps",
        "StatefulSet",
    )


def test_one_cause_stands_without_brackets(namespace: Namespace) -> None:
    status = namespace.post("statefulsets", manifests.statefulset(replicas=-1), dryRun="All").failure(422, "Invalid")
    assert status["message"] == (
        'StatefulSet.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0'
    )


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (
            manifests.statefulset() | {"spec": {**manifests.statefulset()["spec"], "replicas": "1"}},
            "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32",
        ),
        (
            manifests.statefulset() | {"spec": {**manifests.statefulset()["spec"], "replicas": 1.5}},
            "json: cannot unmarshal number 1.5 into Go struct field StatefulSetSpec.spec.replicas of type int32",
        ),
        (
            with_container(resources={"requests": {"memory": "12Gx"}}),
            QUANTITY,
        ),
        (
            with_container(env=[{"name": "A", "value": 1}]),
            f"json: cannot unmarshal number into Go struct field {ENV_VALUE} of type string",
        ),
    ],
    ids=["text for a number", "a fraction of a replica", "a quantity that is none", "a number for text"],
)
def test_it_cannot_be_decoded(namespace: Namespace, manifest: Object, message: str) -> None:
    status = namespace.post("statefulsets", manifest, dryRun="All").failure(400, "BadRequest")
    assert status["message"] == f'StatefulSet in version "v1" cannot be handled as a StatefulSet: {message}'


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"serviceName": "other"}, '"other"'),
        ({"podManagementPolicy": "Parallel"}, '"Parallel"'),
        ({"volumeClaimTemplates": [manifests.claim_template()]}, '[{"name":"data",'),
    ],
    ids=["serviceName", "podManagementPolicy", "volumeClaimTemplates"],
)
def test_a_field_that_cannot_change(namespace: Namespace, spec: Object, value: str) -> None:
    # Servers before 1.37 answer with one cause at `spec` that lists the fields which can change.
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    ((field, reason, message),) = namespace.patch("statefulsets", "web", "merge", {"spec": spec}).causes()
    assert (field, reason) == (f"spec.{next(iter(spec))}", "FieldValueInvalid")
    assert message.startswith(f"Invalid value: {value}")
    assert message.endswith(": field is immutable")


def test_the_selector_cannot_change(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    labels = {"app": "web", "tier": "back"}
    patch = {"spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}}}}
    causes = namespace.patch("statefulsets", "web", "merge", patch).causes()
    message = 'Invalid value: {"matchLabels":{"app":"web","tier":"back"}}: field is immutable'
    assert causes == [("spec.selector", "FieldValueInvalid", message)]


@pytest.mark.parametrize(
    "spec",
    [
        {"replicas": 0},
        {"ordinals": {"start": 3}},
        {"updateStrategy": {"type": "OnDelete", "rollingUpdate": None}},
        {"revisionHistoryLimit": 2},
        {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}},
        {"minReadySeconds": 3},
        {"template": {"metadata": {"annotations": {"a": "b"}}}},
    ],
    ids=lambda spec: next(iter(spec)),
)
def test_a_field_that_can_change(namespace: Namespace, spec: Object) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    namespace.patch("statefulsets", "web", "merge", {"spec": spec}).ok()


def test_two_service_ports_need_names(namespace: Namespace) -> None:
    causes = namespace.post("services", manifests.service(ports=[{"port": 80}, {"port": 81}])).causes()
    assert ("spec.ports[0].name", "FieldValueRequired", "Required value") in causes


def test_a_claim_cannot_shrink_or_change(namespace: Namespace) -> None:
    claim = manifests.claim_template() | {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}
    namespace.post("persistentvolumeclaims", claim).ok()
    causes = namespace.patch(
        "persistentvolumeclaims", "data", "merge", {"spec": {"accessModes": ["ReadOnlyMany"]}}
    ).causes()
    assert [(field, reason) for field, reason, _ in causes] == [("spec", "FieldValueForbidden")]
    assert causes[0][2].startswith("Forbidden: spec is immutable after creation except resources.requests")


def test_a_running_pod_can_change_its_image_alone(namespace: Namespace) -> None:
    namespace.post("pods", manifests.pod(nodeSelector={"no": "such-node"})).ok()
    namespace.patch("pods", "one", "strategic", {"spec": {"containers": [{"name": "main", "image": "other:1"}]}}).ok()
    causes = namespace.patch("pods", "one", "merge", {"spec": {"restartPolicy": "Never"}}).causes()
    assert [(field, reason) for field, reason, _ in causes] == [("spec", "FieldValueForbidden")]
    assert causes[0][2].startswith("Forbidden: pod updates may not change fields other than ")
