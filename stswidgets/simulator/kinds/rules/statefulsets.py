"""Rules about StatefulSets (apps `ValidateStatefulSet`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import labelselector
from stswidgets.simulator.kinds.rules import causes, claims, internal, metadata, names, pods
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

POLICIES = ("OrderedReady", "Parallel")
RETENTION = ("Retain", "Delete")


def _rolling_update(rolling: Json, path: str) -> Causes:
    found = causes.not_negative(f"{path}.partition", rolling.get("partition", 0))
    limit = rolling.get("maxUnavailable")
    here = f"{path}.maxUnavailable"
    if isinstance(limit, str):
        found += [causes.invalid(here, limit, message, typed=True) for message in names.percent(limit)]
        percent = int(limit[:-1]) if not names.percent(limit) else 0
        if percent == 0:
            found.append(causes.invalid(here, limit, "cannot be 0", typed=True))
        if percent > 100:
            found.append(causes.invalid(here, limit, "must not be greater than 100%", typed=True))
    elif limit is not None:
        found += causes.not_negative(here, limit)
        if limit == 0:
            found.append(causes.invalid(here, limit, "cannot be 0"))
    return found


def _internal(rolling: Json | None) -> Json | None:
    """As the server's internal type prints it."""
    if rolling is None:
        return None
    return {"Partition": rolling.get("partition", 0), "MaxUnavailable": rolling.get("maxUnavailable")}


def _update_strategy(value: Json, path: str) -> Causes:
    kind, rolling = value.get("type", ""), value.get("rollingUpdate")
    if kind == "RollingUpdate":
        return [] if rolling is None else _rolling_update(rolling, f"{path}.rollingUpdate")
    if kind == "OnDelete":
        if rolling is None:
            return []
        shown = _internal(rolling)
        text = "only allowed for updateStrategy 'RollingUpdate'"
        return [causes.invalid(f"{path}.rollingUpdate", shown, text)]
    given = {"Type": kind, "RollingUpdate": _internal(rolling)}
    return [causes.invalid(path, given, "must be 'RollingUpdate' or 'OnDelete'")]


def _spec(spec: Json, *, new: bool) -> Causes:
    """`ValidateStatefulSetSpec`; on update the rules of fields that never change are not asked again."""
    found: Causes = []
    policy = spec["podManagementPolicy"]
    if policy not in POLICIES:
        text = "must be 'OrderedReady' or 'Parallel'"
        found.append(causes.invalid("spec.podManagementPolicy", policy, text, typed=True))
    found += _update_strategy(spec["updateStrategy"], "spec.updateStrategy")
    for key in ("whenDeleted", "whenScaled"):
        wanted = spec["persistentVolumeClaimRetentionPolicy"][key]
        if wanted not in RETENTION:
            path = f"spec.persistentVolumeClaimRetentionPolicy.{key}"
            found.append(causes.not_supported(path, wanted, RETENTION))
    for index, claim in enumerate(spec.get("volumeClaimTemplates") or () if new else ()):
        found += claims.spec(claim["spec"], f"spec.volumeClaimTemplates[{index}].spec")
    found += causes.not_negative("spec.replicas", spec["replicas"])
    found += causes.not_negative("spec.minReadySeconds", spec.get("minReadySeconds", 0))
    found += causes.not_negative("spec.ordinals.start", (spec.get("ordinals") or {}).get("start", 0))
    service = spec.get("serviceName", "")
    if new and service:
        found += causes.all_of("spec.serviceName", service, names.dns_label(service))
    return [*found, *_selector(spec), *_template(spec)]


def _selector(spec: Json) -> Causes:
    selector = spec.get("selector")
    if selector is None:
        return [causes.required("spec.selector")]
    found = metadata.selector(selector, "spec.selector")
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        found.append(causes.invalid("spec.selector", selector, "empty selector is invalid for statefulset"))
    return found


def _template(spec: Json) -> Causes:
    """The pod template, with the volumes that claims give; hostname and subdomain are the controller's."""
    template = spec["template"]
    pod = {key: value for key, value in template["spec"].items() if key not in ("hostname", "subdomain")}
    claims_by_name = {claim["metadata"].get("name", ""): claim for claim in spec.get("volumeClaimTemplates") or ()}
    if claims_by_name:
        own = [volume for volume in pod.get("volumes") or () if volume.get("name") not in claims_by_name]
        given = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claims_by_name]
        pod["volumes"] = [*given, *own]
    labels = template["metadata"].get("labels")
    found: Causes = []
    selector = spec.get("selector")
    if metadata.selector(selector, "spec.selector"):
        return [causes.invalid("spec.selector", selector, ""), *_restart(template)]
    if selector is None or not labelselector.matches(selector, labels or {}):
        text = "`selector` does not match template `labels`"
        found.append(causes.invalid("spec.template.metadata.labels", labels, text))
    found += pods.template({"metadata": template["metadata"], "spec": pod}, "spec.template")
    return [*found, *_restart(template)]


def _restart(template: Json) -> Causes:
    found: Causes = []
    policy = template["spec"].get("restartPolicy", "")
    if policy != "Always":
        found.append(causes.not_supported("spec.template.spec.restartPolicy", policy, ("Always",)))
    if "activeDeadlineSeconds" in template["spec"]:
        text = "activeDeadlineSeconds in StatefulSet is not Supported"
        found.append(causes.forbidden("spec.template.spec.activeDeadlineSeconds", text))
    return found


def validate(obj: Json) -> Causes:
    """A new StatefulSet."""
    return [*metadata.check(obj, names.dns_label, namespaced=True), *_spec(obj["spec"], new=True)]


IMMUTABLE = ("selector", "volumeClaimTemplates", "serviceName", "podManagementPolicy")
COUNTS = ("replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas")


def validate_update(new: Json, old: Json, subresource: str) -> Causes:
    """A changed StatefulSet: four fields never change."""
    found = metadata.check_update(new, old)
    if subresource == "status":
        return [*_status(new.get("status") or {}), *found]
    found += _spec(new["spec"], new=False)
    for key in IMMUTABLE:
        if new["spec"].get(key) != old["spec"].get(key):
            shown = new["spec"].get(key)
            if key == "volumeClaimTemplates" and shown:
                shown = [internal.show(claim, "PersistentVolumeClaim") for claim in shown]
            found.append(causes.invalid(f"spec.{key}", shown, causes.IMMUTABLE))
    return found


def _status(status: Json) -> Causes:
    found: Causes = []
    for key in (*COUNTS, "observedGeneration", "collisionCount"):
        found += causes.not_negative(f"status.{key}", status.get(key, 0))
    total = status.get("replicas", 0)
    for key in COUNTS[1:]:
        if status.get(key, 0) > total:
            found.append(causes.invalid(f"status.{key}", status[key], "cannot be greater than status.replicas"))
    if status.get("availableReplicas", 0) > status.get("readyReplicas", 0):
        text = "cannot be greater than status.readyReplicas"
        found.append(causes.invalid("status.availableReplicas", status["availableReplicas"], text))
    return found
