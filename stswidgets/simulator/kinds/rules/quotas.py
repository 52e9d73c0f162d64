"""Rules about ResourceQuotas (core `ValidateResourceQuota`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stswidgets.simulator.kinds.rules import causes, metadata, names, resources
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.status import Cause

Json = dict[str, Any]

_POD = frozenset({"pods", "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"})
_VALID_FOR = {
    "Terminating": _POD,
    "NotTerminating": _POD,
    "NotBestEffort": _POD,
    "PriorityClass": _POD,
    "CrossNamespacePodAffinity": _POD,
    "BestEffort": frozenset({"pods"}),
    "VolumeAttributesClass": frozenset({"persistentvolumeclaims", "requests.storage"}),
}
"""What a quota of each scope may limit."""
_STANDARD = resources.STANDARD - {"storage"}
_OPPOSITES = ({"BestEffort", "NotBestEffort"}, {"Terminating", "NotTerminating"})
_PLAIN = ("Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "CrossNamespacePodAffinity")
_NOT_FOR = "unsupported scope applied to resource"
_EXISTS = (
    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
    "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)


def check(obj: Json) -> Causes:
    """Known resources, no less than nothing of them, and scopes that fit them and each other."""
    spec = obj.get("spec") or {}
    found: Causes = []
    for name, value in (spec.get("hard") or {}).items():
        path = f"spec.hard[{name}]"
        messages = names.label_key(name)
        found += causes.all_of(path, name, messages, typed=True)
        if "/" not in name and not _countable(name):
            if not messages:
                text = "must be a standard resource type or fully qualified"
                found.append(causes.invalid(path, name, text, typed=True))
            found.append(causes.invalid(path, name, "must be a standard resource for quota", typed=True))
        found += resources.value(name, value, path)
    return [*found, *_scopes(spec), *_selector(spec)]


def check_update(new: Json, old: Json, subresource: str) -> Causes:
    """As `check`; scopes stay."""
    found = metadata.check_update(new, old)
    if subresource == "status":
        return found
    found += check(new)
    scopes = [(obj.get("spec") or {}).get("scopes") or [] for obj in (new, old)]
    if set(scopes[0]) != set(scopes[1]):
        found.append(causes.invalid("spec.scopes", scopes[0], causes.IMMUTABLE))
    return found


def _countable(name: str) -> bool:
    return name in resources.STANDARD or name.startswith((resources.HUGE, f"requests.{resources.HUGE}"))


def _misfits(scope: str, spec: Json) -> int:
    fitting = _VALID_FOR.get(scope)
    hard = spec.get("hard") or {}
    return 0 if fitting is None else sum(name in _STANDARD and name not in fitting for name in hard)


def _scopes(spec: Json) -> Iterator[Cause]:
    scopes = spec.get("scopes") or []
    for scope in scopes:
        if scope not in _VALID_FOR:
            yield causes.invalid("spec.scopes", scopes, "unsupported scope")
        yield from [causes.invalid("spec.scopes", scopes, _NOT_FOR)] * _misfits(scope, spec)
    for pair in _OPPOSITES:
        if pair <= set(scopes):
            yield causes.invalid("spec.scopes", scopes, "conflicting scopes")


def _selector(spec: Json) -> Iterator[Cause]:
    path = "spec.scopeSelector.matchExpressions"
    selector = spec.get("scopeSelector") or {}
    wanted = selector.get("matchExpressions") or []
    # Errors show the server's own type, whose fields have Go's names.
    shown = {"MatchExpressions": [{key[0].upper() + key[1:]: value for key, value in item.items()} for item in wanted]}
    for item in wanted:
        scope, operator, values = item["scopeName"], item["operator"], item.get("values") or []
        if scope not in _VALID_FOR:
            yield causes.invalid(f"{path}.scopeName", scope, "unsupported scope", typed=True)
        yield from [causes.invalid(path, shown, _NOT_FOR)] * _misfits(scope, spec)
        if scope in _PLAIN and operator != "Exists":
            yield causes.invalid(f"{path}.operator", operator, _EXISTS, typed=True)
        yield from _values(path, operator, values)
    scopes = {item["scopeName"] for item in wanted}
    for pair in _OPPOSITES:
        if pair <= scopes:
            yield causes.invalid(path, spec.get("scopes"), "conflicting scopes")


def _values(path: str, operator: str, values: list[str]) -> Iterator[Cause]:
    if operator in ("In", "NotIn"):
        if not values:
            text = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
            yield causes.required(f"{path}.values", text)
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
            yield causes.invalid(f"{path}.values", values, text)
    else:
        yield causes.invalid(f"{path}.operator", operator, "not a valid selector operator", typed=True)
