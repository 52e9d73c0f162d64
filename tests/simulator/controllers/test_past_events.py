"""Events of a scenario's past: what has expired before the present was never written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, store
from stswidgets.simulator.controllers import recorder
from stswidgets.simulator.kinds import events

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ABOUT = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "db-0", "namespace": "default", "uid": "1"}}


@pytest.fixture
def api() -> apis.Api:
    """A cluster that begins to live through two hours."""
    made = apis.Api(store.Store(), clock.SteppedClock(NOW))
    bootstrap.install(made)
    made.clock.travel(NOW - timedelta(hours=2))
    return made


@pytest.fixture(params=[False, True], ids=["classic", "newer"])
def told(request: pytest.FixtureRequest, api: apis.Api) -> recorder.Recorder:
    return recorder.Recorder(api, "default-scheduler", newer=request.param)


def say(told: recorder.Recorder, api: apis.Api, *minutes: float) -> list[dict]:
    """Say the same so many minutes before the present; answers the events that are there then."""
    for left in minutes:
        api.clock.advance_to(NOW - timedelta(minutes=left))
        told.event(ABOUT, "Warning", "FailedScheduling", "0/3 nodes are available", action="Scheduling")
    return [item.obj for item in api.store.list(events.CORE)]


def test_an_event_that_will_have_expired_is_not_written(told, api):
    version = api.store.version
    assert say(told, api, 110, 61) == []
    assert api.store.version == version


def test_an_event_of_the_last_hour_is_written(told, api):
    assert len(say(told, api, 59)) == 1


def test_an_event_that_goes_on_into_the_last_hour_is_counted_from_its_first(told, api):
    (event,) = say(told, api, 66, 63, 60, 57)
    assert event.get("count") == 4 or event["series"]["count"] == 4
    first = event["firstTimestamp"] or event["eventTime"]
    assert clock.moment(first) == NOW - timedelta(minutes=66)


def test_an_event_that_comes_back_when_it_has_expired_is_counted_anew(told, api):
    (event,) = say(told, api, 110, 5)
    assert event.get("count", 1) == 1
    assert "series" not in event


def test_without_a_past_every_event_is_written(told, api):
    api.clock.advance_to(NOW)
    assert len(say(told, api, 0)) == 1
