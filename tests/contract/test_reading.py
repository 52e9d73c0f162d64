"""Other ways to read: tables, logs, events, usage, discovery."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import pytest

from tests.contract import manifests, sets, waiting
from tests.contract.client import Answer, Namespace, Object

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
PARTIAL = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"

COLUMNS = {
    "statefulsets": "Name Ready Age Containers* Images*",
    "pods": "Name Ready Status Restarts Age IP* Node* Nominated-Node* Readiness-Gates*",
    "services": "Name Type Cluster-IP External-IP Port(s) Age Selector*",
    "persistentvolumeclaims": "Name Status Volume Capacity Access-Modes StorageClass VolumeAttributesClass Age "
    "VolumeMode*",
    "controllerrevisions": "Name Controller Revision Age",
    "configmaps": "Name Data Age",
    "events": "Last-Seen Type Reason Object Subobject* Source* Message First-Seen* Count* Name*",
}


def columns(table: Object) -> str:
    """The names of the columns, with a star where they are shown on demand alone."""
    return " ".join(
        column["name"].replace(" ", "-") + ("*" if column["priority"] else "") for column in table["columnDefinitions"]
    )


@pytest.mark.parametrize("plural", COLUMNS)
def test_a_table_has_the_columns_of_its_kind(namespace: Namespace, plural: str) -> None:
    table = namespace.get(plural, accept=TABLE).ok()
    assert (table["apiVersion"], table["kind"]) == ("meta.k8s.io/v1", "Table")
    assert columns(table) == COLUMNS[plural]


def test_a_row_of_a_set_says_what_is_ready(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2))
    (row,) = namespace.get("statefulsets", accept=TABLE).ok()["rows"]
    name, ready, age, containers, image = row["cells"]
    assert (name, ready, containers, image) == ("web", "2/2", "main", manifests.IMAGE)
    assert re.fullmatch(r"\d+s|\dm\d*s?", age)
    assert row["object"]["kind"] == "PartialObjectMetadata"
    assert row["object"]["metadata"]["name"] == "web"


def test_a_row_of_a_pod_says_how_it_is(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    (row,) = namespace.get("pods", accept=TABLE).ok()["rows"]
    pod = namespace.read("pods", "web-0")
    cells = row["cells"]
    assert cells[:4] == ["web-0", "1/1", "Running", "0"]
    assert cells[5:] == [pod["status"]["podIP"], pod["spec"]["nodeName"], "<none>", "<none>"]


def test_a_row_of_a_pod_that_cannot_start_says_why(namespace: Namespace) -> None:
    namespace.post("pods", manifests.pod(image=manifests.BROKEN_IMAGE)).ok()

    def status() -> bool:
        (row,) = namespace.get("pods", accept=TABLE).ok()["rows"]
        return bool(row["cells"][1:3] == ["0/1", "ImagePullBackOff"])

    waiting.until(status, what="told", seconds=90)


def test_a_row_of_a_deleted_pod_says_so(namespace: Namespace) -> None:
    pod = manifests.pod()
    pod["metadata"]["finalizers"] = ["example.com/hold"]
    namespace.post("pods", pod).ok()
    namespace.delete("pods", "one").ok()
    (row,) = namespace.get("pods", accept=TABLE).ok()["rows"]
    assert row["cells"][2] == "Terminating"
    namespace.patch("pods", "one", "merge", {"metadata": {"finalizers": None}}).ok()


def test_a_row_of_a_revision_names_its_controller(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    (row,) = namespace.get("controllerrevisions", accept=TABLE).ok()["rows"]
    assert row["cells"][1:3] == ["statefulset.apps/web", 1]


def test_a_row_of_a_headless_service_says_none(namespace: Namespace) -> None:
    namespace.post("services", manifests.service()).ok()
    (row,) = namespace.get("services", accept=TABLE).ok()["rows"]
    assert row["cells"][:5] == ["web", "ClusterIP", "None", "<none>", "80/TCP"]
    assert row["cells"][6] == "app=web"


def test_a_row_of_a_bound_claim_names_its_volume(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(volumeClaimTemplates=[manifests.claim_template()]))
    (row,) = namespace.get("persistentvolumeclaims", accept=TABLE).ok()["rows"]
    claim = namespace.read("persistentvolumeclaims", "data-web-0")["spec"]
    wanted = ["data-web-0", "Bound", claim["volumeName"], "1Gi", "RWO", claim["storageClassName"], "<unset>"]
    assert row["cells"][:7] == wanted


@pytest.mark.parametrize(("include", "kind"), [("Metadata", "PartialObjectMetadata"), ("Object", "ConfigMap")])
def test_a_row_may_hold_the_whole_object(namespace: Namespace, include: str, kind: str) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    table = namespace.get(
        "configmaps", accept=TABLE, includeObject=include, fieldSelector="metadata.name=settings"
    ).ok()
    assert table["rows"][0]["object"]["kind"] == kind


def test_a_row_may_hold_no_object(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    table = namespace.get("configmaps", accept=TABLE, includeObject="None").ok()
    assert table["rows"][0]["object"] is None


def test_one_object_may_be_a_table(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    table = namespace.get("configmaps", "settings", accept=TABLE).ok()
    assert [row["cells"][:2] for row in table["rows"]] == [["settings", 1]]


def test_a_watch_may_be_of_tables(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    lines = namespace.client.stream(
        namespace.path("configmaps"),
        accept=TABLE,
        watch="true",
        timeoutSeconds=10,
        fieldSelector="metadata.name=settings",
    )
    (line,) = islice(lines, 1)
    assert b'"kind":"Table"' in line
    assert b'"columnDefinitions":[{"name":"Name"' in line


def test_a_list_may_be_of_metadata_alone(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    body = namespace.get("configmaps", accept=PARTIAL).ok()
    assert (body["apiVersion"], body["kind"]) == ("meta.k8s.io/v1", "PartialObjectMetadataList")
    assert all("data" not in item for item in body["items"])


@pytest.fixture
def running(namespace: Namespace) -> Namespace:
    """A namespace with the running pod `one`. What it writes is the test rig's: soon, at least a line."""
    namespace.post("pods", manifests.pod()).ok()
    waiting.until(lambda: sets.is_ready(namespace.read("pods", "one")), what="ready")
    waiting.until(lambda: log(namespace).body, what="a line in the log")
    return namespace


