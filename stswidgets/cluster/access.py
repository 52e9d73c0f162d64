"""What the server lets this user do, asked with SelfSubjectAccessReview."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from stswidgets import errors
from stswidgets.cluster import kinds, transport

_FRESH = 60.0


@dataclass(frozen=True)
class Access:
    """Whether, and the server's reason where it gives one. `known` is False where it could not be asked."""

    allowed: bool
    reason: str = ""
    known: bool = True


@dataclass(frozen=True)
class Question:
    """One permission, in the words of RBAC."""

    verb: str
    resource: str
    namespace: str
    name: str = ""
    subresource: str = ""

    @property
    def text(self) -> str:
        """As in a rule: `patch statefulsets/scale`."""
        return f"{self.verb} {self.resource}/{self.subresource}".rstrip("/")


class Reviews:
    """Answers, kept for a minute. After a 403 `forget()` asks again."""

    def __init__(self, connection: transport.Transport) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._answers: dict[Question, tuple[float, Access]] = {}

    def can(self, question: Question) -> Access:
        """Ask. Where reviews themselves are refused the answer is "allowed, not known": the server decides."""
        now = time.monotonic()
        with self._lock:
            kept = self._answers.get(question)
        if kept and now - kept[0] < _FRESH:
            return kept[1]
        answer = self._ask(question)
        with self._lock:
            self._answers[question] = (now, answer)
        return answer

    def forget(self) -> None:
        with self._lock:
            self._answers.clear()

    def _ask(self, question: Question) -> Access:
        attributes = {
            "verb": question.verb,
            "resource": question.resource,
            "group": _group(question.resource),
            "namespace": question.namespace,
            "name": question.name,
            "subresource": question.subresource,
        }
        review = {
            "apiVersion": kinds.ACCESS_REVIEWS.api_version,
            "kind": kinds.ACCESS_REVIEWS.kind,
            "spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}},
        }
        try:
            status = self._connection.request("POST", kinds.ACCESS_REVIEWS.path(), body=review).json().get("status", {})
        except (errors.ForbiddenError, errors.NotFoundError) as error:
            return Access(allowed=True, reason=error.message, known=False)
        return Access(allowed=bool(status.get("allowed")), reason=str(status.get("reason") or ""))


def user(connection: transport.Transport) -> str:
    """The name that the server knows this user by; "" where it does not say (before 1.28, or not allowed)."""
    review = {"apiVersion": kinds.USER_REVIEWS.api_version, "kind": kinds.USER_REVIEWS.kind}
    try:
        answer = connection.request("POST", kinds.USER_REVIEWS.path(), body=review).json()
    except (errors.ForbiddenError, errors.NotFoundError):
        return ""
    return str(((answer.get("status") or {}).get("userInfo") or {}).get("username") or "")


def _group(plural: str) -> str:
    try:
        return kinds.resource(plural).group
    except KeyError:
        return ""
