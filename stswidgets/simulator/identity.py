"""Who asks, and what they may do: users by token or by secret path, and RBAC over the stored roles.

Users are those of the control plane for tests: admin (system:masters), viewer (role view everywhere), editor (role
edit in namespace default) and nobody. Rules: kubernetes `plugin/pkg/auth/authorizer/rbac`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from stswidgets.simulator import status, store
from stswidgets.simulator.kinds import registry

Json = dict[str, Any]

MASTERS = "system:masters"
_RBAC = ("rbac.authorization.k8s.io", "v1")


class User(msgspec.Struct, frozen=True):
    """A user as the API sees it."""

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""


ANONYMOUS = User("system:anonymous", ("system:unauthenticated",))


class Attributes(msgspec.Struct, frozen=True):
    """What somebody wants to do. With a `path`, it is about no resource (`/version`)."""

    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    @property
    def full(self) -> str:
        """Resource with subresource: `pods/log`."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


class Identities(msgspec.Struct):
    """The users of one server: each has a token, and a secret path for clients that send none (kubectl without TLS)."""

    tokens: dict[str, str] = {}  # user name -> token
    _by_secret: dict[str, User] = {}
    _until: dict[str, datetime] = {}  # token -> its end, if it has one

    def add(self, name: str, *groups: str) -> None:
        """A user with a fresh token."""
        token = secrets.token_urlsafe(24)
        self.tokens[name] = token
        self._by_secret[token] = User(name, (*groups, "system:authenticated"), uid=name)

    def issue(self, user: User, until: datetime) -> str:
        """A token that ends; it is forgotten when somebody comes with it after that."""
        token = secrets.token_urlsafe(48)
        self._by_secret[token], self._until[token] = user, until
        return token

    def find(self, secret: str, now: datetime) -> User | None:
        """The user of a token, or of a secret path, which is the same text."""
        if secret in self._until and self._until[secret] <= now:
            del self._until[secret], self._by_secret[secret]
        return self._by_secret.get(secret)


def default_users() -> Identities:
    """admin, viewer, editor and nobody."""
    made = Identities()
    made.add("admin", MASTERS)
    made.add("viewer", "viewers")
    made.add("editor", "editors")
    made.add("nobody", "nobodies")
    return made


class Authorizer:
    """RBAC over the roles and bindings in the store."""

    def __init__(self, objects: store.Store) -> None:
        self._store = objects
        by = registry.REGISTRY.by_resource
        self._roles = by(*_RBAC, "roles")
        self._cluster_roles = by(*_RBAC, "clusterroles")
        self._bindings = by(*_RBAC, "rolebindings")
        self._cluster_bindings = by(*_RBAC, "clusterrolebindings")

    def rules(self, user: User, namespace: str) -> Iterator[tuple[Json, str]]:
        """The rules that a user has in a namespace (cluster-wide ones too), each with what grants it."""
        for item in self._store.list(self._cluster_bindings):
            if _binds(item.obj, user):
                source = f'RBAC: allowed by ClusterRoleBinding "{item.name}" of {_referred(item.obj)}'
                for rule in self._rules_of(item.obj, ""):
                    yield rule, f"{source} to {_subject(item.obj, user)}"
        for item in self._store.list(self._bindings, namespace) if namespace else ():
            if _binds(item.obj, user):
                source = f'RBAC: allowed by RoleBinding "{item.name}/{namespace}" of {_referred(item.obj)}'
                for rule in self._rules_of(item.obj, namespace):
                    yield rule, f"{source} to {_subject(item.obj, user)}"

    def _rules_of(self, binding: Json, namespace: str) -> list[Json]:
        reference = binding["roleRef"]
        if reference["kind"] == "ClusterRole":
            role = self._store.get(self._cluster_roles, None, reference["name"])
        else:
            role = self._store.get(self._roles, namespace, reference["name"])
        return (role.obj.get("rules") or []) if role else []

    def allowed(self, user: User, wanted: Attributes) -> tuple[bool, str]:
        """Whether a user may do something, and by what."""
        if MASTERS in user.groups:
            return True, ""
        for rule, source in self.rules(user, wanted.namespace):
            if covers(rule, wanted):
                return True, source
        return False, ""


def covers(rule: Json, wanted: Attributes) -> bool:
    """Whether a PolicyRule allows something."""
    if not _holds(rule.get("verbs"), wanted.verb):
        return False
    if wanted.path:
        return any(
            item in ("*", wanted.path) or (item.endswith("*") and wanted.path.startswith(item[:-1]))
            for item in rule.get("nonResourceURLs") or ()
        )
    resources = rule.get("resources") or ()
    known = (
        wanted.full in resources or "*" in resources or (wanted.subresource and f"*/{wanted.subresource}" in resources)
    )
    names = rule.get("resourceNames")
    return bool(known) and _holds(rule.get("apiGroups"), wanted.group) and (not names or wanted.name in names)


def _holds(values: list[str] | None, wanted: str) -> bool:
    return bool(values) and (wanted in values or "*" in values)  # type: ignore[operator]


def _binds(binding: Json, user: User) -> bool:
    return any(_is(subject, user, binding) for subject in binding.get("subjects") or ())


def _is(subject: Json, user: User, binding: Json) -> bool:
    if subject["kind"] == "User":
        return bool(subject["name"] == user.name)
    if subject["kind"] == "Group":
        return subject["name"] in user.groups
    namespace = subject.get("namespace") or binding["metadata"].get("namespace", "")
    return user.name == f"system:serviceaccount:{namespace}:{subject['name']}"


def _referred(binding: Json) -> str:
    return f'{binding["roleRef"]["kind"]} "{binding["roleRef"]["name"]}"'


def _subject(binding: Json, user: User) -> str:
    subject = next(item for item in binding["subjects"] if _is(item, user, binding))
    return f'{subject["kind"]} "{subject["name"]}"'


def refusal(user: User, wanted: Attributes) -> status.ApiError:
    """The 403, in the server's words."""
    if wanted.path:
        message = f'forbidden: User "{user.name}" cannot {wanted.verb} path "{wanted.path}"'
        return status.ApiError(403, "Forbidden", message, details={})
    why = f'User "{user.name}" cannot {wanted.verb} resource "{wanted.full}" in API group "{wanted.group}" ' + (
        f'in the namespace "{wanted.namespace}"' if wanted.namespace else "at the cluster scope"
    )
    return status.forbidden(wanted.group, wanted.resource, wanted.name, why)
