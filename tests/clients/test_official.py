"""The official Python client: typed, dynamic, its watch, its streams and its utilities."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes
import pytest
import yaml
from kubernetes import dynamic, stream, utils, watch
from kubernetes.client import ApiException, models

from stswidgets import simulator as simulators
from tests.contract import manifests, waiting
from tests.contract.client import Namespace

REPLICAS = 2


@pytest.fixture
def api(kubeconfig: Path) -> Iterator[kubernetes.client.ApiClient]:
    """A client of the cluster under test."""
    made = kubernetes.config.new_client_from_config(str(kubeconfig))
    yield made
    close(made)


def close(api: kubernetes.client.ApiClient) -> None:
    """End a client with its connections, which its own `close` leaves to the garbage collector."""
    api.rest_client.pool_manager.clear()
    api.close()


@pytest.fixture
def core(api: kubernetes.client.ApiClient) -> kubernetes.client.CoreV1Api:
    return kubernetes.client.CoreV1Api(api)


@pytest.fixture
def apps(api: kubernetes.client.ApiClient) -> kubernetes.client.AppsV1Api:
    return kubernetes.client.AppsV1Api(api)


def statefulset(name: str = "web", **spec: Any) -> models.V1StatefulSet:
    """A set with a claim for each pod, as typed models."""
    container = models.V1Container(
        name="main",
        image=manifests.IMAGE,
        ports=[models.V1ContainerPort(name="http", container_port=80)],
        volume_mounts=[models.V1VolumeMount(name="data", mount_path="/data")],
    )
    claim = models.V1PersistentVolumeClaim(
        metadata=models.V1ObjectMeta(name="data"),
        spec=models.V1PersistentVolumeClaimSpec(
            access_modes=["ReadWriteOnce"],
            resources=models.V1VolumeResourceRequirements(requests={"storage": "1Gi"}),
        ),
    )
    labels = {"app": name}
    template = models.V1PodTemplateSpec(
        metadata=models.V1ObjectMeta(labels=labels), spec=models.V1PodSpec(containers=[container])
    )
    wanted = models.V1StatefulSetSpec(
        replicas=spec.pop("replicas", REPLICAS),
        service_name=name,
        selector=models.V1LabelSelector(match_labels=labels),
        template=template,
        volume_claim_templates=[claim],
        **spec,
    )
    return models.V1StatefulSet(metadata=models.V1ObjectMeta(name=name), spec=wanted)


def until_ready(apps: kubernetes.client.AppsV1Api, namespace: str, name: str = "web") -> models.V1StatefulSet:
    """Watch until the set is settled: all pods of its newest revision, and ready."""
    watcher = watch.Watch()
    for event in watcher.stream(
        apps.list_namespaced_stateful_set, namespace, field_selector=f"metadata.name={name}", timeout_seconds=100
    ):
        found: models.V1StatefulSet = event["object"]
        state, wanted = found.status, found.spec.replicas
        seen = state.observed_generation == found.metadata.generation
        if seen and (state.ready_replicas or 0, state.updated_replicas or 0, state.replicas) == (wanted,) * 3:
            watcher.stop()
            return found
    pytest.fail(f"{name} never settled")


@pytest.fixture
def web(apps: kubernetes.client.AppsV1Api, namespace: Namespace) -> models.V1StatefulSet:
    """A settled set."""
    apps.create_namespaced_stateful_set(namespace.name, statefulset())
    return until_ready(apps, namespace.name)


def test_a_set_with_its_service_gets_pods_and_claims(
    core: kubernetes.client.CoreV1Api, apps: kubernetes.client.AppsV1Api, namespace: Namespace
) -> None:
    service = models.V1Service(
        metadata=models.V1ObjectMeta(name="web"),
        spec=models.V1ServiceSpec(
            cluster_ip="None", selector={"app": "web"}, ports=[models.V1ServicePort(name="http", port=80)]
        ),
    )
    core.create_namespaced_service(namespace.name, service)
    apps.create_namespaced_stateful_set(namespace.name, statefulset())
    settled = until_ready(apps, namespace.name)
    assert settled.status.current_revision == settled.status.update_revision
    assert [pod.metadata.name for pod in core.list_namespaced_pod(namespace.name).items] == ["web-0", "web-1"]
    claims = core.list_namespaced_persistent_volume_claim(namespace.name).items
    assert {claim.metadata.name: claim.status.phase for claim in claims} == {
        "data-web-0": "Bound",
        "data-web-1": "Bound",
    }
    addresses = waiting.until(lambda: core.read_namespaced_endpoints("web", namespace.name).subsets)
    assert addresses is not None


def test_lists_come_in_pages_and_by_selectors(
    core: kubernetes.client.CoreV1Api, namespace: Namespace, web: models.V1StatefulSet
) -> None:
    first = core.list_namespaced_pod(namespace.name, limit=1)
    rest = core.list_namespaced_pod(namespace.name, limit=1, _continue=first.metadata._continue)
    assert [pod.metadata.name for page in (first, rest) for pod in page.items] == ["web-0", "web-1"]
    assert not rest.metadata._continue
    by_label = core.list_namespaced_pod(namespace.name, label_selector="apps.kubernetes.io/pod-index in (1, 7)")
    assert [pod.metadata.name for pod in by_label.items] == ["web-1"]
    by_field = core.list_namespaced_pod(namespace.name, field_selector="status.phase=Running,metadata.name!=web-1")
    assert [pod.metadata.name for pod in by_field.items] == ["web-0"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/strategic-merge-patch+json", {"metadata": {"labels": {"tier": "front"}}}),
        ("application/merge-patch+json", {"metadata": {"labels": {"tier": "front"}}}),
        ("application/json-patch+json", [{"op": "add", "path": "/metadata/labels", "value": {"tier": "front"}}]),
    ],
)
def test_each_type_of_patch_changes_the_set(
    apps: kubernetes.client.AppsV1Api, namespace: Namespace, content_type: str, body: Any
) -> None:
    apps.create_namespaced_stateful_set(namespace.name, statefulset(replicas=0))
    patched = apps.patch_namespaced_stateful_set("web", namespace.name, body, _content_type=content_type)
    assert patched.metadata.labels == {"tier": "front"}


def test_another_managers_field_is_not_applied_without_force(
    apps: kubernetes.client.AppsV1Api, namespace: Namespace
) -> None:
    apps.create_namespaced_stateful_set(namespace.name, statefulset(replicas=0), field_manager="first")
    applied = {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web"}, "spec": {"replicas": 1}}

    def apply(**options: Any) -> models.V1StatefulSet:
        return apps.patch_namespaced_stateful_set(
            "web",
            namespace.name,
            applied,
            field_manager="second",
            _content_type="application/apply-patch+yaml",
            **options,
        )

    with pytest.raises(ApiException) as refused:
        apply()
    assert (refused.value.status, refused.value.reason) == (409, "Conflict")
    causes = json.loads(refused.value.body)["details"]["causes"]
    assert [(cause["field"], cause["message"]) for cause in causes] == [
        (".spec.replicas", 'conflict with "first" using apps/v1')
    ]
    assert apply(force=True).spec.replicas == 1


def test_an_update_of_what_has_changed_since_is_a_conflict(
    apps: kubernetes.client.AppsV1Api, namespace: Namespace
) -> None:
    old = apps.create_namespaced_stateful_set(namespace.name, statefulset(replicas=0))
    apps.patch_namespaced_stateful_set("web", namespace.name, {"metadata": {"labels": {"a": "b"}}})
    with pytest.raises(ApiException) as refused:
        apps.replace_namespaced_stateful_set("web", namespace.name, old)
    assert refused.value.status == 409
    assert "the object has been modified" in str(refused.value.body)


def test_a_missing_set_is_an_api_exception(apps: kubernetes.client.AppsV1Api, namespace: Namespace) -> None:
    with pytest.raises(ApiException) as missing:
        apps.read_namespaced_stateful_set("none", namespace.name)
    assert missing.value.status == 404


def test_scaling_removes_the_highest_pod_and_keeps_its_claim(
    core: kubernetes.client.CoreV1Api,
    apps: kubernetes.client.AppsV1Api,
    namespace: Namespace,
    web: models.V1StatefulSet,
) -> None:
    apps.patch_namespaced_stateful_set_scale("web", namespace.name, {"spec": {"replicas": 1}})
    assert apps.read_namespaced_stateful_set_scale("web", namespace.name).spec.replicas == 1
    until_ready(apps, namespace.name)
    assert [pod.metadata.name for pod in core.list_namespaced_pod(namespace.name).items] == ["web-0"]
    assert len(core.list_namespaced_persistent_volume_claim(namespace.name).items) == REPLICAS


def test_an_image_is_rolled_out_and_undone_by_its_revision(
    core: kubernetes.client.CoreV1Api,
    apps: kubernetes.client.AppsV1Api,
    namespace: Namespace,
    web: models.V1StatefulSet,
) -> None:
    def images() -> set[str]:
        return {pod.spec.containers[0].image for pod in core.list_namespaced_pod(namespace.name).items}

    containers = [{"name": "main", "image": manifests.NEXT_IMAGE}]
    apps.patch_namespaced_stateful_set(
        "web", namespace.name, {"spec": {"template": {"spec": {"containers": containers}}}}
    )
    until_ready(apps, namespace.name)
    assert images() == {manifests.NEXT_IMAGE}
    revisions = apps.list_namespaced_controller_revision(namespace.name).items
    first = min(revisions, key=lambda revision: revision.revision)
    assert first.metadata.name == web.status.current_revision
    # What `kubectl rollout undo` sends: a revision's data is a patch.
    apps.patch_namespaced_stateful_set("web", namespace.name, first.data)
    undone = until_ready(apps, namespace.name)
    assert images() == {manifests.IMAGE}
    assert undone.status.update_revision == first.metadata.name


def test_a_watch_reports_a_delete_and_everything_before_it(
    core: kubernetes.client.CoreV1Api, namespace: Namespace
) -> None:
    listed = core.list_namespaced_config_map(namespace.name)
    core.create_namespaced_config_map(namespace.name, manifests.configmap())
    core.delete_namespaced_config_map("settings", namespace.name)
    watcher = watch.Watch()
    seen: list[tuple[str, str]] = []
    for event in watcher.stream(
        core.list_namespaced_config_map,
        namespace.name,
        resource_version=listed.metadata.resource_version,
        timeout_seconds=60,
    ):
        if event["object"].metadata.name == "settings":
            seen.append((event["type"], event["object"].metadata.name))
            if event["type"] == "DELETED":
                watcher.stop()
    assert seen == [("ADDED", "settings"), ("DELETED", "settings")]


def test_a_watch_from_long_ago_replays_or_is_a_410(core: kubernetes.client.CoreV1Api, namespace: Namespace) -> None:
    # A young control plane still has its whole history; an older one, and the simulator, have forgotten it.
    core.create_namespaced_config_map(namespace.name, manifests.configmap())
    stream = watch.Watch().stream(
        core.list_namespaced_config_map, namespace.name, resource_version="1", timeout_seconds=30
    )
    try:
        first = next(stream)
    except ApiException as error:
        assert error.status == 410  # noqa: PT017 - which of the two comes is the server's age
    else:
        assert first["type"] == "ADDED"


def test_a_manifest_file_of_several_objects_is_created(
    api: kubernetes.client.ApiClient, apps: kubernetes.client.AppsV1Api, namespace: Namespace, tmp_path: Path
) -> None:
    path = tmp_path / "web.yaml"
    path.write_text(yaml.safe_dump_all([manifests.service(), manifests.statefulset(replicas=0)]), encoding="utf-8")
    utils.create_from_yaml(api, str(path), namespace=namespace.name)
    assert apps.read_namespaced_stateful_set("web", namespace.name).spec.service_name == "web"
    with pytest.raises(utils.FailToCreateError) as taken:
        utils.create_from_yaml(api, str(path), namespace=namespace.name)
    assert [error.status for error in taken.value.api_exceptions] == [409, 409]


def test_the_dynamic_client_finds_and_applies_a_set(
    api: kubernetes.client.ApiClient, namespace: Namespace, tmp_path: Path
) -> None:
    anything = dynamic.DynamicClient(api, cache_file=str(tmp_path / "discovery"))
    sets = anything.resources.get(api_version="apps/v1", kind="StatefulSet")
    wanted = manifests.statefulset(replicas=0)
    applied = sets.server_side_apply(body=wanted, name="web", namespace=namespace.name, field_manager="dynamic")
    assert [entry.operation for entry in applied.metadata.managedFields] == ["Apply"]
    assert [item.metadata.name for item in sets.get(namespace=namespace.name).items] == ["web"]
    sets.delete(name="web", namespace=namespace.name)


@pytest.mark.parametrize("propagation", ["Foreground", "Background", "Orphan"])
def test_a_set_is_deleted_with_or_without_its_pods(
    core: kubernetes.client.CoreV1Api,
    apps: kubernetes.client.AppsV1Api,
    namespace: Namespace,
    web: models.V1StatefulSet,
    propagation: str,
) -> None:
    apps.delete_namespaced_stateful_set("web", namespace.name, propagation_policy=propagation)
    waiting.until(lambda: not apps.list_namespaced_stateful_set(namespace.name).items, what="without the set")

    def owned() -> list[bool]:
        pods = core.list_namespaced_pod(namespace.name).items
        return [bool(pod.metadata.owner_references) for pod in pods]

    left = [False] * REPLICAS if propagation == "Orphan" else []
    waiting.until(lambda: owned() == left, what="left with the pods that it should be")


def test_a_namespace_ends_with_all_that_is_in_it(
    core: kubernetes.client.CoreV1Api, namespace: Namespace, web: models.V1StatefulSet
) -> None:
    core.delete_namespace(namespace.name)

    def gone() -> bool:
        try:
            core.read_namespace(namespace.name)
        except ApiException as error:
            return bool(error.status == 404)
        return False

    waiting.until(gone, seconds=100, what="without the namespace")


@pytest.fixture
def pod(simulator: simulators.Handle) -> Iterator[tuple[kubernetes.client.CoreV1Api, str]]:
    """A running pod of the simulator: (a client, its namespace)."""
    api = kubernetes.config.new_client_from_config(str(simulator.kubeconfig))
    core = kubernetes.client.CoreV1Api(api)
    name = core.create_namespace({"metadata": {"generateName": "streams-"}}).metadata.name
    manifest = manifests.pod(image="nginx:1.27")
    waiting.until(lambda: core.list_namespaced_service_account(name).items)
    core.create_namespaced_pod(name, manifest)
    waiting.until(lambda: core.read_namespaced_pod("one", name).status.phase == "Running")
    yield core, name
    core.delete_namespace(name)
    close(api)


def test_logs_are_read_and_followed(pod: tuple[kubernetes.client.CoreV1Api, str]) -> None:
    core, namespace = pod
    whole = waiting.until(lambda: core.read_namespaced_pod_log("one", namespace))
    followed = watch.Watch()
    for line in followed.stream(core.read_namespaced_pod_log, "one", namespace):
        assert line == whole.splitlines()[0]
        followed.stop()


@contextlib.contextmanager
def executing(core: kubernetes.client.CoreV1Api, namespace: str, *command: str) -> Iterator[stream.ws_client.WSClient]:
    """A command's streams. The client leaves a socket open that the server has closed: that is done here."""
    session = stream.stream(
        core.connect_get_namespaced_pod_exec,
        "one",
        namespace,
        command=list(command),
        stdin=command == ("sh",),
        stdout=True,
        stderr=True,
        _preload_content=False,
    )
    try:
        yield session
    finally:
        session.sock.shutdown()


def test_a_command_is_run_in_a_container(pod: tuple[kubernetes.client.CoreV1Api, str]) -> None:
    with executing(*pod, "echo", "hello") as session:
        session.run_forever(timeout=30)
        assert session.returncode == 0
        assert session.read_all() == "hello\n"


def test_a_shell_reads_lines_and_ends_with_an_exit_code(pod: tuple[kubernetes.client.CoreV1Api, str]) -> None:
    with executing(*pod, "sh") as session:
        session.write_stdin("hostname\nexit 3\n")
        session.run_forever(timeout=30)
        assert session.read_stdout() == "one\n"
        assert session.returncode == 3