def log(namespace: Namespace, **query: Any) -> Answer:
    return namespace.get("pods", "one", "log", accept="*/*", **query)


def test_a_log_is_text(running: Namespace) -> None:
    answer = log(running)
    assert (answer.code, answer.headers["Content-Type"]) == (200, "text/plain")
    assert isinstance(answer.body, str)


def test_the_end_of_a_log(running: Namespace) -> None:
    (last,) = log(running, tailLines=1).body.splitlines()
    assert last in log(running).body.splitlines()


def test_the_first_bytes_of_a_log(running: Namespace) -> None:
    assert len(log(running, limitBytes=20).body) == 20


def test_a_log_with_times(running: Namespace) -> None:
    (line,) = log(running, tailLines=1, timestamps="true").body.splitlines()
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d) ", line)


def test_a_log_of_the_future_is_empty(running: Namespace) -> None:
    assert log(running, sinceTime="2999-01-01T00:00:00Z").body == ""


def test_a_log_of_an_unknown_container_is_refused(running: Namespace) -> None:
    status = log(running, container="other").failure(400, "BadRequest")
    assert status["message"] == "container other is not valid for pod one"


def test_a_log_of_a_missing_pod_is_not_found(namespace: Namespace) -> None:
    log(namespace).failure(404, "NotFound")


def test_a_log_of_several_containers_needs_a_choice(namespace: Namespace) -> None:
    containers = [{"name": name, "image": manifests.IMAGE} for name in ("a", "b")]
    namespace.post("pods", manifests.pod(containers=containers, nodeSelector={"no": "such-node"})).ok()
    status = log(namespace).failure(400, "BadRequest")
    assert status["message"] == "a container name must be specified for pod one, choose one of: [a b]"


