"""get, describe, logs, top, events, explain, auth."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace
from tests.kubectl.runner import Kubectl

NEXT = manifests.NEXT_IMAGE


def test_get_sts(settled: Kubectl) -> None:
    assert settled("get", "sts").ok().lines == ["NAME READY AGE", "web 2/2 AGE"]


def test_get_sts_wide(settled: Kubectl) -> None:
    lines = settled("get", "statefulsets", "-o", "wide").ok().lines
    assert lines == ["NAME READY AGE CONTAINERS IMAGES", f"web 2/2 AGE main {NEXT}"]


def test_get_pods(settled: Kubectl) -> None:
    wanted = ["NAME READY STATUS RESTARTS AGE", "web-0 1/1 Running 0 AGE", "web-1 1/1 Running 0 AGE"]
    assert settled("get", "pods").ok().lines == wanted


def test_get_pods_wide(settled: Kubectl) -> None:
    lines = settled("get", "pods", "-o", "wide").ok().lines
    assert lines[0] == "NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES"
    assert lines[1].startswith("web-0 1/1 Running 0 AGE ADDRESS ")
    assert lines[1].endswith(" <none> <none>")


def test_get_pods_sorted_and_selected(settled: Kubectl) -> None:
    lines = settled("get", "pods", "-l", "app=web", "--sort-by", "{.metadata.labels.apps\\.kubernetes\\.io/pod-index}")
    assert [line.split()[0] for line in lines.ok().lines] == ["NAME", "web-0", "web-1"]


def test_get_claims(settled: Kubectl) -> None:
    lines = settled("get", "pvc").ok().lines
    assert lines[0].startswith("NAME STATUS VOLUME CAPACITY ACCESS MODES STORAGECLASS")
    assert [line.split()[:2] for line in lines[1:]] == [["data-web-0", "Bound"], ["data-web-1", "Bound"]]


def test_get_services(settled: Kubectl) -> None:
    wanted = ["NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE", "web ClusterIP None <none> 80/TCP AGE"]
    assert settled("get", "svc").ok().lines == wanted


def test_get_revisions(settled: Kubectl) -> None:
    lines = settled("get", "controllerrevisions", "--sort-by", ".revision").ok().lines
    assert lines == [
        "NAME CONTROLLER REVISION AGE",
        "REVISION statefulset.apps/web 1 AGE",
        "REVISION statefulset.apps/web 2 AGE",
    ]


def test_get_several_kinds(settled: Kubectl) -> None:
    lines = settled("get", "sts,pods,svc", "-o", "name").ok().lines
    assert lines == ["statefulset.apps/web", "pod/web-0", "pod/web-1", "service/web"]


def test_get_as_yaml(settled: Kubectl) -> None:
    text = settled("get", "sts", "web", "-o", "yaml").ok().out
    assert text.startswith("apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n")
    assert "managedFields" not in text


def test_get_by_path(settled: Kubectl) -> None:
    path = "{range .items[*]}{.metadata.name}={.spec.containers[0].image}{' '}{end}"
    assert settled("get", "pods", "-o", f"jsonpath={path}").ok().out.split() == [f"web-0={NEXT}", f"web-1={NEXT}"]


def test_get_own_columns(settled: Kubectl) -> None:
    lines = settled("get", "sts", "-o", "custom-columns=SET:.metadata.name,WANTED:.spec.replicas").ok().lines
    assert lines == ["SET WANTED", "web 2"]


def test_get_a_missing_one(settled: Kubectl) -> None:
    output = settled("get", "sts", "other")
    assert (output.code, output.error) == (1, 'Error from server (NotFound): statefulsets.apps "other" not found\n')


def test_get_nothing(run: Kubectl) -> None:
    assert run("get", "sts").ok().error == f"No resources found in {run.namespace} namespace.\n"


def test_get_and_watch(run: Kubectl, namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    with run.follow("get", "sts", "--watch") as lines:
        assert list(islice(lines, 2)) == ["NAME READY AGE", "web 0/0 AGE"]
        sets.update(namespace, replicas=1)
        assert "web 1/1 AGE" in lines


def test_describe_a_set(settled: Kubectl) -> None:
    lines = settled("describe", "sts", "web").ok().lines
    assert lines[0] == "Name: web"
    assert {
        "Selector: app=web",
        "Replicas: 2 desired | 2 total",
        "Update Strategy: RollingUpdate",
        "Pods Status: 2 Running / 0 Waiting / 0 Succeeded / 0 Failed",
        "Pod Template:",
        f"Image: {NEXT}",
        "Volume Claims:",
        "Capacity: 1Gi",
        "Access Modes: [ReadWriteOnce]",
    } <= set(lines)
    assert any(line.startswith("Normal SuccessfulCreate AGE") for line in lines)


def test_describe_a_pod(settled: Kubectl) -> None:
    lines = settled("describe", "pod", "web-0").ok().lines
    assert {"Controlled By: StatefulSet/web", "Status: Running", "Ready: True", "Restart Count: 0"} <= set(lines)


def test_logs(settled: Kubectl) -> None:
    assert len(settled("logs", "web-0", "--tail", "2").ok().lines) == 2


def test_logs_of_a_set(settled: Kubectl) -> None:
    output = settled("logs", "sts/web", "--tail", "1", "--timestamps").ok()
    assert output.lines[0].startswith("TIME ")


def test_logs_followed(settled: Kubectl) -> None:
    with settled.follow("logs", "web-0", "--follow", "--tail", "1") as lines:
        assert next(lines)


def test_exec(settled: Kubectl) -> None:
    assert settled("exec", "web-0", "--", "echo", "hello").ok().out == "hello\n"


def test_events(settled: Kubectl) -> None:
    lines = settled("events", "--for", "statefulset/web").ok().lines
    assert lines[0] == "LAST SEEN TYPE REASON OBJECT MESSAGE"
    assert any(
        line.endswith("Normal SuccessfulCreate StatefulSet/web Create Pod web-0 in StatefulSet web successful")
        for line in lines
    )


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("command", "heading"),
    [
        (("top", "pods"), "NAME CPU(cores) MEMORY(bytes)"),
        (("top", "pods", "--containers"), "POD NAME CPU(cores) MEMORY(bytes)"),
        (("top", "nodes"), "NAME CPU(cores) CPU(%) MEMORY(bytes) MEMORY(%)"),
    ],
    ids=" ".join,
)
def test_top(settled: Kubectl, command: tuple[str, ...], heading: str) -> None:
    # Real metrics take half a minute to come.
    output = waiting.until(
        lambda: settled(*command) if settled(*command).code == 0 else None, seconds=150, what="measured"
    )
    assert output is not None
    assert output.lines[0] in (heading, heading.replace("(%)", "%"))
    assert len(output.lines) > 1


def test_explain(settled: Kubectl) -> None:
    lines = settled("explain", "sts.spec.updateStrategy").ok().lines
    assert lines[:3] == ["GROUP: apps", "KIND: StatefulSet", "VERSION: v1"]
    assert any(line.startswith("rollingUpdate <RollingUpdateStatefulSetStrategy>") for line in lines)


def test_api_resources(settled: Kubectl) -> None:
    lines = settled("api-resources", "--api-group", "apps").ok().lines
    assert "statefulsets sts apps/v1 true StatefulSet" in lines


@pytest.mark.parametrize(("verb", "answer"), [("get", "yes"), ("delete", "yes")])
def test_auth_can_i(settled: Kubectl, verb: str, answer: str) -> None:
    assert settled("auth", "can-i", verb, "statefulsets").ok().out == f"{answer}\n"


def test_auth_whoami(settled: Kubectl) -> None:
    assert settled("auth", "whoami").ok().lines[0] == "ATTRIBUTE VALUE"


def test_version(settled: Kubectl) -> None:
    assert settled("version", "-o", "json").json()["serverVersion"]["major"] == "1"


def test_cluster_info(settled: Kubectl) -> None:
    assert "Kubernetes control plane" in settled("cluster-info").ok().out
