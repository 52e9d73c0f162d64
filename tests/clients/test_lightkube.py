"""lightkube: an independent client, typed from the same OpenAPI, over httpx."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lightkube
import pytest
from lightkube.models.autoscaling_v1 import ScaleSpec
from lightkube.resources.apps_v1 import ControllerRevision, StatefulSet, StatefulSetScale
from lightkube.resources.core_v1 import ConfigMap, PersistentVolumeClaim, Pod, Service
from lightkube.resources.core_v1 import Namespace as NamespaceKind
from lightkube.types import CascadeType, PatchType

from stswidgets import simulator as simulators
from tests.contract import manifests, waiting
from tests.contract.client import Namespace

REPLICAS = 2


@pytest.fixture
def kube(kubeconfig: Path, namespace: Namespace) -> Iterator[lightkube.Client]:
    """A client of the cluster under test, at home in the test's namespace."""
    config = lightkube.KubeConfig.from_file(str(kubeconfig))
    with lightkube.Client(config=config, namespace=namespace.name, field_manager="lightkube") as made:
        yield made


def a_set(name: str = "web", *, image: str = manifests.IMAGE, replicas: int = REPLICAS) -> StatefulSet:
    claims = [manifests.claim_template()]
    return StatefulSet.from_dict(
        manifests.statefulset(name, image=image, replicas=replicas, volumeClaimTemplates=claims)
    )


def until_ready(kube: lightkube.Client, name: str = "web") -> StatefulSet:
    """Watch until all pods run the newest revision and are ready."""
    for _, found in kube.watch(StatefulSet, fields={"metadata.name": name}, server_timeout=100):
        state, wanted = found.status, found.spec.replicas
        seen = state.observedGeneration == found.metadata.generation
        if seen and (state.readyReplicas or 0, state.updatedReplicas or 0, state.replicas) == (wanted,) * 3:
            return found
    pytest.fail(f"{name} never settled")


@pytest.fixture
def web(kube: lightkube.Client) -> StatefulSet:
    """A settled set."""
    kube.create(a_set())
    return until_ready(kube)


def names(kube: lightkube.Client, kind: type = Pod, **wanted: object) -> list[str]:
    return [item.metadata.name for item in kube.list(kind, **wanted)]


def test_a_set_with_its_service_gets_pods_and_claims(kube: lightkube.Client) -> None:
    kube.create(Service.from_dict(manifests.service()))
    kube.create(a_set())
    settled = until_ready(kube)
    assert settled.status.currentRevision == settled.status.updateRevision
    assert names(kube) == ["web-0", "web-1"]
    claims = {claim.metadata.name: claim.status.phase for claim in kube.list(PersistentVolumeClaim)}
    assert claims == {"data-web-0": "Bound", "data-web-1": "Bound"}


def test_lists_come_in_pages_and_by_selectors(kube: lightkube.Client, web: StatefulSet) -> None:
    assert names(kube, chunk_size=1) == ["web-0", "web-1"]
    assert names(kube, labels={"apps.kubernetes.io/pod-index": ["1", "7"]}) == ["web-1"]
    assert names(kube, fields={"status.phase": "Running"}) == ["web-0", "web-1"]


@pytest.mark.parametrize(
    ("patch_type", "body"),
    [
        (PatchType.STRATEGIC, {"metadata": {"labels": {"tier": "front"}}}),
        (PatchType.MERGE, {"metadata": {"labels": {"tier": "front"}}}),
        (PatchType.JSON, [{"op": "add", "path": "/metadata/labels", "value": {"tier": "front"}}]),
    ],
)
def test_each_type_of_patch_changes_the_set(kube: lightkube.Client, patch_type: PatchType, body: object) -> None:
    kube.create(a_set(replicas=0))
    assert kube.patch(StatefulSet, "web", body, patch_type=patch_type).metadata.labels == {"tier": "front"}


def test_another_managers_field_is_not_applied_without_force(kube: lightkube.Client) -> None:
    # Without claim templates: they are one field, and hold defaults once stored, so that they would be a conflict too.
    kube.apply(StatefulSet.from_dict(manifests.statefulset(replicas=0)), field_manager="first")
    wanted = StatefulSet.from_dict(manifests.statefulset(replicas=1))
    with pytest.raises(lightkube.ApiError) as refused:
        kube.apply(wanted, field_manager="second")
    assert refused.value.status.code == 409
    assert [cause.field for cause in refused.value.status.details.causes] == [".spec.replicas"]
    assert kube.apply(wanted, field_manager="second", force=True).spec.replicas == 1


