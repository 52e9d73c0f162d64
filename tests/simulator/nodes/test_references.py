"""Pods whose ConfigMaps and Secrets are not there: what they say, and that they start by themselves."""

from __future__ import annotations

import pytest

from stswidgets.simulator import api as apis
from stswidgets.simulator.kinds import config, pods, services
from stswidgets.simulator.scenarios import manifests


def start(world, volumes=(), spec=(), **container):
    """A pod `one` whose container is like that."""
    main = {"name": "main", "image": "app:1", **container}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "one", "namespace": "default", "labels": {"app": "one"}},
        "spec": {"containers": [main], **({"volumes": volumes} if volumes else {}), **dict(spec)},
    }
    world.api.create(pods.KIND, pod, options=apis.Options(field_validation="Strict"))


def give(world, obj, of=config.CONFIGMAPS):
    world.api.create(of, obj, namespace="default")


def waiting(world):
    return world.pod("one")["status"]["containerStatuses"][0]["state"].get("waiting")


def condition(world, kind):
    return next(item for item in world.pod("one")["status"]["conditions"] if item["type"] == kind)


def said(world, reason):
    return {item["message"]: item["count"] for item in world.events(reason, "one")}


def keyed(kind, **more):
    return [{"name": "A", "valueFrom": {f"{kind}KeyRef": {"name": "x", "key": "k", **more}}}]


@pytest.mark.parametrize(
    ("container", "why"),
    [
        ({"envFrom": [{"configMapRef": {"name": "x"}}]}, 'configmap "x" not found'),
        ({"envFrom": [{"secretRef": {"name": "x"}}]}, 'secret "x" not found'),
        ({"env": keyed("configMap")}, 'configmap "x" not found'),
        ({"env": keyed("secret")}, 'secret "x" not found'),
    ],
    ids=["all of a configmap", "all of a secret", "a key of a configmap", "a key of a secret"],
)
def test_a_container_that_misses_its_variables_says_which_object_is_not_there(world, container, why):
    start(world, **container)
    world.wait(5)
    assert waiting(world) == {"reason": "CreateContainerConfigError", "message": why}
    assert said(world, "Failed") == {f"Error: {why}": 2}
    assert world.pod("one")["status"]["phase"] == "Pending"


@pytest.mark.parametrize(
    ("kind", "obj", "why"),
    [
        (config.CONFIGMAPS, manifests.config_map("x", other="1"), "couldn't find key k in ConfigMap default/x"),
        (config.SECRETS, manifests.secret("x", other="1"), "couldn't find key k in Secret default/x"),
    ],
    ids=["configmap", "secret"],
)
def test_a_container_whose_key_is_missing_says_which(world, kind, obj, why):
    give(world, obj, kind)
    start(world, env=keyed("configMap" if kind is config.CONFIGMAPS else "secret"))
    world.wait(5)
    assert waiting(world)["message"] == why


def test_a_pod_that_misses_variables_has_its_sandbox(world):
    start(world, env=keyed("configMap"))
    world.wait(5)
    assert condition(world, "PodReadyToStartContainers")["status"] == "True"
    assert condition(world, "ContainersReady")["message"] == "containers with unready status: [main]"
    assert world.pod("one")["status"]["podIP"]


def test_missing_variables_are_looked_for_every_ten_to_fifteen_seconds(world):
    start(world, env=keyed("configMap"))
    world.wait(600)
    (count,) = said(world, "Failed").values()
    assert 600 / 15 <= count <= 600 / 10 + 2
    assert said(world, "Pulled")[
        'Container image "app:1" already present on machine and can be accessed by the pod'
    ] == pytest.approx(count, abs=1)


def test_a_container_starts_once_its_configmap_is_there(world):
    start(world, env=keyed("configMap"))
    world.wait(5)
    give(world, manifests.config_map("x", k="v"))
    world.wait(20)
    assert world.ready() == ["one"]
    assert world.pod("one")["status"]["containerStatuses"][0]["restartCount"] == 0


@pytest.mark.parametrize(
    "container",
    [
        {"envFrom": [{"configMapRef": {"name": "x", "optional": True}}]},
        {"envFrom": [{"secretRef": {"name": "x", "optional": True}}]},
        {"env": keyed("configMap", optional=True)},
        {"env": keyed("secret", optional=True)},
    ],
    ids=["all of a configmap", "all of a secret", "a key of a configmap", "a key of a secret"],
)
def test_optional_variables_are_not_waited_for(world, container):
    start(world, **container)
    world.wait(3)
    assert world.ready() == ["one"]


