"""Rules about HorizontalPodAutoscalers (autoscaling `ValidateHorizontalPodAutoscaler`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stswidgets.simulator.kinds.rules import causes, metadata, names, resources
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.status import Cause

Json = dict[str, Any]

METRICS = ("ContainerResource", "External", "Object", "Pods", "Resource")
_SOURCES = ("object", "external", "pods", "resource", "containerResource")  # in the order of the checks
_POLICIES = ("Percent", "Pods")
_CHOICES = ("Disabled", "Max", "Min")
_LONGEST_WINDOW, _LONGEST_PERIOD = 3600, 1800
_EITHER = "must set either a target raw value or a target utilization"
_BOTH = "may not set both a target raw value and a target utilization"


def check(obj: Json) -> Causes:
    """Counts, target, metrics and behavior. What the API's declarative rules say comes last, as there."""
    spec = obj["spec"]
    least, most = spec.get("minReplicas", 1), spec.get("maxReplicas", 0)
    found: Causes = []
    if most < least:
        found.append(causes.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"))
    target = spec.get("scaleTargetRef") or {}
    found += _reference(target, "spec.scaleTargetRef", needs_group=target.get("kind") != "ReplicationController")
    metrics = spec.get("metrics") or ()
    for index, metric in enumerate(metrics):
        found += _metric(metric, f"spec.metrics[{index}]")
    if least == 0 and not any(metric.get("type") in ("Object", "External") for metric in metrics):
        text = "must specify at least one Object or External metric to support scaling to zero replicas"
        found.append(causes.forbidden("spec.metrics", text))
    for side in ("scaleUp", "scaleDown"):
        found += _behavior((spec.get("behavior") or {}).get(side), f"spec.behavior.{side}")
    if most == 0:
        found.append(causes.required("spec.maxReplicas"))
    elif most < 0:
        found.append(causes.invalid("spec.maxReplicas", most, "must be greater than or equal to 1"))
    if least < 0:
        found.append(causes.invalid("spec.minReplicas", least, causes.NEGATIVE))
    return found


def check_update(new: Json, old: Json, subresource: str) -> Causes:
    """As `check`; of a status, that its counts are none below zero."""
    found = metadata.check_update(new, old)
    if subresource != "status":
        return [*found, *check(new)]
    for key in ("currentReplicas", "desiredReplicas"):
        found += causes.not_negative(f"status.{key}", (new.get("status") or {}).get(key) or 0)
    return found


def _reference(reference: Json, path: str, *, needs_group: bool = True) -> Iterator[Cause]:
    for key in ("kind", "name"):
        if not reference.get(key):
            yield causes.required(f"{path}.{key}")
        else:
            yield from causes.all_of(f"{path}.{key}", reference[key], names.path_segment(reference[key]))
    version = reference.get("apiVersion", "")
    if version.count("/") > 1:
        yield causes.invalid(f"{path}.apiVersion", version, f"unexpected GroupVersion string: {version}")
    elif needs_group and not version.rpartition("/")[0]:
        yield causes.invalid(f"{path}.apiVersion", version, "apiVersion must specify API group")


def _metric(metric: Json, path: str) -> Iterator[Cause]:
    of = metric.get("type", "")
    if not of:
        yield causes.required(f"{path}.type", "must specify a metric source type")
    if of not in METRICS:
        yield causes.not_supported(f"{path}.type", of, METRICS)
    given = [key for key in _SOURCES if metric.get(key) is not None]
    if given:
        yield from _source(given[0], metric[given[0]], f"{path}.{given[0]}")
    wanted = of[:1].lower() + of[1:]
    if of in METRICS and wanted not in given:
        yield causes.required(f"{path}.{wanted}", "must populate information for the given metric source")
    if len(given) > 1:
        for key in sorted(set(given) - {wanted}):
            yield causes.forbidden(f"{path}.{key}", "must populate the given metric source only")


def _source(key: str, source: Json, path: str) -> Iterator[Cause]:
    target = source.get("target") or {}
    if key in ("resource", "containerResource"):
        yield from _resource(key, source, path)
    else:
        if key == "object":
            yield from _reference(source.get("describedObject") or {}, f"{path}.describedObject", needs_group=False)
        name = (source.get("metric") or {}).get("name", "")
        if not name:
            yield causes.required(f"{path}.metric.name", "must specify a metric name")
        else:
            yield from causes.all_of(f"{path}.metric.name", name, names.path_segment(name))
    yield from _target(target, f"{path}.target")
    value, average, utilization = (name in target for name in ("value", "averageValue", "averageUtilization"))
    path = f"{path}.target"
    if key == "object" and not value and not average:
        yield causes.required(f"{path}.averageValue", "must set either a target value or averageValue")
    elif key == "external" and value and average:
        yield causes.forbidden(f"{path}.value", "may not set both a target value for metric and a per-pod target")
    elif key == "external" and not value and not average:
        text = "must set either a target value for metric or a per-pod target"
        yield causes.required(f"{path}.averageValue", text)
    elif key == "pods" and not average:
        yield causes.required(f"{path}.averageValue", "must specify a positive target averageValue")
    elif key in ("resource", "containerResource") and not average and not utilization:
        yield causes.required(f"{path}.averageUtilization", _EITHER)
    elif key in ("resource", "containerResource") and average and utilization:
        yield causes.forbidden(f"{path}.averageValue", _BOTH)


def _resource(key: str, source: Json, path: str) -> Iterator[Cause]:
    name = source.get("name", "")
    if not name:
        yield causes.required(f"{path}.name", "must specify a resource name")
    elif key == "containerResource":
        yield from resources.container_name(name, f"{path}.name")
    if key == "containerResource":
        container = source.get("container", "")
        if not container:
            yield causes.required(f"{path}.container", "must specify a container")
        else:
            yield from causes.all_of(f"{path}.container", container, names.dns_label(container))


def _target(target: Json, path: str) -> Iterator[Cause]:
    if not target.get("type"):
        yield causes.required(f"{path}.type", "must specify a metric target type")
    if target.get("type") not in ("Utilization", "Value", "AverageValue"):
        text = "must be either Utilization, Value, or AverageValue"
        yield causes.invalid(f"{path}.type", target.get("type", ""), text, typed=True)
    for key in ("value", "averageValue"):
        if key in target and resources.compare(target[key], "0") <= 0:
            yield causes.invalid(f"{path}.{key}", target[key], "must be positive")
    if target.get("averageUtilization", 1) < 1:
        text = "must be greater than 0"
        yield causes.invalid(f"{path}.averageUtilization", target["averageUtilization"], text)


def _behavior(rules: Json | None, path: str) -> Iterator[Cause]:
    if rules is None:
        return
    window = rules.get("stabilizationWindowSeconds", 0)
    if window < 0:
        yield causes.invalid(f"{path}.stabilizationWindowSeconds", window, "must be greater than or equal to zero")
    if window > _LONGEST_WINDOW:
        text = f"must be less than or equal to {_LONGEST_WINDOW}"
        yield causes.invalid(f"{path}.stabilizationWindowSeconds", window, text)
    choice = rules.get("selectPolicy")
    if choice is not None and choice not in _CHOICES:
        yield causes.not_supported(f"{path}.selectPolicy", choice, _CHOICES)
    policies = rules.get("policies") or ()
    if not policies:
        yield causes.required(f"{path}.policies", "must specify at least one Policy")
    for index, policy in enumerate(policies):
        yield from _policy(policy, f"{path}.policies[{index}]")
    tolerance = rules.get("tolerance")
    if tolerance is not None and resources.is_negative(tolerance):
        yield causes.invalid(f"{path}.tolerance", tolerance, causes.NEGATIVE)


def _policy(policy: Json, path: str) -> Iterator[Cause]:
    if policy.get("type") not in _POLICIES:
        yield causes.not_supported(f"{path}.type", policy.get("type", ""), _POLICIES)
    for key in ("value", "periodSeconds"):
        if policy.get(key, 0) <= 0:
            yield causes.invalid(f"{path}.{key}", policy.get(key, 0), causes.NOT_POSITIVE)
    if policy.get("periodSeconds", 0) > _LONGEST_PERIOD:
        text = f"must be less than or equal to {_LONGEST_PERIOD}"
        yield causes.invalid(f"{path}.periodSeconds", policy["periodSeconds"], text)
