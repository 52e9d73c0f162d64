"""Carrying out a decision: pods and claims made, mended and deleted, with the events that tell of it.

Rules and texts of `pkg/controller/statefulset/stateful_pod_control.go` (Kubernetes 1.37).
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import status
from stswidgets.simulator.controllers import recorder
from stswidgets.simulator.controllers.statefulsets import decision, identity, retention
from stswidgets.simulator.kinds import claims, pods

Json = dict[str, Any]

_OPTIONS = apis.Options(manager="kube-controller-manager")


class Failed(Exception):  # noqa: N818 - it ends a step, and says so
    """A step could not be done; the text is the error as the controller tells it."""


class PodControl:
    """Does the steps of a decision."""

    def __init__(self, api: apis.Api, events: recorder.Recorder) -> None:
        self._api = api
        self._events = events

    def carry_out(self, situation: decision.Situation, steps: tuple[decision.Step, ...]) -> tuple[str, int]:
        """Do steps until one fails. Answers what went wrong, or an empty text; and how many pods an update deleted.

        Under OrderedReady the first failure ends it. Parallel sets work in batches of 1, 2, 4, ... pods at once: the
        batch of a failure is still finished, the next one is not begun.
        """
        failures: list[str] = []
        last = (-1, -1)
        updated = 0
        for step in steps:
            batch = (step.stage, (step.place + 1).bit_length())
            if failures and (situation.ordered or batch != last):
                break
            last = batch
            try:
                self._do(situation, step)
            except (Failed, status.ApiError) as error:
                failures.append(str(error))
            else:
                updated += step.stage == decision.UPDATE
        return ", ".join(failures), updated

    def _do(self, situation: decision.Situation, step: decision.Step) -> None:
        statefulset = situation.statefulset
        if step.verb == "create":
            self._create(statefulset, step.pod)
        elif step.verb == "delete":
            self._delete(statefulset, step.pod)
        elif step.verb == "update":
            self._update(statefulset, step.pod)
        else:
            if step.stage == decision.REPLICAS:
                self._create_claims(statefulset, step.pod)
            self._correct_claims(statefulset, step.pod)

    def _create(self, statefulset: Json, pod: Json) -> None:
        try:
            self._create_claims(statefulset, pod)
        except Failed as error:
            self._tell("create", statefulset, pod, str(error))
            raise
        failure: status.ApiError | None = None
        try:
            namespace = pod["metadata"]["namespace"]
            pod = self._api.create(pods.KIND, pod, namespace=namespace, options=_OPTIONS).obj
        except status.ApiError as error:
            if error.reason == "AlreadyExists":
                raise
            failure = error
        self._correct_claims(statefulset, pod)
        self._tell("create", statefulset, pod, str(failure) if failure else "")
        if failure:
            raise failure

    def _delete(self, statefulset: Json, pod: Json) -> None:
        metadata = pod["metadata"]
        try:
            self._api.delete(pods.KIND, metadata["namespace"], metadata["name"], options=_OPTIONS)
        except status.ApiError as error:
            if error.code != 404:
                self._tell("delete", statefulset, pod, str(error))
                raise
        self._tell("delete", statefulset, pod)

    def _update(self, statefulset: Json, pod: Json) -> None:
        """Bring identity, storage and the claims' owners in line. The pod is sent, and told of, whichever was not."""
        right = identity.identity_matches(statefulset, pod)
        if not identity.storage_matches(statefulset, pod):
            right = False
            try:
                self._create_claims(statefulset, pod)
            except Failed as error:
                self._tell("update", statefulset, pod, str(error))
                raise
        if self._correct_claims(statefulset, pod):
            right = False
        if right:
            return
        try:
            self._api.update(pods.KIND, identity.with_identity(statefulset, pod), options=_OPTIONS)
        except status.ApiError as error:
            self._tell("update", statefulset, pod, str(error))
            raise
        self._tell("update", statefulset, pod)

    def _create_claims(self, statefulset: Json, pod: Json) -> None:
        """Create the claims that a pod lacks. Failed with the aggregate of what went wrong."""
        failures: list[str] = []
        for claim in identity.claims_for(statefulset, identity.ordinal(pod)):
            metadata = claim["metadata"]
            stored = self._api.store.get(claims.KIND, metadata["namespace"], metadata["name"])
            if stored is not None:
                if decision.is_terminating(stored.obj):
                    failures.append(f"pvc {metadata['name']} is being deleted")
                continue
            failure = ""
            try:
                self._api.create(claims.KIND, claim, namespace=metadata["namespace"], options=_OPTIONS)
            except status.ApiError as error:
                failure = str(error)
                failures.append(f"failed to create PVC {metadata['name']}: {failure}")
            self._tell_claim(statefulset, pod, claim, failure)
        if failures:
            unique = list(dict.fromkeys(failures))
            raise Failed(unique[0] if len(unique) == 1 else f"[{', '.join(unique)}]")

    def _correct_claims(self, statefulset: Json, pod: Json) -> bool:
        """Make set and pod own the claims as the retention policy says. Answers whether a claim was changed."""
        changed = False
        for wanted in identity.claims_for(statefulset, identity.ordinal(pod)):
            metadata = wanted["metadata"]
            stored = self._api.store.get(claims.KIND, metadata["namespace"], metadata["name"])
            if stored is None:
                continue
            if retention.has_other_controller(stored.obj, statefulset, pod):
                message = (
                    f"PersistentVolumeClaim {metadata['name']} has a conflicting OwnerReference that acts as a manging "
                    "controller, the retention policy is ignored for this claim"
                )
                self._events.event(statefulset, "Warning", "ConflictingController", message)
            if not retention.is_current(stored.obj, statefulset, pod):
                corrected = retention.corrected(stored.obj, statefulset, pod)
                self._api.update(claims.KIND, corrected, options=_OPTIONS)
                changed = True
        return changed

    def _tell(self, verb: str, statefulset: Json, pod: Json, failure: str = "") -> None:
        name, parent = pod["metadata"]["name"], statefulset["metadata"]["name"]
        said = f"{verb.title()} Pod {name} in StatefulSet {parent}"
        if failure:
            self._events.event(statefulset, "Warning", f"Failed{verb.title()}", f"{said} failed error: {failure}")
        else:
            self._events.event(statefulset, "Normal", f"Successful{verb.title()}", f"{said} successful")

    def _tell_claim(self, statefulset: Json, pod: Json, claim: Json, failure: str) -> None:
        name, parent = pod["metadata"]["name"], statefulset["metadata"]["name"]
        if failure:
            said = f"Create Claim {claim['metadata']['name']} for Pod {name} in StatefulSet {parent}"
            self._events.event(statefulset, "Warning", "FailedCreate", f"{said} failed error: {failure}")
        else:
            message = f"Create Claim {claim['metadata']['name']} Pod {name} in StatefulSet {parent} success"
            self._events.event(statefulset, "Normal", "SuccessfulCreate", message)