def test_a_restarted_container_waits_for_a_configmap_that_is_gone_since(world):
    give(world, manifests.config_map("x", k="v"))
    start(world, env=keyed("configMap"))
    world.wait(5)
    world.api.delete(config.CONFIGMAPS, "default", "x")
    world.cluster.finish(world.pod("one"), "main", 1)
    world.wait(1.2)
    assert waiting(world)["reason"] == "CreateContainerConfigError"
    assert world.pod("one")["status"]["phase"] == "Running"
    world.wait(3)
    assert waiting(world)["reason"] == "CrashLoopBackOff"
    give(world, manifests.config_map("x", k="v"))
    world.wait(30)
    assert world.ready() == ["one"]


def test_an_init_container_that_misses_its_variables_holds_the_pod_up(world):
    init = {"name": "prepare", "image": "app:1", "env": keyed("secret")}
    start(world, spec={"initContainers": [init]})
    world.wait(5)
    report = world.pod("one")["status"]["initContainerStatuses"][0]
    assert report["state"]["waiting"]["reason"] == "CreateContainerConfigError"
    assert waiting(world) == {"reason": "PodInitializing"}


def test_a_shell_shows_what_its_container_was_started_with(world):
    give(world, manifests.config_map("x", k="first", GREETING="hello"))
    give(world, manifests.secret("y", password="secret"), config.SECRETS)
    start(
        world,
        envFrom=[{"configMapRef": {"name": "x"}, "prefix": "X_"}],
        env=[
            *keyed("configMap"),
            {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "y", "key": "password"}}},
            {"name": "URL", "value": "db://$(PASSWORD)@$(NOBODY)/$$(A)"},
            {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
            {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "1m"}}},
        ],
        resources={"limits": {"cpu": "1500m"}},
    )
    world.wait(5)
    world.change("default", "x", {"data": {"k": "second"}}, of=config.CONFIGMAPS)
    out, _, _ = world.cluster.shell(world.pod("one"), "main", ["env"])
    found = dict(line.split("=", 1) for line in out.splitlines())
    expected = {"A": "first", "X_GREETING": "hello", "PASSWORD": "secret", "POD": "one", "CPU": "1500"}
    assert expected.items() <= found.items()
    assert found["URL"] == "db://secret@$(NOBODY)/$(A)"


def test_a_shell_shows_the_services_that_were_there_when_its_container_began(world):
    def serve(name, address, port):
        ports = [{"name": "web-ui", "port": port, "protocol": "TCP"}]
        spec = {"clusterIP": address, "ports": ports, "selector": {"app": "one"}}
        service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}
        world.api.create(services.KIND, service, namespace="default")

    serve("my-db", "10.96.7.7", 8080)
    start(world)
    world.wait(5)
    serve("later", "10.96.7.8", 8080)
    out, _, _ = world.cluster.shell(world.pod("one"), "main", ["env"])
    found = dict(line.split("=", 1) for line in out.splitlines())
    expected = {
        "KUBERNETES_SERVICE_HOST": "10.96.0.1",
        "MY_DB_SERVICE_HOST": "10.96.7.7",
        "MY_DB_SERVICE_PORT": "8080",
        "MY_DB_SERVICE_PORT_WEB_UI": "8080",
        "MY_DB_PORT": "tcp://10.96.7.7:8080",
        "MY_DB_PORT_8080_TCP_ADDR": "10.96.7.7",
    }
    assert expected.items() <= found.items()
    assert not any(name.startswith("LATER") for name in found)


def test_a_pod_without_service_links_has_the_api_server_alone(world):
    start(world, spec={"enableServiceLinks": False})
    world.wait(5)
    out, _, _ = world.cluster.shell(world.pod("one"), "main", ["env"])
    assert "KUBERNETES_PORT=tcp://10.96.0.1:443" in out.splitlines()


def test_a_container_that_must_not_run_as_root_and_shall_is_not_created(world):
    start(world, spec={"securityContext": {"runAsNonRoot": True}}, securityContext={"runAsUser": 0})
    world.wait(5)
    about = f"one_default({world.pod('one')['metadata']['uid']})"
    assert waiting(world) == {
        "reason": "CreateContainerConfigError",
        "message": f'container\'s runAsUser breaks non-root policy (pod: "{about}", container: main)',
    }


