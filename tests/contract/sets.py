"""Reading a StatefulSet, its pods, revisions and claims."""

from __future__ import annotations

from collections.abc import Iterable

from tests.contract import waiting
from tests.contract.client import Namespace, Object


def create(namespace: Namespace, manifest: Object, *, ready: int | None = None) -> Object:
    """Create a set and wait until it is settled with as many ready pods as it wants, or as `ready` says."""
    stored = namespace.post("statefulsets", manifest).ok()
    settle(namespace, stored["metadata"]["name"], ready=ready)
    return namespace.read("statefulsets", stored["metadata"]["name"])


def settle(namespace: Namespace, name: str = "web", *, ready: int | None = None) -> None:
    """Wait until the controller has seen the set's spec and counts that many pods and ready pods."""

    def settled() -> bool:
        stored = namespace.read("statefulsets", name)
        status = stored["status"]
        wanted = stored["spec"]["replicas"] if ready is None else ready
        if status.get("observedGeneration") != stored["metadata"]["generation"]:
            return False
        return (status.get("readyReplicas", 0), status["replicas"]) == (wanted, stored["spec"]["replicas"])

    waiting.until(settled, what=f"{name} settled")


def update(namespace: Namespace, name: str = "web", **spec: object) -> Object:
    """Merge into the spec."""
    return namespace.patch("statefulsets", name, "merge", {"spec": spec}).ok()


def set_image(namespace: Namespace, image: str, name: str = "web") -> Object:
    """Change the image of the container `main`."""
    containers = [{"name": "main", "image": image}]
    patch = {"spec": {"template": {"spec": {"containers": containers}}}}
    return namespace.patch("statefulsets", name, "strategic", patch).ok()


def updated(namespace: Namespace, name: str = "web") -> Object:
    """Wait until every pod runs the newest revision and is ready; returns the set."""

    def done() -> Object | None:
        stored = namespace.read("statefulsets", name)
        status, wanted = stored["status"], stored["spec"]["replicas"]
        seen = status.get("observedGeneration") == stored["metadata"]["generation"]
        counts = (status.get("updatedReplicas"), status.get("readyReplicas"), status["replicas"])
        return stored if seen and counts == (wanted, wanted, wanted) else None

    found = waiting.until(done, what=f"{name} updated")
    assert found is not None
    return found


def pods(namespace: Namespace) -> dict[str, Object]:
    """The pods by name, those that end left out."""
    found = namespace.items("pods")
    return {pod["metadata"]["name"]: pod for pod in found if "deletionTimestamp" not in pod["metadata"]}


def images(namespace: Namespace) -> dict[str, str]:
    """Each pod's image."""
    return {name: pod["spec"]["containers"][0]["image"] for name, pod in pods(namespace).items()}


def is_ready(pod: Object) -> bool:
    conditions = pod["status"].get("conditions", [])
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def revisions(namespace: Namespace) -> dict[int, Object]:
    """The controller revisions by number."""
    return dict(sorted((item["revision"], item) for item in namespace.items("controllerrevisions")))


def revision_of(pod: Object) -> str:
    """The revision's name that a pod runs."""
    name: str = pod["metadata"]["labels"]["controller-revision-hash"]
    return name


def order(events: Iterable[Object], kind: str) -> list[str]:
    """The names in events of a kind, in order."""
    return [event["object"]["metadata"]["name"] for event in events if event["type"] == kind]
