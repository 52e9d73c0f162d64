"""Which fields of a pod may change (core `ValidatePodUpdate`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, internal, metadata, names, podannotations, pods, scheduling
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
MAY_CHANGE = (
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def create(obj: Json) -> Causes:
    """A new pod, beyond what `whole` says."""
    spec = obj["spec"]
    found: Causes = []
    if spec.get("ephemeralContainers"):
        found.append(causes.forbidden("spec.ephemeralContainers", "cannot be set on create"))
    if spec.get("nodeName") and spec.get("schedulingGates"):
        text = "cannot be set until all schedulingGates have been cleared"
        found.append(causes.forbidden("spec.nodeName", text))
    return found


def whole(obj: Json) -> Causes:
    """What holds for every pod and not for templates (`validatePodMetadataAndSpec`)."""
    meta, spec = obj["metadata"], obj["spec"]
    found = podannotations.check(meta.get("annotations"), spec, "metadata.annotations")
    found += pods.spec(spec, "spec", name=meta.get("name", ""), is_pod=True)
    if not spec.get("serviceAccountName"):
        for index, volume in enumerate(spec.get("volumes") or ()):
            for number, source in enumerate((volume.get("projected") or {}).get("sources") or ()):
                if "serviceAccountToken" in source:
                    here = f"spec.volumes[{index}].projected.sources[{number}].serviceAccountToken"
                    text = "must not be specified when serviceAccountName is not set"
                    found.append(causes.forbidden(here, text))
    found += causes.not_negative("spec.terminationGracePeriodSeconds", spec.get("terminationGracePeriodSeconds", 0))
    for key in ("containers", "initContainers"):
        found += _images(spec, key)
    return found


def _images(spec: Json, key: str) -> Causes:
    text = "must not have leading or trailing whitespace"
    return [
        causes.invalid(f"spec.{key}[{index}].image", container["image"], text)
        for index, container in enumerate(spec.get(key) or ())
        if container.get("image", "").strip() != container.get("image", "")
    ]


def change(new: Json, old: Json) -> Causes:
    """What of the spec a client changed and may not."""
    after, before = new["spec"], old["spec"]
    found: Causes = []
    for key in ("containers", "initContainers"):
        if len(after.get(key) or ()) != len(before.get(key) or ()):
            found.append(causes.forbidden(f"spec.{key}", "pod updates may not add or remove containers"))
            return found
        for index, container in enumerate(after.get(key) or ()):
            if not container.get("image"):
                found.append(causes.required(f"spec.{key}[{index}].image"))
        found += _images(after, key)
    deadline, stop = _deadline(after, before)
    found += deadline
    if stop:
        return found
    found += _tolerations(after.get("tolerations") or [], before.get("tolerations") or [])
    known = {gate.get("name") for gate in before.get("schedulingGates") or ()}
    added = {gate.get("name", ""): index for index, gate in enumerate(after.get("schedulingGates") or ())}
    for name, index in added.items():
        if name not in known:
            text = f"only deletion is allowed, but found new scheduling gate '{name}'"
            found.append(causes.forbidden(f"spec.schedulingGates[{index}].name", text))
    if after == before:
        return found
    kept = _kept(after, before)
    if before.get("schedulingGates"):
        found += _gated(kept, before)
    if internal.show(kept, "PodSpec") != internal.show(before, "PodSpec"):
        shown = internal.differences(before, kept, "PodSpec")
        text = f"pod updates may not change fields other than {MAY_CHANGE}\n{shown}"
        found.append(causes.forbidden("spec", text))
    return found


def _deadline(after: Json, before: Json) -> tuple[Causes, bool]:
    """(causes, whether the server looks no further)."""
    path = "spec.activeDeadlineSeconds"
    new, old = after.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds")
    if new is None:
        if old is None:
            return [], False
        return [causes.invalid(path, None, "must not update from a positive integer to nil value")], False
    if not 0 <= new <= pods.DEADLINE_LIMIT:
        return [causes.invalid(path, new, names.between(0, pods.DEADLINE_LIMIT))], True
    if old is not None and old < new:
        return [causes.invalid(path, new, "must be less than or equal to previous value")], True
    return [], False


def _tolerations(after: list[Json], before: list[Json]) -> Causes:
    def lasting(toleration: Json) -> Json:
        return {key: value for key, value in toleration.items() if key != "tolerationSeconds"}

    kept = [lasting(toleration) for toleration in after]
    if any(lasting(toleration) not in kept for toleration in before):
        text = "existing toleration can not be modified except its tolerationSeconds"
        return [causes.forbidden("spec.tolerations", text)]
    return scheduling.tolerations(after, "spec.tolerations")


def _kept(after: Json, before: Json) -> Json:
    """The new spec with what may change set to what it was."""
    kept = dict(after)
    for key in ("containers", "initContainers"):
        if after.get(key):
            pairs = zip(after[key], before[key], strict=True)
            kept[key] = [{**container, "image": old.get("image", "")} for container, old in pairs]
    for key in ("activeDeadlineSeconds", "schedulingGates", "tolerations"):
        _set(kept, key, before.get(key))
    grace = "terminationGracePeriodSeconds"
    if before.get(grace, 0) < 0 and kept.get(grace) == 1:
        kept[grace] = before[grace]
    return kept


def _set(spec: Json, key: str, value: Any) -> None:
    if value is None:
        spec.pop(key, None)
    else:
        spec[key] = value


def _gated(kept: Json, before: Json) -> Causes:
    """A pod that waits at a gate may narrow where it runs; what it may change is set back in `kept`."""
    found: Causes = []
    new, old = kept.get("nodeSelector") or {}, before.get("nodeSelector") or {}
    if any(new.get(key) != value for key, value in old.items()):
        text = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
        found.append(causes.invalid("spec.nodeSelector", new or None, text))
    _set(kept, "nodeSelector", before.get("nodeSelector"))
    affinity, was = kept.get("affinity"), before.get("affinity")
    new_nodes, old_nodes = (affinity or {}).get("nodeAffinity"), (was or {}).get("nodeAffinity")
    if new_nodes == old_nodes:
        return found
    found += _node_affinity(new_nodes or {}, old_nodes or {})
    if affinity is None:
        kept["affinity"] = {"nodeAffinity": old_nodes}
    elif was is None and not {"podAffinity", "podAntiAffinity"} & set(affinity):
        del kept["affinity"]
    else:
        kept["affinity"] = dict(affinity)
        _set(kept["affinity"], "nodeAffinity", old_nodes)
    return found


def _node_affinity(new: Json, old: Json) -> Causes:
    if REQUIRED not in old:
        return []
    path = f"spec.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms"
    before = old[REQUIRED].get("nodeSelectorTerms") or []
    after = (new.get(REQUIRED) or {}).get("nodeSelectorTerms") or []
    shown = [internal.show(term, "NodeSelectorTerm") for term in after]
    if before and len(before) != len(after):
        text = "no additions/deletions to non-empty NodeSelectorTerms list are allowed"
        return [causes.invalid(path, shown or None, text)]
    text = "only additions are allowed (no mutations or deletions)"
    return [
        causes.invalid(f"{path}[{index}]", shown[index], text)
        for index, (term, was) in enumerate(zip(after, before, strict=False))
        if not _only_adds(term, was)
    ]


def _only_adds(term: Json, was: Json) -> bool:
    keys = ("matchExpressions", "matchFields")
    if not any(was.get(key) for key in keys):
        return not any(term.get(key) for key in keys)
    return all((term.get(key) or [])[: len(was.get(key) or ())] == (was.get(key) or []) for key in keys)


def update(new: Json, old: Json, subresource: str) -> Causes:
    """A changed pod."""
    found = metadata.check_update(new, old)
    if subresource in ("status", "binding", "resize", "ephemeralcontainers"):
        return found
    return [*found, *whole(new), *_annotations(new, old), *change(new, old)]


def _annotations(new: Json, old: Json) -> Causes:
    """Annotations that are fixed."""
    after, before = (obj["metadata"].get("annotations") or {} for obj in (new, old))
    words = {podannotations.APP_ARMOR: "AppArmor annotations", podannotations.MIRROR: "mirror pod annotation"}
    found: Causes = []
    for key in [*before, *(key for key in after if key not in before)]:
        if before.get(key) == after.get(key):
            continue
        what = "remove or update" if key in before else "add"
        found += [
            causes.forbidden(f"metadata.annotations[{key}]", f"may not {what} {text}")
            for prefix, text in words.items()
            if key == prefix or (prefix.endswith("/") and key.startswith(prefix))
        ]
    return [*found, *podannotations.check(after, new["spec"], "metadata.annotations")]
