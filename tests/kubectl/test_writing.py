"""apply, diff, create, edit, patch, set, label, scale, rollout, delete."""

from __future__ import annotations

import copy

import pytest

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace, Object
from tests.kubectl.runner import Kubectl

OLD, NEXT = manifests.IMAGE, manifests.NEXT_IMAGE


@pytest.fixture
def web(run: Kubectl, namespace: Namespace) -> Kubectl:
    """kubectl in a namespace with the set `web` of no pods, made by apply."""
    run("apply", "-f", "-", data=manifests.statefulset(replicas=0)).ok()
    sets.settle(namespace)
    return run


def image(namespace: Namespace) -> str:
    found: str = namespace.read("statefulsets", "web")["spec"]["template"]["spec"]["containers"][0]["image"]
    return found


def changed() -> Object:
    return manifests.statefulset(replicas=0, image=NEXT)


def test_apply_creates_configures_and_leaves(run: Kubectl) -> None:
    first, second, third = (
        run("apply", "-f", "-", data=manifest).ok().out
        for manifest in (manifests.statefulset(replicas=0), manifests.statefulset(replicas=0), changed())
    )
    assert (first, second, third) == (
        "statefulset.apps/web created\n",
        "statefulset.apps/web unchanged\n",
        "statefulset.apps/web configured\n",
    )


def test_apply_a_list(run: Kubectl) -> None:
    both = {"apiVersion": "v1", "kind": "List", "items": [manifests.service(), manifests.statefulset(replicas=0)]}
    assert run("apply", "-f", "-", data=both).ok().lines == ["service/web created", "statefulset.apps/web created"]


def test_apply_removes_what_was_applied_before(web: Kubectl, namespace: Namespace) -> None:
    manifest = manifests.statefulset(replicas=0)
    manifest["metadata"]["labels"] = {"tier": "back"}
    web("apply", "-f", "-", data=manifest).ok()
    web("apply", "-f", "-", data=manifests.statefulset(replicas=0)).ok()
    assert "labels" not in namespace.read("statefulsets", "web")["metadata"]


def test_apply_on_the_server(run: Kubectl) -> None:
    for _ in range(2):
        output = run("apply", "--server-side", "-f", "-", data=manifests.statefulset(replicas=0))
        assert output.ok().out == "statefulset.apps/web serverside-applied\n"


def test_apply_on_the_server_tells_conflicts(run: Kubectl) -> None:
    run("apply", "--server-side", "--field-manager", "other", "-f", "-", data=manifests.statefulset(replicas=0)).ok()
    output = run("apply", "--server-side", "-f", "-", data=changed())
    assert output.code == 1
    assert 'Apply failed with 1 conflict: conflict with "other": .spec.template.spec.containers[name="main"].image' in (
        output.error
    )


def test_apply_refuses_an_unknown_field(run: Kubectl) -> None:
    output = run("apply", "-f", "-", data=manifests.statefulset(paused=True))
    assert output.code == 1
    assert 'strict decoding error: unknown field "spec.paused"' in output.error


def test_apply_says_what_is_invalid(run: Kubectl) -> None:
    output = run("apply", "-f", "-", data=manifests.statefulset(replicas=-1))
    assert output.code == 1
    assert 'The StatefulSet "web" is invalid: spec.replicas: Invalid value: -1' in output.error


def test_diff_of_what_is_there(web: Kubectl) -> None:
    assert web("diff", "-f", "-", data=manifests.statefulset(replicas=0)).ok().out == ""


def test_diff_of_a_change(web: Kubectl) -> None:
    output = web("diff", "-f", "-", data=changed())
    assert output.code == 1
    assert {f"- - image: {OLD}", f"+ - image: {NEXT}"} <= set(output.lines)


def test_create_and_replace(run: Kubectl) -> None:
    assert run("create", "-f", "-", data=manifests.statefulset(replicas=0)).ok().out == "statefulset.apps/web created\n"
    again = run("create", "-f", "-", data=manifests.statefulset(replicas=0))
    assert 'statefulsets.apps "web" already exists' in again.error
    assert run("replace", "-f", "-", data=changed()).ok().out == "statefulset.apps/web replaced\n"


def test_create_a_configmap(run: Kubectl, namespace: Namespace) -> None:
    assert run("create", "configmap", "settings", "--from-literal", "a=1").ok().out == "configmap/settings created\n"
    assert namespace.read("configmaps", "settings")["data"] == {"a": "1"}


def test_edit(web: Kubectl, namespace: Namespace) -> None:
    output = web("edit", "sts", "web", KUBE_EDITOR=f"sed -i s#{OLD}#{NEXT}#")
    assert output.ok().out == "statefulset.apps/web edited\n"
    assert image(namespace) == NEXT


@pytest.mark.parametrize(
    ("kind", "patch"),
    [
        ("strategic", f'{{"spec":{{"template":{{"spec":{{"containers":[{{"name":"main","image":"{NEXT}"}}]}}}}}}}}'),
        ("merge", f'{{"spec":{{"template":{{"spec":{{"containers":[{{"name":"main","image":"{NEXT}"}}]}}}}}}}}'),
        ("json", f'[{{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"{NEXT}"}}]'),
    ],
)
def test_patch(web: Kubectl, namespace: Namespace, kind: str, patch: str) -> None:
    assert web("patch", "sts", "web", "--type", kind, "-p", patch).ok().out == "statefulset.apps/web patched\n"
    assert image(namespace) == NEXT


def test_set_image(web: Kubectl, namespace: Namespace) -> None:
    assert web("set", "image", "sts/web", f"main={NEXT}").ok().out == "statefulset.apps/web image updated\n"
    assert image(namespace) == NEXT


