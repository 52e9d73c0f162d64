"""Which error a Status becomes, and what each says."""

from __future__ import annotations

from typing import Any

import pytest

from stswidgets import errors, messages


def status(code: int, reason: str = "", **details: Any) -> dict[str, Any]:
    return {"kind": "Status", "code": code, "reason": reason, "message": f"said {code}", "details": details}


@pytest.mark.parametrize(
    ("code", "reason", "kind"),
    [
        (400, "BadRequest", errors.ServerError),
        (401, "Unauthorized", errors.UnauthorizedError),
        (403, "Forbidden", errors.ForbiddenError),
        (404, "NotFound", errors.NotFoundError),
        (409, "AlreadyExists", errors.AlreadyExistsError),
        (409, "Conflict", errors.ConflictError),
        (410, "Expired", errors.ExpiredError),
        (422, "Invalid", errors.InvalidError),
        (429, "TooManyRequests", errors.ThrottledError),
        (500, "InternalError", errors.UnavailableError),
        (503, "ServiceUnavailable", errors.UnavailableError),
    ],
)
def test_a_status_becomes_the_error_of_its_code(code: int, reason: str, kind: type[errors.ServerError]) -> None:
    assert type(errors.from_status(status(code, reason))) is kind


def test_causes_keep_field_reason_and_message() -> None:
    cause = {"field": "spec.replicas", "reason": "FieldValueInvalid", "message": "Invalid value: -1"}
    error = errors.from_status(status(422, "Invalid", causes=[cause]))
    assert error.causes == (errors.Cause("spec.replicas", "FieldValueInvalid", "Invalid value: -1"),)


def test_the_pause_is_the_headers_before_the_bodys() -> None:
    assert errors.from_status(status(429, retryAfterSeconds=7)).retry_after == 7
    assert errors.from_status(status(429, retryAfterSeconds=7), retry_after=2).retry_after == 2


def test_an_expired_token_is_both_an_answer_and_a_lost_connection() -> None:
    error = errors.from_status(status(401))
    assert isinstance(error, errors.ServerError)
    assert isinstance(error, errors.ConnectionError_)


def test_what_the_server_said_is_cut() -> None:
    assert len(errors.from_status({"code": 500, "message": "x" * 100_000}).detail) == 2000


def test_an_empty_status_is_still_an_error_with_a_sentence() -> None:
    assert errors.from_status({}).text("zh").startswith("服务器返回 0")


def test_str_says_what_happened_and_what_to_do() -> None:
    assert str(errors.from_status(status(409))).endswith("said 409. Open it again and look at what changed.")


def subclasses(kind: type[errors.StsWidgetsError]) -> list[type[errors.StsWidgetsError]]:
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in subclasses(below))]


@pytest.mark.parametrize("kind", subclasses(errors.StsWidgetsError))
def test_every_class_has_a_sentence(kind: type[errors.StsWidgetsError]) -> None:
    assert messages.has(kind.default_key)
