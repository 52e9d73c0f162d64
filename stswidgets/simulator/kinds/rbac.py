"""Roles and their bindings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults
from stswidgets.simulator.kinds.kind import Cell, Column, Kind
from stswidgets.simulator.kinds.rules import causes, metadata, names, plain
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]
GROUP = "rbac.authorization.k8s.io"


def default_binding(obj: Json) -> None:
    """The role and its users and groups are of this API group."""
    pod_defaults.fill(obj["roleRef"], {"apiGroup": GROUP})
    for subject in obj.get("subjects") or ():
        if subject.get("kind") in ("User", "Group"):
            pod_defaults.fill(subject, {"apiGroup": GROUP})


def _subjects(kind: str) -> Cell:
    def cell(obj: Json, _now: datetime) -> str:
        found = [subject for subject in obj.get("subjects") or () if subject.get("kind") == kind]
        if kind == "ServiceAccount":
            return ", ".join(f"{subject.get('namespace', '')}/{subject['name']}" for subject in found)
        return ", ".join(subject["name"] for subject in found)

    return cell


BINDING_COLUMNS = (
    cells.NAME,
    Column("Role", lambda obj, _: f"{obj['roleRef']['kind']}/{obj['roleRef']['name']}"),
    cells.AGE,
    Column("Users", _subjects("User"), priority=1),
    Column("Groups", _subjects("Group"), priority=1),
    Column("ServiceAccounts", _subjects("ServiceAccount"), priority=1),
)


def _rules(obj: Json) -> Causes:
    """What a rule must say."""
    found: Causes = []
    verbless: Causes = []
    for index, rule in enumerate(obj.get("rules") or ()):
        path = f"rules[{index}]"
        if not rule.get("verbs"):
            verbless.append(causes.required(f"{path}.verbs"))
        urls = rule.get("nonResourceURLs")
        if urls:
            if obj["kind"] == "Role":
                text = "namespaced rules cannot apply to non-resource URLs"
                found.append(causes.invalid(f"{path}.nonResourceURLs", urls, text))
            if rule.get("apiGroups") or rule.get("resources") or rule.get("resourceNames"):
                text = "rules cannot apply to both regular resources and non-resource URLs"
                found.append(causes.invalid(f"{path}.nonResourceURLs", urls, text))
            continue
        if not rule.get("apiGroups"):
            found.append(causes.required(f"{path}.apiGroups", "resource rules must supply at least one api group"))
        if not rule.get("resources"):
            found.append(causes.required(f"{path}.resources", "resource rules must supply at least one resource"))
    return [*found, *verbless]


def _cluster_rules(obj: Json) -> Causes:
    """The rules of a cluster's role, or which other roles it is made of."""
    found = _rules(obj)
    if "aggregationRule" not in obj:
        return found
    selectors, path = obj["aggregationRule"].get("clusterRoleSelectors") or [], "aggregationRule.clusterRoleSelectors"
    if not selectors:
        text = "at least one clusterRoleSelector required if aggregationRule is non-nil"
        found.append(causes.required(path, text))
    for index, selector in enumerate(selectors):
        wrong = metadata.selector(selector, f"{path}[{index}]")
        found += wrong
        if wrong:
            found.append(causes.invalid(f"{path}[{index}]", None, "invalid label selector."))
    return found


SUBJECTS = ("ServiceAccount", "User", "Group")


def _binding(obj: Json) -> Causes:
    """Whom a binding gives what. What the API's declarative rules say comes last."""
    nameless = [] if obj["roleRef"].get("name") else [causes.required("roleRef.name")]
    return [*_reference(obj), *_subjects_of(obj), *_nameless_subjects(obj), *nameless]