def test_a_replacement_of_what_has_changed_since_is_a_conflict(kube: lightkube.Client) -> None:
    old = kube.create(a_set(replicas=0))
    kube.set(StatefulSet, "web", labels={"a": "b"})
    with pytest.raises(lightkube.ApiError) as refused:
        kube.replace(old)
    assert (refused.value.status.code, refused.value.status.reason) == (409, "Conflict")


def test_a_missing_set_is_an_api_error(kube: lightkube.Client) -> None:
    with pytest.raises(lightkube.ApiError) as missing:
        kube.get(StatefulSet, "none")
    assert missing.value.status.reason == "NotFound"


def test_a_dry_run_stores_nothing(kube: lightkube.Client) -> None:
    assert kube.create(a_set(), dry_run=True).spec.podManagementPolicy == "OrderedReady"
    assert names(kube, StatefulSet) == []


def test_scaling_removes_the_highest_pod(kube: lightkube.Client, web: StatefulSet) -> None:
    scale = kube.get(StatefulSetScale, "web")
    scale.spec = ScaleSpec(replicas=1)
    kube.replace(scale, "web")
    until_ready(kube)
    assert names(kube) == ["web-0"]


def test_an_image_is_rolled_out_and_undone_by_its_revision(kube: lightkube.Client, web: StatefulSet) -> None:
    def images() -> set[str]:
        return {pod.spec.containers[0].image for pod in kube.list(Pod)}

    containers = [{"name": "main", "image": manifests.NEXT_IMAGE}]
    kube.patch(StatefulSet, "web", {"spec": {"template": {"spec": {"containers": containers}}}})
    until_ready(kube)
    assert images() == {manifests.NEXT_IMAGE}
    first = min(kube.list(ControllerRevision), key=lambda revision: revision.revision)
    kube.patch(StatefulSet, "web", first.data)
    undone = until_ready(kube)
    assert images() == {manifests.IMAGE}
    assert undone.status.updateRevision == first.metadata.name == web.status.currentRevision


def test_a_watch_reports_a_delete_and_everything_before_it(kube: lightkube.Client) -> None:
    version = kube.create(ConfigMap.from_dict(manifests.configmap("before"))).metadata.resourceVersion
    kube.create(ConfigMap.from_dict(manifests.configmap()))
    kube.delete(ConfigMap, "settings")
    seen: list[str] = []
    for kind, found in kube.watch(ConfigMap, resource_version=version, server_timeout=60):
        if found.metadata.name == "settings":
            seen.append(kind)
            if kind == "DELETED":
                break
    assert seen == ["ADDED", "DELETED"]


@pytest.mark.parametrize("cascade", list(CascadeType))
def test_a_set_is_deleted_with_or_without_its_pods(
    kube: lightkube.Client, web: StatefulSet, cascade: CascadeType
) -> None:
    kube.delete(StatefulSet, "web", cascade=cascade)
    waiting.until(lambda: not names(kube, StatefulSet), what="without the set")

    def owned() -> list[bool]:
        return [bool(pod.metadata.ownerReferences) for pod in kube.list(Pod)]

    left = [False] * REPLICAS if cascade is CascadeType.ORPHAN else []
    waiting.until(lambda: owned() == left, what="left with the pods that it should be")


def test_a_namespace_ends_with_all_that_is_in_it(
    kube: lightkube.Client, namespace: Namespace, web: StatefulSet
) -> None:
    kube.delete(NamespaceKind, namespace.name)

    def gone() -> bool:
        return namespace.name not in names(kube, NamespaceKind)

    waiting.until(gone, seconds=100, what="without the namespace")


def test_logs_are_read_and_followed(simulator: simulators.Handle) -> None:
    config = lightkube.KubeConfig.from_file(str(simulator.kubeconfig))
    with lightkube.Client(config=config, namespace="default") as kube:
        pod = Pod.from_dict(manifests.pod("lightkube-logs", image="nginx:1.27"))
        kube.create(pod)
        kube.wait(Pod, "lightkube-logs", for_conditions=["Ready"])
        whole = waiting.until(lambda: list(kube.log("lightkube-logs")))
        assert next(iter(kube.log("lightkube-logs", follow=True))) == whole[0]
        kube.delete(Pod, "lightkube-logs", grace_period=0)