def test_a_log_that_ends_before_it_begins_is_invalid(running: Namespace) -> None:
    message = "Invalid value: -1: must be greater than or equal to 0"
    assert log(running, tailLines=-1).causes() == [("tailLines", "FieldValueInvalid", message)]


def events_of(namespace: Namespace, name: str) -> set[tuple[str, str, str]]:
    found = namespace.items("events", fieldSelector=f"involvedObject.name={name}")
    return {(event["type"], event["reason"], event.get("message", "")) for event in found}


def test_events_tell_what_the_controller_did(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(volumeClaimTemplates=[manifests.claim_template()]))
    wanted = {
        ("Normal", "SuccessfulCreate", "Create Claim data-web-0 Pod web-0 in StatefulSet web success"),
        ("Normal", "SuccessfulCreate", "Create Pod web-0 in StatefulSet web successful"),
    }
    waiting.until(lambda: wanted <= events_of(namespace, "web"), what="told")
    sets.update(namespace, replicas=0)
    gone = ("Normal", "SuccessfulDelete", "Delete Pod web-0 in StatefulSet web successful")
    waiting.until(lambda: gone in events_of(namespace, "web"), what="told")


def test_an_event_names_object_and_source(namespace: Namespace) -> None:
    stored = sets.create(namespace, manifests.statefulset())
    (event, *_) = waiting.until(
        lambda: namespace.items("events", fieldSelector="involvedObject.name=web,reason=SuccessfulCreate")
    )
    assert event["source"] == {"component": "statefulset-controller"}
    assert event["involvedObject"]["kind"] == "StatefulSet"
    assert event["involvedObject"]["uid"] == stored["metadata"]["uid"]
    assert (event["count"], event["type"]) == (1, "Normal")


