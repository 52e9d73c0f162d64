"""Revisions: whose, in which order, what differs, and where going back leads."""

from __future__ import annotations

from typing import Any

import pytest

from stswidgets.domain import revision
from tests.domain import clusters

LIVE = {"spec": {"containers": [{"name": "pg", "image": "postgres:17"}]}}
RESTART = {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "2026-11-24T10:00:00Z"}}}


def history(*revisions: dict[str, Any], live: Any = None, pods: Any = ()) -> tuple[revision.Revision, ...]:
    sts = clusters.statefulset(template=live or LIVE)
    return revision.history(sts, revisions, pods)


def test_revisions_are_the_sets_own_by_uid_and_sorted_by_number() -> None:
    found = history(
        clusters.revision(3, "db-c"),
        clusters.revision(1, "db-a"),
        clusters.revision(2, "other-b", owner="another"),
    )
    assert [each.number for each in found] == [1, 3]


def test_current_and_update_and_who_runs_what() -> None:
    pods = [clusters.pod(0, clusters.OLD), clusters.pod(1)]
    old, new = history(clusters.revision(1, clusters.OLD), clusters.revision(2, clusters.NEW), pods=pods)
    assert (old.tone, old.pods, old.hash) == ("current", ("db-0",), "old")
    assert (new.tone, new.pods) == ("incoming", ("db-1",))


def test_a_restart_is_said_to_be_one() -> None:
    _first, second, third = history(
        clusters.revision(1, "db-a"),
        clusters.revision(2, "db-b", **RESTART),
        clusters.revision(3, "db-c", "postgres:17", **RESTART),
    )
    assert (second.is_restart_only, third.is_restart_only) == (True, False)


def test_nulls_and_written_out_defaults_mean_nothing() -> None:
    written = {
        "metadata": {"creationTimestamp": None, "labels": {"protocol": "TCP"}},
        "spec": {
            "containers": [
                {
                    "name": "pg",
                    "image": "postgres:17",
                    "imagePullPolicy": "IfNotPresent",
                    "resources": {},
                    "terminationMessagePath": "/dev/termination-log",
                    "ports": [{"containerPort": 1, "protocol": "TCP"}],
                }
            ],
            "dnsPolicy": "ClusterFirst",
            "securityContext": {},
            "volumes": [{"name": "a", "emptyDir": {}}],
        },
    }
    short = {
        "metadata": {"labels": {"protocol": "TCP"}},
        "spec": {
            "containers": [{"name": "pg", "image": "postgres:17", "ports": [{"containerPort": 1}]}],
            "volumes": [{"name": "a", "emptyDir": {}}],
        },
    }
    assert revision.changes(written, short) == ()
    assert revision.meaning(written)["spec"]["volumes"] == [{"name": "a", "emptyDir": {}}]


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("r:5000/nginx", "Always"),
        ("nginx:1", "IfNotPresent"),
        ("nginx@sha256:aa", "IfNotPresent"),
    ],
)
def test_the_default_pull_policy_follows_the_tag(image: str, policy: str) -> None:
    assert revision.default_pull_policy(image) == policy


def test_what_differs_is_said_by_path() -> None:
    before, after = (revision.template_of(clusters.revision(1, "a", image)) for image in ("a:1", "a:2"))
    changes = revision.changes(before, after)
    assert [(each.path, each.before, each.after) for each in changes] == [
        ("spec.template.spec.containers[0].image", "a:1", "a:2")
    ]


def test_undo_goes_to_the_second_highest() -> None:
    found = history(
        clusters.revision(1, "db-a"), clusters.revision(4, "db-d"), clusters.revision(5, "db-e", "postgres:17")
    )
    undo = revision.undo_target(found)
    assert undo.target is not None
    assert (undo.target.number, undo.is_live, undo.restart_only) == (4, False, False)


def test_undo_after_a_restart_is_said_to_take_back_a_restart_alone() -> None:
    live = {**LIVE, **RESTART}
    found = history(
        clusters.revision(1, "db-a", "postgres:17"), clusters.revision(2, "db-b", "postgres:17", **RESTART), live=live
    )
    assert revision.undo_target(found).restart_only


def test_undo_to_what_is_there_already_changes_nothing() -> None:
    found = history(clusters.revision(1, "db-a", "postgres:17"), clusters.revision(2, "db-b", "postgres:18"))
    assert revision.undo_target(found, 1).is_live


def test_undo_needs_a_revision_to_go_to() -> None:
    one = history(clusters.revision(1, "db-a"))
    assert revision.undo_target(one).problem == "revision.none_before"
    assert revision.undo_target(one, 9).problem == "revision.not_found"


def test_an_odd_revision_is_shown_all_the_same() -> None:
    odd = {"metadata": {"name": "x", "ownerReferences": [{"uid": "set", "controller": True}]}, "data": "?"}
    assert history(odd)[0].images == ()


def aged(ordinal: int, created: str) -> dict[str, Any]:
    return clusters.pod(ordinal, "db-a", metadata__creationTimestamp=created)


def rolled_back(*pods: dict[str, Any]) -> revision.Revision:
    """db-a was number 1, was replaced by db-b on the 2nd, and is number 3 now."""
    first = clusters.revision(1, "db-a")
    _second, back = history(clusters.revision(2, "db-b", "postgres:17"), {**first, "revision": 3}, pods=pods)
    return back


def test_a_revision_that_came_back_is_active_since_its_first_new_pod() -> None:
    back = rolled_back(aged(1, "2026-11-05T10:00:00Z"), aged(0, "2026-11-05T11:00:00Z"))
    assert str(back.since) == "2026-11-05 10:00:00+00:00"
    assert str(back.created) == "2026-11-01 00:00:00+00:00"


def test_a_pod_that_never_left_the_revision_does_not_say_when_it_came_back() -> None:
    back = rolled_back(aged(0, "2026-11-01T00:01:00Z"), aged(1, "2026-11-05T10:00:00Z"))
    assert str(back.came_back) == "2026-11-05 10:00:00+00:00"


def test_without_pods_nobody_knows_when_a_revision_came_back() -> None:
    back = rolled_back()
    assert (back.came_back, back.since) == (None, back.created)


def test_a_young_pod_of_a_revision_that_never_went_means_nothing() -> None:
    [only] = history(clusters.revision(1, "db-a"), pods=[aged(0, "2026-11-05T10:00:00Z")])
    assert (only.came_back, only.since) == (None, only.created)
