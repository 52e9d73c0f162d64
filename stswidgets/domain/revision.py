"""A StatefulSet's revisions: who runs what, what differs, and what going back would do.

A ControllerRevision holds the pod template alone, as a patch that replaces it. Revisions are the set's by owner uid
(labels may be shared), and are compared by what they mean: a template that another version of Kubernetes wrote may
differ in nulls and written-out defaults and say the same. A revision that comes back gets a new number and keeps its
name and age: when it came back, only its pods can tell.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from stswidgets.domain import ages, diff, paths, pods
from stswidgets.domain.pods import Object

RESTARTED_AT = ("kubectl.kubernetes.io/restartedAt", "kubesphere.io/restartedAt")
CHANGE_CAUSE = "kubernetes.io/change-cause"

# What the API server writes where a template says nothing (pkg/apis/core/v1/defaults.go), by key.
_DEFAULTS: dict[str, Any] = {
    "apiVersion": "v1",
    "defaultMode": 420,
    "dnsPolicy": "ClusterFirst",
    "failureThreshold": 3,
    "periodSeconds": 10,
    "protocol": "TCP",
    "restartPolicy": "Always",
    "schedulerName": "default-scheduler",
    "scheme": "HTTP",
    "successThreshold": 1,
    "terminationGracePeriodSeconds": 30,
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "timeoutSeconds": 1,
}
# An empty map that means something else than none.
_TELLING_WHEN_EMPTY = frozenset({"emptyDir"})
# Maps of a person's own keys: what looks like a default there is none.
_FREE = frozenset({"labels", "annotations", "matchLabels", "nodeSelector", "requests", "limits"})


@dataclasses.dataclass(frozen=True, slots=True)
class Revision:
    """One revision. `number` orders them; `name` is what pods carry as controller-revision-hash, `hash` its last part.

    `pods` are the names of those that run it. `is_current` and `is_update` are the set's status; both may be true.
    """

    number: int
    name: str
    hash: str
    created: datetime | None
    images: tuple[str, ...]
    change_cause: str
    is_current: bool
    is_update: bool
    is_restart_only: bool
    is_live: bool  # says the same as the set's template now
    pods: tuple[str, ...]
    template: Object
    came_back: datetime | None = None  # when a reused revision became active again, where that can be known

    @property
    def since(self) -> datetime | None:
        """When it was last made active: after a roll back later than `created`."""
        return self.came_back or self.created

    @property
    def tone(self) -> str:
        """How it is drawn: the current one, one that is coming, or an old one."""
        return "current" if self.is_current else "incoming" if self.is_update else "old"


def history(sts: Object, revisions: Iterable[Object], found: Iterable[Object] = ()) -> tuple[Revision, ...]:
    """The set's revisions by number, ascending. `found` are its pods."""
    uid = paths.get(sts, ("metadata", "uid"), None)
    own = [each for each in revisions if _owner(each) == uid]
    own.sort(key=lambda each: (_number(each), str(paths.get(each, ("metadata", "creationTimestamp"), "")), _name(each)))
    running: dict[str, list[Object]] = {}
    for pod in found:
        running.setdefault(pods.revision(pod), []).append(pod)
    live = meaning(paths.get(sts, ("spec", "template"), None))
    made: list[Revision] = []
    for each in own:
        made.append(_made(sts, each, running.get(_name(each), []), live, made))
    return tuple(made)


def _made(sts: Object, each: Object, running: list[Object], live: Any, below: list[Revision]) -> Revision:
    """`running` are the pods of this revision, `below` the revisions with lower numbers."""
    template = template_of(each)
    name = _name(each)
    created = _created(each)
    before = below[-1] if below else None
    return Revision(
        number=_number(each),
        name=name,
        hash=name.rpartition("-")[2],
        created=created,
        images=images(template),
        change_cause=str(paths.get(each, ("metadata", "annotations", CHANGE_CAUSE), None) or ""),
        is_current=name == paths.get(sts, ("status", "currentRevision"), None),
        is_update=name == paths.get(sts, ("status", "updateRevision"), None),
        is_restart_only=before is not None and is_restart(before.template, template),
        is_live=meaning(template) == live,
        pods=tuple(pods.name(pod) for pod in running),
        template=template,
        came_back=_came_back(created, running, below),
    )