def test_an_event_tells_where_a_pod_went(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    node = namespace.read("pods", "web-0")["spec"]["nodeName"]
    wanted = ("Normal", "Scheduled", f"Successfully assigned {namespace.name}/web-0 to {node}")
    waiting.until(lambda: wanted in events_of(namespace, "web-0"), what="told")


def test_an_event_tells_why_a_pod_goes_nowhere(namespace: Namespace) -> None:
    namespace.post("pods", manifests.pod(nodeSelector={"no": "such-node"})).ok()

    def told() -> bool:
        found = [message for _, reason, message in events_of(namespace, "one") if reason == "FailedScheduling"]
        return any("node(s) didn't match Pod's node affinity/selector" in message for message in found)

    waiting.until(told, what="told")
    (condition,) = namespace.read("pods", "one")["status"]["conditions"]
    assert (condition["type"], condition["status"], condition["reason"]) == ("PodScheduled", "False", "Unschedulable")


def test_an_event_tells_why_a_pod_was_refused(namespace: Namespace) -> None:
    quota = {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
    namespace.post("resourcequotas", quota).ok()
    waiting.until(lambda: namespace.read("resourcequotas", "none").get("status", {}).get("hard"), what="quota counted")
    namespace.post("statefulsets", manifests.statefulset()).ok()

    def told() -> bool:
        return any(
            reason == "FailedCreate" and "exceeded quota: none" in text
            for _, reason, text in events_of(namespace, "web")
        )

    waiting.until(told, what="told")
    ((_, _, message), *_) = [event for event in events_of(namespace, "web") if event[1] == "FailedCreate"]
    assert message == (
        'Create Pod web-0 in StatefulSet web failed error: pods "web-0" is forbidden: exceeded quota: none, '
        "requested: pods=1, used: pods=0, limited: pods=0"
    )


def test_events_are_in_both_groups(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    address = f"/apis/events.k8s.io/v1/namespaces/{namespace.name}/events"
    events = waiting.until(lambda: namespace.client.request("GET", address).ok()["items"], what="events")
    assert {"SuccessfulCreate", "Scheduled"} <= {event["reason"] for event in events}
    assert all("regarding" in event for event in events)


@pytest.mark.timeout(180)
def test_usage_is_measured_for_every_container(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    address = f"/apis/metrics.k8s.io/v1beta1/namespaces/{namespace.name}/pods"
    (item,) = waiting.until(
        lambda: namespace.client.request("GET", address).ok()["items"], seconds=150, what="measured"
    )
    assert item["metadata"]["name"] == "web-0"
    assert item["metadata"]["labels"]["app"] == "web"
    assert re.fullmatch(r"\d+(\.\d+)?(s|ms|m\d.*s)", item["window"])
    (container,) = item["containers"]
    assert container["name"] == "main"
    assert re.fullmatch(r"\d+[num]?", container["usage"]["cpu"])
    assert re.fullmatch(r"\d+(Ki|Mi|Gi)?", container["usage"]["memory"])


@pytest.mark.timeout(180)
def test_usage_of_nodes_is_measured(namespace: Namespace) -> None:
    address = "/apis/metrics.k8s.io/v1beta1/nodes"
    items = waiting.until(lambda: namespace.client.request("GET", address).ok()["items"], seconds=150, what="measured")
    assert {"cpu", "memory"} <= set(items[0]["usage"])


def test_a_headless_service_lists_its_ready_pods(namespace: Namespace) -> None:
    namespace.post("services", manifests.service()).ok()
    sets.create(namespace, manifests.statefulset(replicas=2))
    addresses = sorted(pod["status"]["podIP"] for pod in sets.pods(namespace).values())

    def listed() -> bool:
        slices = namespace.items("endpointslices", labelSelector="kubernetes.io/service-name=web")
        found = [each for piece in slices for each in piece["endpoints"] or [] if each["conditions"]["ready"]]
        return sorted(address for each in found for address in each["addresses"]) == addresses

    waiting.until(listed, what="listed")


def test_the_version_is_told(namespace: Namespace) -> None:
    version = namespace.client.request("GET", "/version").ok()
    assert re.fullmatch(r"v\d+\.\d+\.\d+.*", version["gitVersion"])
    assert version["gitVersion"].startswith(f"v{version['major']}.{version['minor'].rstrip('+')}.")


@pytest.mark.parametrize("path", ["/readyz", "/livez", "/healthz"])
def test_health_is_ok(namespace: Namespace, path: str) -> None:
    answer = namespace.client.request("GET", path, accept="*/*")
    assert (answer.code, answer.body) == (200, "ok")


def test_resources_are_discovered(namespace: Namespace) -> None:
    resources = namespace.client.request("GET", "/apis/apps/v1").ok()["resources"]
    found = {resource["name"]: resource for resource in resources}
    assert {"statefulsets", "statefulsets/scale", "statefulsets/status", "controllerrevisions"} <= set(found)
    assert found["statefulsets"]["shortNames"] == ["sts"]
    assert found["statefulsets"]["verbs"] == [
        "create",
        "delete",
        "deletecollection",
        "get",
        "list",
        "patch",
        "update",
        "watch",
    ]
    scale = found["statefulsets/scale"]
    assert (scale["group"], scale["version"], scale["kind"]) == ("autoscaling", "v1", "Scale")


def test_all_groups_are_discovered_at_once(namespace: Namespace) -> None:
    accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    body = namespace.client.request("GET", "/apis", accept=accept).ok()
    assert body["kind"] == "APIGroupDiscoveryList"
    assert {"apps", "metrics.k8s.io"} <= {item["metadata"]["name"] for item in body["items"]}


def test_types_are_described(namespace: Namespace) -> None:
    index = namespace.client.request("GET", "/openapi/v3").ok()["paths"]
    address = index["apis/apps/v1"]["serverRelativeURL"]
    path, _, query = address.partition("?")
    document = namespace.client.request("GET", path, **dict(part.split("=") for part in query.split("&"))).ok()
    spec = document["components"]["schemas"]["io.k8s.api.apps.v1.StatefulSetSpec"]
    assert {"replicas", "template", "volumeClaimTemplates", "updateStrategy"} <= set(spec["properties"])