def _reference(obj: Json) -> Causes:
    """What is wrong with the role that a binding names; that it names none is another rule's."""
    reference = obj["roleRef"]
    kinds = ("Role", "ClusterRole") if obj["kind"] == "RoleBinding" else ("ClusterRole",)
    found: Causes = []
    if reference.get("apiGroup") != GROUP:
        found.append(causes.not_supported("roleRef.apiGroup", reference.get("apiGroup", ""), (GROUP,)))
    if reference.get("kind") not in kinds:
        found.append(causes.not_supported("roleRef.kind", reference.get("kind", ""), kinds))
    if reference.get("name"):
        found += causes.all_of("roleRef.name", reference["name"], names.path_segment(reference["name"]))
    return found


def _subjects_of(obj: Json) -> Causes:
    found: Causes = []
    for index, subject in enumerate(obj.get("subjects") or ()):
        found += _subject(subject, f"subjects[{index}]", named=obj["kind"] == "RoleBinding")
    return found


def _nameless_subjects(obj: Json) -> Causes:
    subjects = enumerate(obj.get("subjects") or ())
    return [causes.required(f"subjects[{index}].name") for index, subject in subjects if not subject.get("name")]


def _subject(subject: Json, path: str, *, named: bool) -> Causes:
    """`named`: the namespace of the binding is the one of accounts without."""
    kind, name, group = subject.get("kind", ""), subject.get("name", ""), subject.get("apiGroup", "")
    if kind not in SUBJECTS:
        return [causes.not_supported(f"{path}.kind", kind, SUBJECTS)]
    if kind != "ServiceAccount":
        return [] if group == GROUP else [causes.not_supported(f"{path}.apiGroup", group, (GROUP,))]
    found = causes.all_of(f"{path}.name", name, names.dns_subdomain(name)) if name else []
    if group:
        found.append(causes.not_supported(f"{path}.apiGroup", group, ("",)))
    if not named and not subject.get("namespace"):
        found.append(causes.required(f"{path}.namespace"))
    return found


def _binding_update(new: Json, old: Json, _subresource: str) -> Causes:
    """A binding keeps its role. Of a role that changed the declarative rules say no more than that."""
    role = new["roleRef"]
    nameless = [] if role.get("name") else [causes.required("roleRef.name")]
    found = [*metadata.check_update(new, old), *_reference(new), *nameless, *_subjects_of(new)]
    if role != old["roleRef"]:
        shown = {"APIGroup": role.get("apiGroup", ""), "Kind": role.get("kind", ""), "Name": role.get("name", "")}
        found.append(causes.invalid("roleRef", shown, causes.IMMUTABLE))
    return [*found, *_nameless_subjects(new)]


ROLES = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="Role",
    plural="roles",
    singular="role",
    definition="io.k8s.api.rbac.v1.Role",
    columns=cells.DEFAULT,
    validate=plain.new(names.path_segment, _rules),
    validate_update=plain.changed(_rules),
)

ROLE_BINDINGS = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="RoleBinding",
    plural="rolebindings",
    singular="rolebinding",
    definition="io.k8s.api.rbac.v1.RoleBinding",
    default=default_binding,
    columns=BINDING_COLUMNS,
    validate=plain.new(names.path_segment, _binding),
    validate_update=_binding_update,
)

CLUSTER_ROLES = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="ClusterRole",
    plural="clusterroles",
    singular="clusterrole",
    definition="io.k8s.api.rbac.v1.ClusterRole",
    namespaced=False,
    columns=cells.DEFAULT,
    validate=plain.new(names.path_segment, _cluster_rules, namespaced=False),
    validate_update=plain.changed(_cluster_rules),
)

CLUSTER_ROLE_BINDINGS = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="ClusterRoleBinding",
    plural="clusterrolebindings",
    singular="clusterrolebinding",
    definition="io.k8s.api.rbac.v1.ClusterRoleBinding",
    namespaced=False,
    default=default_binding,
    columns=BINDING_COLUMNS,
    validate=plain.new(names.path_segment, _binding, namespaced=False),
    validate_update=_binding_update,
)