def test_a_pod_s_own_command_sees_values_from_a_configmap(world):
    give(world, manifests.config_map("x", k="hello"))
    start(world, spec={"restartPolicy": "Never"}, env=keyed("configMap"), command=["sh", "-c", "echo $A"])
    world.wait(5)
    assert [line for _, line in world.cluster.logs(world.pod("one"), "main")] == ["hello"]


def mounting(source):
    return {
        "volumes": [{"name": "data", **source}],
        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
    }


PROJECTED = {"projected": {"sources": [{"configMap": {"name": "x"}}, {"secret": {"name": "y"}}]}}


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ({"configMap": {"name": "x"}}, 'configmap "x" not found'),
        ({"secret": {"secretName": "x"}}, 'secret "x" not found'),
        (PROJECTED, '[configmap "x" not found, secret "y" not found]'),
    ],
    ids=["configmap", "secret", "projected"],
)
def test_a_volume_of_what_is_not_there_is_tried_ever_later(world, source, why):
    start(world, **mounting(source))
    world.wait(10)
    message = f'MountVolume.SetUp failed for volume "data" : {why}'
    assert said(world, "FailedMount") == {message: 5}  # at 0, 0.5, 1.5, 3.5, 7.5 seconds
    world.wait(600)
    assert said(world, "FailedMount") == {message: 12}  # 15.5, 31.5, 63.5, then every two minutes
    assert waiting(world) == {"reason": "ContainerCreating"}


@pytest.mark.parametrize(
    ("kind", "obj", "source", "why"),
    [
        (
            config.CONFIGMAPS,
            manifests.config_map("x", other="1"),
            {"configMap": {"name": "x", "items": [{"key": "k", "path": "k"}]}},
            "configmap references non-existent config key: k",
        ),
        (
            config.SECRETS,
            manifests.secret("x", other="1"),
            {"secret": {"secretName": "x", "items": [{"key": "k", "path": "k"}]}},
            "references non-existent secret key: k",
        ),
    ],
    ids=["configmap", "secret"],
)
def test_a_volume_whose_key_is_missing_says_which(world, kind, obj, source, why):
    give(world, obj, kind)
    start(world, **mounting(source))
    world.wait(2)
    assert list(said(world, "FailedMount")) == [f'MountVolume.SetUp failed for volume "data" : {why}']


def test_a_pod_without_its_volumes_has_no_sandbox(world):
    start(world, **mounting({"secret": {"secretName": "x"}}))
    world.wait(5)
    ready = condition(world, "PodReadyToStartContainers")
    assert (ready["status"], ready["reason"], ready["message"]) == (
        "False",
        "PodSandboxNotReady",
        "no pod sandbox exists",
    )
    assert "podIP" not in world.pod("one")["status"]


def test_a_pod_starts_once_its_volume_s_configmap_is_there(world):
    start(world, **mounting({"configMap": {"name": "x"}}))
    world.wait(5)
    give(world, manifests.config_map("x", k="v"))
    world.wait(5)
    assert world.ready() == ["one"]


def test_an_optional_or_an_unused_volume_is_not_waited_for(world):
    start(
        world,
        volumes=[
            {"name": "data", "configMap": {"name": "x", "optional": True}},
            {"name": "unused", "secret": {"secretName": "y"}},
        ],
        volumeMounts=[{"name": "data", "mountPath": "/data"}],
    )
    world.wait(3)
    assert world.ready() == ["one"]


def test_a_pod_that_waits_for_a_volume_can_be_deleted(world):
    start(world, **mounting({"configMap": {"name": "x"}}))
    world.wait(5)
    world.delete_pod("default", "one")
    world.wait(2)
    assert "one" not in world.pods()


def test_missing_pull_secrets_are_told_of_when_a_pull_has_failed(world):
    start(world, spec={"imagePullSecrets": [{"name": "a"}, {"name": "b"}]}, image="app:broken")
    world.wait(3)
    message = "Unable to retrieve some image pull secrets (a, b); attempting to pull the image may not succeed."
    assert said(world, "FailedToRetrieveImagePullSecret") == {message: 1}


def test_missing_pull_secrets_are_not_told_of_when_the_image_was_had(world):
    start(world, spec={"imagePullSecrets": [{"name": "a"}]})
    world.wait(3)
    assert world.ready() == ["one"]
    assert said(world, "FailedToRetrieveImagePullSecret") == {}
