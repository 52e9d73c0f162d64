"""What the server fills in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract import manifests
from tests.contract.client import Namespace, Object


def dry(namespace: Namespace, manifest: Object, plural: str = "statefulsets") -> Object:
    """The object as the server would store it."""
    return namespace.post(plural, manifest, dryRun="All").ok()


def container(**fields: Any) -> Object:
    """A StatefulSet whose only container has these fields."""
    manifest = manifests.statefulset()
    manifest["spec"]["template"]["spec"]["containers"][0].update(fields)
    return manifest


def stored_container(namespace: Namespace, **fields: Any) -> Object:
    found: Object = dry(namespace, container(**fields))["spec"]["template"]["spec"]["containers"][0]
    return found


def test_a_statefulset_gets_its_defaults(namespace: Namespace) -> None:
    manifest = manifests.statefulset()
    del manifest["spec"]["replicas"], manifest["spec"]["serviceName"]
    spec = dry(namespace, manifest)["spec"]
    del spec["template"], spec["selector"]
    assert spec == {
        "replicas": 1,
        "serviceName": "",
        "podManagementPolicy": "OrderedReady",
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0, "maxUnavailable": 1}},
        "revisionHistoryLimit": 10,
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    }


def test_a_given_rolling_update_is_completed(namespace: Namespace) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
    spec = dry(namespace, manifests.statefulset(updateStrategy=strategy))["spec"]
    assert spec["updateStrategy"]["rollingUpdate"] == {"partition": 2, "maxUnavailable": 1}


def test_a_strategy_with_its_type_alone_gets_no_block(namespace: Namespace) -> None:
    spec = dry(namespace, manifests.statefulset(updateStrategy={"type": "RollingUpdate"}))["spec"]
    assert spec["updateStrategy"] == {"type": "RollingUpdate"}


def test_on_delete_gets_no_block(namespace: Namespace) -> None:
    spec = dry(namespace, manifests.statefulset(updateStrategy={"type": "OnDelete"}))["spec"]
    assert spec["updateStrategy"] == {"type": "OnDelete"}


def test_a_pod_template_gets_its_defaults(namespace: Namespace) -> None:
    spec = dry(namespace, manifests.statefulset())["spec"]["template"]["spec"]
    del spec["containers"]
    assert spec == {
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
        "schedulerName": "default-scheduler",
    }


def test_a_container_gets_its_defaults(namespace: Namespace) -> None:
    assert stored_container(namespace, image="nginx:1") == {
        "name": "main",
        "image": "nginx:1",
        "imagePullPolicy": "IfNotPresent",
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    }


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("nginx:1", "IfNotPresent"),
        ("localhost:5000/nginx", "Always"),
        ("nginx@sha256:" + "0" * 64, "IfNotPresent"),
    ],
)
def test_the_tag_picks_the_pull_policy(namespace: Namespace, image: str, policy: str) -> None:
    assert stored_container(namespace, image=image)["imagePullPolicy"] == policy


def test_a_port_is_tcp(namespace: Namespace) -> None:
    assert stored_container(namespace, ports=[{"containerPort": 80}])["ports"] == [
        {"containerPort": 80, "protocol": "TCP"}
    ]


def test_probes_get_their_numbers(namespace: Namespace) -> None:
    stored = stored_container(
        namespace, readinessProbe={"httpGet": {"port": 80}}, livenessProbe={"tcpSocket": {"port": 80}}
    )
    numbers = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
    assert stored["readinessProbe"] == {"httpGet": {"path": "/", "port": 80, "scheme": "HTTP"}, **numbers}
    assert stored["livenessProbe"] == {"tcpSocket": {"port": 80}, **numbers}


def test_limits_are_not_requests_in_a_template(namespace: Namespace) -> None:
    resources = stored_container(namespace, resources={"limits": {"cpu": "1", "memory": "1Gi"}})["resources"]
    assert resources == {"limits": {"cpu": "1", "memory": "1Gi"}}


def test_a_limit_is_the_request_of_a_pod(namespace: Namespace) -> None:
    pod = manifests.pod()
    pod["spec"]["containers"][0]["resources"] = {"limits": {"memory": "1Gi"}}
    stored = dry(namespace, pod, "pods")
    assert stored["spec"]["containers"][0]["resources"]["requests"] == {"memory": "1Gi"}


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("1000m", "1"),
        ("0.5", "500m"),
        ("1024Mi", "1Gi"),
        ("1500Mi", "1500Mi"),
        ("1e3", "1e3"),
        ("0.1Gi", "107374182400m"),
    ],
)
def test_quantities_are_made_canonical(namespace: Namespace, given: str, stored: str) -> None:
    resources = stored_container(namespace, resources={"requests": {"memory": given}})["resources"]
    assert resources["requests"]["memory"] == stored


def test_a_number_may_be_a_quantity(namespace: Namespace) -> None:
    resources = stored_container(namespace, resources={"requests": {"cpu": 2, "memory": 0.5}})["resources"]
    assert resources["requests"] == {"cpu": "2", "memory": "500m"}


def test_volumes_get_their_modes(namespace: Namespace) -> None:
    manifest = manifests.statefulset()
    manifest["spec"]["template"]["spec"]["volumes"] = [
        {"name": "a", "configMap": {"name": "a"}},
        {"name": "b", "secret": {"secretName": "b"}},
        {"name": "c", "emptyDir": {}},
        {"name": "d"},
        {"name": "e", "hostPath": {"path": "/e"}},
        {"name": "f", "downwardAPI": {"items": [{"path": "l", "fieldRef": {"fieldPath": "metadata.labels"}}]}},
    ]
    assert dry(namespace, manifest)["spec"]["template"]["spec"]["volumes"] == [
        {"name": "a", "configMap": {"name": "a", "defaultMode": 420}},
        {"name": "b", "secret": {"secretName": "b", "defaultMode": 420}},
        {"name": "c", "emptyDir": {}},
        {"name": "d", "emptyDir": {}},
        {"name": "e", "hostPath": {"path": "/e", "type": ""}},
        {
            "name": "f",
            "downwardAPI": {
                "defaultMode": 420,
                "items": [{"path": "l", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.labels"}}],
            },
        },
    ]


def test_a_claim_template_gets_mode_and_phase(namespace: Namespace) -> None:
    manifest = manifests.statefulset(volumeClaimTemplates=[manifests.claim_template()])
    assert dry(namespace, manifest)["spec"]["volumeClaimTemplates"] == [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "data"},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}},
                "volumeMode": "Filesystem",
            },
            "status": {"phase": "Pending"},
        }
    ]


def test_a_headless_service_gets_its_defaults(namespace: Namespace) -> None:
    spec = dry(namespace, manifests.service(), "services")["spec"]
    assert spec == {
        "clusterIP": "None",
        "clusterIPs": ["None"],
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": 80}],
        "selector": {"app": "web"},
        "sessionAffinity": "None",
        "type": "ClusterIP",
    }


def test_a_service_gets_an_address(namespace: Namespace) -> None:
    manifest = manifests.service()
    del manifest["spec"]["clusterIP"]
    spec = namespace.post("services", manifest).ok()["spec"]
    assert spec["clusterIPs"] == [spec["clusterIP"]]
    assert spec["clusterIP"].count(".") == 3


def test_a_claim_gets_mode_phase_and_protection(namespace: Namespace) -> None:
    claim = manifests.claim_template() | {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}
    stored = dry(namespace, claim, "persistentvolumeclaims")
    assert stored["spec"]["volumeMode"] == "Filesystem"
    assert stored["status"] == {"phase": "Pending"}
    assert stored["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]


def test_a_pod_gets_an_account_and_tolerations(namespace: Namespace) -> None:
    spec = dry(namespace, manifests.pod(), "pods")["spec"]
    assert spec["serviceAccountName"] == "default"
    assert spec["enableServiceLinks"] is True
    assert spec["preemptionPolicy"] == "PreemptLowerPriority"
    assert spec["priority"] == 0
    assert [toleration["key"] for toleration in spec["tolerations"]] == [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ]