def test_set_env_and_resources(web: Kubectl, namespace: Namespace) -> None:
    assert web("set", "env", "sts/web", "A=1").ok().out == "statefulset.apps/web env updated\n"
    output = web("set", "resources", "sts/web", "--requests", "cpu=100m")
    assert output.ok().out == "statefulset.apps/web resource requirements updated\n"
    (container,) = namespace.read("statefulsets", "web")["spec"]["template"]["spec"]["containers"]
    assert container["env"] == [{"name": "A", "value": "1"}]
    assert container["resources"] == {"requests": {"cpu": "100m"}}


def test_label_and_annotate(web: Kubectl, namespace: Namespace) -> None:
    assert web("label", "sts", "web", "tier=back").ok().out == "statefulset.apps/web labeled\n"
    assert web("annotate", "sts", "web", "owner=me").ok().out == "statefulset.apps/web annotated\n"
    assert web("label", "sts", "web", "tier-").ok().out == "statefulset.apps/web unlabeled\n"
    assert namespace.read("statefulsets", "web")["metadata"]["annotations"]["owner"] == "me"


def test_scale(web: Kubectl, namespace: Namespace) -> None:
    assert web("scale", "sts", "web", "--replicas", "1").ok().out.startswith("statefulset.apps/web scaled")
    sets.settle(namespace)


def test_scale_with_a_wrong_expectation(web: Kubectl) -> None:
    output = web("scale", "sts", "web", "--replicas", "1", "--current-replicas", "4")
    assert output.code == 1
    assert "Expected replicas to be 4, was 0" in output.error


def test_rollout_status_of_a_finished_one(run: Kubectl, namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    assert run("rollout", "status", "sts/web").ok().lines == [
        "partitioned roll out complete: 1 new pods have been updated..."
    ]


def test_rollout_status_waits(run: Kubectl, namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=2)).ok()
    lines = run("rollout", "status", "sts/web").ok().lines
    assert lines[-1] == "partitioned roll out complete: 2 new pods have been updated..."
    assert len(lines) > 1


def test_rollout_history(web: Kubectl, namespace: Namespace) -> None:
    web("annotate", "sts", "web", "kubernetes.io/change-cause=next").ok()
    web("set", "image", "sts/web", f"main={NEXT}").ok()
    waiting.until(lambda: len(sets.revisions(namespace)) == 2, what="second revision")
    assert web("rollout", "history", "sts/web").ok().lines == [
        "statefulset.apps/web",
        "REVISION CHANGE-CAUSE",
        "1 <none>",
        "2 next",
    ]
    one = web("rollout", "history", "sts/web", "--revision", "1").ok().lines
    assert one[0] == "statefulset.apps/web with revision #1"
    assert f"Image: {OLD}" in one


def test_rollout_undo(web: Kubectl, namespace: Namespace) -> None:
    web("set", "image", "sts/web", f"main={NEXT}").ok()
    waiting.until(lambda: len(sets.revisions(namespace)) == 2, what="second revision")
    assert web("rollout", "undo", "sts/web").ok().out == "statefulset.apps/web rolled back\n"
    assert image(namespace) == OLD
    waiting.until(lambda: list(sets.revisions(namespace)) == [2, 3], what="renumbered")


def test_rollout_undo_to_the_newest_is_skipped(web: Kubectl) -> None:
    output = web("rollout", "undo", "sts/web", "--to-revision", "1").ok()
    assert output.out == "statefulset.apps/web skipped rollback (current template already matches revision 1)\n"


def test_rollout_undo_to_an_unknown_revision(web: Kubectl) -> None:
    output = web("rollout", "undo", "sts/web", "--to-revision", "9")
    assert output.code == 1
    assert output.error.endswith("error: unable to find specified revision 9 in history\n")


def test_rollout_restart(web: Kubectl, namespace: Namespace) -> None:
    assert web("rollout", "restart", "sts/web").ok().out == "statefulset.apps/web restarted\n"
    annotations = namespace.read("statefulsets", "web")["spec"]["template"]["metadata"]["annotations"]
    assert set(annotations) == {"kubectl.kubernetes.io/restartedAt"}


def test_rollout_pause_is_refused(web: Kubectl) -> None:
    assert "pausing is not supported" in web("rollout", "pause", "sts/web").error


def test_wait(run: Kubectl, namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset()).ok()
    waiting.until(lambda: namespace.exists("pods", "web-0"), what="pod")
    assert run("wait", "--for=condition=Ready", "pod/web-0", "--timeout=60s").ok().out == "pod/web-0 condition met\n"
    output = run("wait", "--for=jsonpath={.status.readyReplicas}=1", "sts/web", "--timeout=60s")
    assert output.ok().out == "statefulset.apps/web condition met\n"


def test_delete(web: Kubectl) -> None:
    assert web("delete", "sts", "web").ok().lines[0].startswith('statefulset.apps "web" deleted')


def test_delete_and_leave_the_pods(run: Kubectl, namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    run("delete", "sts", "web", "--cascade=orphan").ok()
    waiting.until(lambda: not namespace.exists("statefulsets", "web"), what="without set")
    assert namespace.names("pods") == ["web-0"]


def test_delete_a_pod(run: Kubectl, namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    assert run("delete", "pod", "web-0").ok().lines[0].startswith('pod "web-0" deleted')
    sets.settle(namespace)


def test_delete_by_manifest(web: Kubectl) -> None:
    assert web("delete", "-f", "-", data=manifests.statefulset()).ok().out.startswith('statefulset.apps "web" deleted')


def test_dry_runs(web: Kubectl, namespace: Namespace) -> None:
    output = web("apply", "--dry-run=server", "-f", "-", data=copy.deepcopy(changed()))
    assert output.ok().out == "statefulset.apps/web configured (server dry run)\n"
    assert image(namespace) == OLD
