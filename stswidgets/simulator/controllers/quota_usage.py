"""What an object counts for in a quota, and whether a quota is about it (`pkg/quota/v1/evaluator`, Kubernetes 1.37)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from stswidgets.simulator import clock, labelselector
from stswidgets.simulator.kinds import kind, pod_status, podsums
from stswidgets.simulator.kinds.podsums import Sums
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

ONE = quantity.Quantity(quantity.NANO, "decimal")
ZERO = quantity.Quantity(0, "decimal")
_CLASS = ".storageclass.storage.k8s.io/"
_ALIASES = {"configmaps", "resourcequotas", "secrets", "replicationcontrollers"}
_COMPUTE = ("cpu", "memory", "ephemeral-storage")
_HUGE = "hugepages-"
_DEMANDED = ("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")
"""A quota of these asks every container to name them; it was a mistake, and stays (`validationSet`)."""


def of(what: kind.Kind, obj: Json, now: datetime) -> Sums:
    """The object's part of every resource that a quota may limit."""
    count = f"count/{what.plural}.{what.group}" if what.group else f"count/{what.plural}"
    found: Sums = {count: ONE}
    if what.group:
        return found
    if what.plural in _ALIASES:
        found[what.plural] = ONE
    elif what.plural == "pods":
        if _is_charged(obj, now):
            found |= _compute(*(podsums.of(obj, part, podsums.QUOTA) for part in podsums.PARTS))
    elif what.plural == "persistentvolumeclaims":
        found |= _claim(obj)
    elif what.plural == "services":
        found |= _service(obj["spec"])
    return found


def counts(operation: str, what: kind.Kind, new: Json, old: Json | None, subresource: str) -> bool:
    """Whether a write may use more of a quota: what is new, and what grows (the evaluators' `Handles`)."""
    if operation == "CREATE":
        return not subresource
    if what.group or old is None:
        return False
    if what.plural == "pods":
        return subresource == "resize" or (not subresource and _is_terminating(new) is not _is_terminating(old))
    return what.plural in ("services", "persistentvolumeclaims") and not subresource


def names_of(what: kind.Kind, hard: Iterable[str]) -> list[str]:
    """Which of a quota's resources objects of a kind count for (`MatchingResources`)."""
    count = f"count/{what.plural}.{what.group}" if what.group else f"count/{what.plural}"
    return [name for name in hard if name == count or (not what.group and _is_about(what.plural, name))]


def _is_about(plural: str, name: str) -> bool:
    if plural in _ALIASES:
        return name == plural
    if plural == "pods":
        bare = name.removeprefix("requests.")
        if name in ("pods", *_COMPUTE) or name.startswith(_HUGE) or bare.startswith(_HUGE):
            return True
        return bare in _COMPUTE or name.removeprefix("limits.") in _COMPUTE or _is_extended(name)
    if plural == "persistentvolumeclaims":
        own = ("persistentvolumeclaims", "requests.storage")
        return name in own or name.endswith(tuple(_CLASS + item for item in own))
    return plural == "services" and name in ("services", "services.nodeports", "services.loadbalancers")


def _is_extended(name: str) -> bool:
    domain, slash, _ = name.removeprefix("requests.").partition("/")
    return name.startswith("requests.") and bool(slash) and not domain.endswith("kubernetes.io")


def covers(quota: Json, what: kind.Kind, obj: Json) -> bool:
    """Whether an object is in all scopes of a quota."""
    spec = quota["spec"]
    wanted = [{"scopeName": name, "operator": "Exists"} for name in spec.get("scopes") or ()]
    wanted += (spec.get("scopeSelector") or {}).get("matchExpressions") or []
    return all(_in_scope(item, what, obj) for item in wanted)


