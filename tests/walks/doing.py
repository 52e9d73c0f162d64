"""Actions carried out over HTTP, with the requests that kubectl sends for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contract import manifests, sets, waiting
from tests.contract.client import Answer, Namespace, Object
from tests.walks import states
from tests.walks.actions import Action

SET = states.SET


class Walker:
    """A user in a namespace of their own, who keeps the manifest of the set that they deleted last."""

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace
        self._kept: Object = {}
        self._restarts = 0
        self._verbs: dict[str, Callable[..., None]] = {
            "create": self._create,
            "create again": self._create_again,
            "delete": self._delete,
            "scale": self._update,
            "strategy": self._strategy,
            "retention": self._update,
            "history limit": self._update,
            "min ready": self._update,
            "ordinals": self._update,
            "image": self._image,
            "break": self._image,
            "scale and image": self._scale_and_image,
            "undo": self._undo,
            "undo to": self._undo_to,
            "restart": self._restart,
            "change cause": self._annotate,
            "delete pod": self._delete_pod,
            "delete two pods": self._delete_two_pods,
            "delete unready pods": self._delete_unready_pods,
            "fail pod": self._fail_pod,
            "delete claim and pod": self._delete_claim_and_pod,
            "let go of pod": self._let_go,
            "give pods back": self._give_back,
        }

    def do(self, action: Action) -> None:
        """Send what the action takes. What there is nothing to do it to is left out."""
        self._verbs[action.name](**action.arguments)

    def _create(self, *, image: str, claims: int, **spec: Any) -> None:
        templates = [manifests.claim_template(name) for name in ("data", "logs")[:claims]]
        self._post(manifests.statefulset(SET, image=image, volumeClaimTemplates=templates, **spec))

    def _post(self, manifest: Object) -> None:
        self._namespace.post("statefulsets", manifest).ok()

    def _create_again(self, *, claims: int | None = None, image: str = "", **changes: Any) -> None:
        spec = {**self._kept["spec"], **changes}
        if claims is not None:
            spec["volumeClaimTemplates"] = [manifests.claim_template(name) for name in ("data", "logs")[:claims]]
        if image:
            spec["template"]["spec"]["containers"][0]["image"] = image
        metadata = {"name": SET, "annotations": self._kept["metadata"].get("annotations") or {}}
        self._post({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata, "spec": spec})

    def _delete(self, *, propagation: str) -> None:
        self._kept = self._namespace.read("statefulsets", SET)
        self._namespace.delete("statefulsets", SET, {"propagationPolicy": propagation}).ok()
        waiting.until(lambda: not self._namespace.exists("statefulsets", SET), seconds=60, what="without the set")

    def _update(self, **spec: Any) -> None:
        sets.update(self._namespace, SET, **spec)

    def _strategy(self, *, updateStrategy: dict[str, Any]) -> None:
        self._update(updateStrategy={"rollingUpdate": None, **updateStrategy})

    def _image(self, *, image: str) -> None:
        sets.set_image(self._namespace, image, SET)

    def _scale_and_image(self, *, replicas: int, image: str) -> None:
        template = {"spec": {"containers": [{"name": "main", "image": image}]}}
        self._patch({"spec": {"replicas": replicas, "template": template}})

    def _restart(self) -> None:
        self._restarts += 1
        stamp = {"kubectl.kubernetes.io/restartedAt": f"2026-11-24T00:00:{self._restarts:02}Z"}
        self._patch({"spec": {"template": {"metadata": {"annotations": stamp}}}})

    def _annotate(self, *, cause: str) -> None:
        self._patch({"metadata": {"annotations": {"kubernetes.io/change-cause": cause}}})

    def _patch(self, body: Object) -> None:
        self._namespace.patch("statefulsets", SET, "strategic", body).ok()

    # Going back: `kubectl rollout undo` takes the second highest number, or the one it is told.

    def _undo(self) -> None:
        revisions = self._revisions()
        if len(revisions) > 1:
            self._patch(revisions[-2]["data"])

    def _undo_to(self, *, place: int) -> None:
        revisions = self._revisions()
        self._patch(revisions[place % len(revisions)]["data"])

    def _revisions(self) -> list[Object]:
        return states.read(self._namespace).revisions

    # Pods

    def _pods(self) -> list[Object]:
        return states.read(self._namespace).pods

    def _remove(self, pod: Object) -> None:
        _found(self._namespace.delete("pods", pod["metadata"]["name"]))

    def _delete_pod(self, *, place: int) -> None:
        pods = self._pods()
        if pods:
            self._remove(pods[place % len(pods)])

    def _delete_two_pods(self, *, place: int) -> None:
        pods = self._pods()
        first = place % max(len(pods), 1)
        for pod in (pods[first:] + pods[:first])[:2]:
            self._remove(pod)

    def _delete_unready_pods(self) -> None:
        for pod in self._pods():
            if not sets.is_ready(pod):
                self._remove(pod)

    def _fail_pod(self, *, place: int) -> None:
        """What a kubelet reports of a pod that it evicted."""
        pods = self._pods()
        if pods:
            name = pods[place % len(pods)]["metadata"]["name"]
            status = {"phase": "Failed", "reason": "Evicted"}
            self._namespace.patch("pods", name, "merge", {"status": status}, "status").ok()

    def _delete_claim_and_pod(self, *, place: int) -> None:
        """Take away a pod's data: its first claim, which stays until the pod is gone."""
        pods = [pod for pod in self._pods() if _claims_of(pod)]
        if pods:
            pod = pods[place % len(pods)]
            _found(self._namespace.delete("persistentvolumeclaims", _claims_of(pod)[0]))
            self._remove(pod)

    def _let_go(self, *, place: int) -> None:
        """Change a pod's label so that the set's selector does not find it."""
        pods = self._pods()
        if pods:
            self._label(pods[place % len(pods)], "other")

    def _give_back(self) -> None:
        for pod in self._pods():
            if pod["metadata"]["labels"]["app"] != SET:
                self._label(pod, SET)

    def _label(self, pod: Object, value: str) -> None:
        labels = {"metadata": {"labels": {"app": value}}}
        self._namespace.patch("pods", pod["metadata"]["name"], "merge", labels).ok()


def _found(answer: Answer) -> None:
    """A delete that went well, or came too late."""
    assert answer.code in (200, 202, 404), answer.body


def _claims_of(pod: Object) -> list[str]:
    volumes = pod["spec"].get("volumes", [])
    return sorted(
        volume["persistentVolumeClaim"]["claimName"] for volume in volumes if volume.get("persistentVolumeClaim")
    )