def _came_back(created: datetime | None, running: list[Object], below: list[Revision]) -> datetime | None:
    """When a revision was made active again: its first pod since. None where it never went, or no pod can tell.

    Numbers grow with each use, so one that was made before a revision with a lower number has come back. Without that
    sign, pods younger than their revision say nothing: they may have been evicted.
    """
    later = [each.created for each in below if each.created is not None and created and each.created > created]
    if not later:
        return None
    # A pod from before the newest of those is left from the revision's earlier time.
    times = [time for pod in running if (time := _created(pod)) is not None and time >= max(later)]
    return min(times, default=None)


def _created(item: Object) -> datetime | None:
    return ages.parse(paths.get(item, ("metadata", "creationTimestamp"), None))


def template_of(revision: Object) -> Object:
    """The pod template that a ControllerRevision holds, without the patch's own marker."""
    template = paths.get(revision, ("data", "spec", "template"), None)
    return {key: value for key, value in template.items() if key != "$patch"} if isinstance(template, dict) else {}


def images(template: Object) -> tuple[str, ...]:
    """The images of the containers, in order, each once."""
    containers = paths.get(template, ("spec", "containers"), None)
    found = (paths.get(each, ("image",), "") for each in (containers if isinstance(containers, list) else ()))
    return tuple(dict.fromkeys(image for image in found if isinstance(image, str) and image))


def meaning(template: Any) -> Any:
    """A template without nulls, empty parts and what the server would write anyhow."""
    return _meaning(template, "")


def _meaning(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return [_meaning(item, "") for item in value]
    if not isinstance(value, dict):
        return value
    if key in _FREE:
        return {name: below for name, below in value.items() if below is not None}
    kept = {}
    for name, below in value.items():
        said = _meaning(below, name)
        if said is None or (said in ({}, []) and name not in _TELLING_WHEN_EMPTY) or _DEFAULTS.get(name) == said:
            continue
        if name == "serviceAccount" and value.get("serviceAccountName") == said:
            continue  # the deprecated twin that the server keeps in step
        if name == "imagePullPolicy" and said == default_pull_policy(value.get("image")):
            continue
        kept[name] = said
    return kept


def default_pull_policy(image: Any) -> str:
    """Always for the tag `latest` or none, else IfNotPresent."""
    text = image if isinstance(image, str) else ""
    tag = text.rpartition("/")[2].partition("@")
    latest = not tag[1] and tag[0].partition(":")[2] in {"", "latest"}
    return "Always" if latest else "IfNotPresent"


def changes(a: Any, b: Any) -> tuple[diff.Change, ...]:
    """What two templates say differently, by field path below `spec.template`."""
    wrapped = ({"spec": {"template": meaning(each)}} for each in (a, b))
    return diff.changes(*wrapped)


def is_restart(a: Any, b: Any) -> bool:
    """Whether two templates differ in nothing but when the pods were last restarted."""
    first, second = (_without_restart(meaning(each)) for each in (a, b))
    return bool(first == second) and meaning(a) != meaning(b)


def _without_restart(template: Any) -> Any:
    for key in RESTARTED_AT:
        template = paths.drop(template, ("metadata", "annotations", key))
    return meaning(template)


@dataclasses.dataclass(frozen=True, slots=True)
class Undo:
    """Where going back leads. `problem` is a message key where it leads nowhere; `restart_only` says that nothing but a
    restart is taken back, `is_live` that nothing would change.
    """

    target: Revision | None
    problem: str = ""
    restart_only: bool = False
    is_live: bool = False


def undo_target(revisions: tuple[Revision, ...], number: int = 0) -> Undo:
    """What `kubectl rollout undo` goes back to: revision `number`, or with 0 the second highest, which after a restart
    is not another version.
    """
    if number:
        target = next((each for each in reversed(revisions) if each.number == number), None)
        if target is None:
            return Undo(None, "revision.not_found")
    elif len(revisions) < 2:
        return Undo(None, "revision.none_before")
    else:
        target = revisions[-2]
    live = next((each for each in reversed(revisions) if each.is_live), None)
    restart_only = live is not None and is_restart(live.template, target.template)
    return Undo(target, restart_only=restart_only, is_live=target.is_live)


def _owner(revision: Object) -> Any:
    owners = paths.get(revision, ("metadata", "ownerReferences"), None)
    for owner in owners if isinstance(owners, list) else ():
        if isinstance(owner, dict) and owner.get("controller"):
            return owner.get("uid")
    return None


def _number(revision: Object) -> int:
    number = revision.get("revision")
    return number if isinstance(number, int) else 0


def _name(revision: Object) -> str:
    return str(paths.get(revision, ("metadata", "name"), ""))