def _in_scope(wanted: Json, what: kind.Kind, obj: Json) -> bool:
    if what.group or what.plural != "pods":
        return False
    spec, scope = obj["spec"], wanted["scopeName"]
    if scope in ("Terminating", "NotTerminating"):
        return _is_terminating(obj) is (scope == "Terminating")
    if scope in ("BestEffort", "NotBestEffort"):
        return (pod_status.qos_class(spec) == "BestEffort") is (scope == "BestEffort")
    if scope == "PriorityClass":
        name = spec.get("priorityClassName")
        selector = {"matchExpressions": [{**wanted, "key": scope}]}
        return labelselector.matches(selector, {scope: name} if name else {})
    return scope == "CrossNamespacePodAffinity" and _reaches_other_namespaces(spec.get("affinity") or {})


def _is_terminating(pod: Json) -> bool:
    return pod["spec"].get("activeDeadlineSeconds") is not None


def _reaches_other_namespaces(affinity: Json) -> bool:
    for side in ("podAffinity", "podAntiAffinity"):
        rules = affinity.get(side) or {}
        terms = list(rules.get("requiredDuringSchedulingIgnoredDuringExecution") or ())
        terms += [
            item["podAffinityTerm"] for item in rules.get("preferredDuringSchedulingIgnoredDuringExecution") or ()
        ]
        if any(term.get("namespaces") or term.get("namespaceSelector") is not None for term in terms):
            return True
    return False


def unnamed(pod: Json, names: Iterable[str]) -> str:
    """What containers do not name though a quota asks for it: `limits.cpu for: sidecar,web; ...`, or an empty text."""
    if podsums.is_own(pod["spec"]):
        return ""
    missing: dict[str, set[str]] = {}
    for container in [*pod["spec"]["containers"], *(pod["spec"].get("initContainers") or ())]:
        own = _compute(*(podsums.resources(container, part) for part in podsums.PARTS))
        for name in names:
            if name in _DEMANDED and name not in own:
                missing.setdefault(name, set()).add(container["name"])
    return "; ".join(f"{name} for: {','.join(sorted(missing[name]))}" for name in sorted(missing))


def _is_charged(pod: Json, now: datetime) -> bool:
    """Not once a pod has ended, nor when it should have been gone for its grace period (`QuotaV1Pod`)."""
    if (pod.get("status") or {}).get("phase") in ("Failed", "Succeeded"):
        return False
    meta = pod["metadata"]
    if "deletionTimestamp" not in meta or meta.get("deletionGracePeriodSeconds") is None:
        return True
    return now <= clock.moment(meta["deletionTimestamp"]) + timedelta(seconds=meta["deletionGracePeriodSeconds"])


def _compute(requests: Sums, limits: Sums) -> Sums:
    found: Sums = {"pods": ONE}
    for name, amount in requests.items():
        if name in _COMPUTE or name.startswith(_HUGE):
            found[name] = found[f"requests.{name}"] = amount
        elif _is_extended(f"requests.{name}"):
            found[f"requests.{name}"] = amount
    found |= {f"limits.{name}": amount for name, amount in limits.items() if name in _COMPUTE}
    return found


def _claim(claim: Json) -> Sums:
    found: Sums = {"persistentvolumeclaims": ONE}
    storage = podsums.resources(claim["spec"], "requests").get("storage")
    if storage is not None:
        found["requests.storage"] = storage
    of_class = claim["spec"].get("storageClassName")
    return found | ({f"{of_class}{_CLASS}{name}": amount for name, amount in found.items()} if of_class else {})


def _service(spec: Json) -> Sums:
    ports, kind_of = spec.get("ports") or [], spec.get("type")
    count = len(ports) if kind_of in ("NodePort", "LoadBalancer") else 0
    if kind_of == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts") is False:
        count = sum(bool(port.get("nodePort")) for port in ports)
    return {
        "services": ONE,
        "services.loadbalancers": ONE if kind_of == "LoadBalancer" else ZERO,
        "services.nodeports": quantity.Quantity(count * quantity.NANO, "decimal"),
    }
