"""When a controller has nothing more to do, found without waiting for a time.

A state is still if nothing in it is on its way: no object is being deleted or has an owner that is gone, every pod is
as ready as its image lets it get, and the set's status counts exactly these pods. Then the controller is made to look
once more: the history limit is raised by one and put back, which means nothing to it, but its two looks are seen in
`observedGeneration`. What is the same before and after is an end: the controller decides from this state alone.
"""

from __future__ import annotations

import difflib

from tests.contract import sets, waiting
from tests.contract.client import Namespace, Object
from tests.walks import actions, states

WITHIN = 100.0
"""Seconds until a walk that does not come to rest is given up; a control plane that others use takes its time."""


def wait(namespace: Namespace, memory: states.Memory, step: int, pause: float) -> list[str]:
    """The lines of the state in which everything rests after an action."""
    told: list[str] = ["nothing was read"]

    def rested() -> tuple[list[str]] | None:
        before = states.glance(namespace)
        told[0] = moving(before)
        if told[0]:
            return None
        before = states.completed(namespace, before)
        told[0] = moving(before)
        if told[0]:
            return None
        if before.statefulset is not None:
            nudge(namespace, before.statefulset["spec"]["revisionHistoryLimit"], pause)
        after = states.read(namespace)
        told[0] = moving(after)
        lines, was = memory.lines(after, step), memory.lines(before, step)
        if lines != was:
            told[0] += " ".join(difflib.unified_diff(was, lines, "before", "after", lineterm="", n=0))
        return None if told[0] else (lines,)

    try:
        found = waiting.until(rested, seconds=WITHIN, pause=pause)
    except AssertionError:
        raise AssertionError(f"in {namespace.name} still: {told[0]}") from None
    assert found is not None
    return found[0]


def nudge(namespace: Namespace, limit: int, pause: float) -> None:
    """Make the controller look twice at a set with this history limit, and wait until it has."""
    sets.update(namespace, states.SET, revisionHistoryLimit=limit + 1)
    generation = sets.update(namespace, states.SET, revisionHistoryLimit=limit)["metadata"]["generation"]

    def observed() -> bool:
        status = namespace.read("statefulsets", states.SET)["status"]
        return bool(status["observedGeneration"] == generation)

    waiting.until(observed, seconds=WITHIN, what=f"generation {generation} observed in {namespace.name}", pause=pause)


def moving(seen: states.Seen) -> str:
    """What is on its way, or an empty text."""
    everything = [*seen.pods, *seen.revisions, *seen.claims]
    for item in [*([seen.statefulset] if seen.statefulset else []), *everything]:
        if "deletionTimestamp" in item["metadata"]:
            return f"{item['metadata']['name']} is being deleted"
    alive = {item["metadata"]["uid"] for item in everything}
    if seen.statefulset is not None:
        alive.add(seen.statefulset["metadata"]["uid"])
    for item in everything:
        if any(owner["uid"] not in alive for owner in states.owners(item)):
            return f"{item['metadata']['name']} has an owner that is gone"
    for pod in seen.pods:
        if not sets.is_ready(pod) and pod["spec"]["containers"][0]["image"] not in actions.BROKEN:
            return f"pod {pod['metadata']['name']} is not ready yet"
    return _miscounted(seen.statefulset, seen.own_pods) if seen.statefulset is not None else ""


def _miscounted(statefulset: Object, pods: list[Object]) -> str:
    """In what the status of a set is not that of its pods, or an empty text. Ready ones will be available soon."""
    status = statefulset["status"]
    if status.get("observedGeneration") != statefulset["metadata"]["generation"]:
        return "the set's newest generation was not seen"
    ready = sum(sets.is_ready(pod) for pod in pods)
    counted = {
        "replicas": len(pods),
        "readyReplicas": ready,
        "availableReplicas": ready,
        "currentReplicas": sum(_runs(pod, status["currentRevision"]) for pod in pods),
        "updatedReplicas": sum(_runs(pod, status["updateRevision"]) for pod in pods),
    }
    said = {key: status.get(key, 0) for key in counted}
    return ", ".join(f"{key} is {said[key]} of {counted[key]}" for key in counted if said[key] != counted[key])


def _runs(pod: Object, revision: str) -> bool:
    return bool(pod["metadata"]["labels"].get("controller-revision-hash") == revision)
