from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from stswidgets.simulator import clock

START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def test_a_stepped_clock_runs_timers_in_the_order_of_their_due_times():
    stepped = clock.SteppedClock(START)
    seen: list[tuple[str, float]] = []
    stepped.call_later(2, lambda: seen.append(("late", (stepped.now() - START).total_seconds())))
    stepped.call_later(1, lambda: seen.append(("early", (stepped.now() - START).total_seconds())))
    stepped.advance(3)
    assert seen == [("early", 1.0), ("late", 2.0)]
    assert stepped.now() == START + timedelta(seconds=3)


def test_a_timer_set_by_a_timer_runs_in_the_same_advance_when_it_is_due():
    stepped = clock.SteppedClock(START)
    seen: list[str] = []
    stepped.call_later(1, lambda: stepped.call_later(1, lambda: seen.append("inner")) and None)
    stepped.advance(2)
    assert seen == ["inner"]


def test_a_cancelled_timer_does_not_run():
    stepped = clock.SteppedClock(START)
    seen: list[str] = []
    stepped.call_later(1, lambda: seen.append("never"))()
    stepped.advance(2)
    assert seen == []


def test_a_clock_with_timers_refuses_to_travel():
    stepped = clock.SteppedClock(START)
    stepped.call_later(1, lambda: None)
    with pytest.raises(RuntimeError):
        stepped.travel(START - timedelta(days=1))


def test_a_real_clock_stands_still_until_it_is_started_and_then_runs_what_its_past_left_due():
    async def run() -> None:
        real = clock.RealClock(START)
        assert real.now() == START
        seen: list[str] = []
        real.call_later(60, lambda: seen.append("due long ago"))
        real.start()
        assert seen == ["due long ago"]
        assert abs((datetime.now(UTC) - real.now()).total_seconds()) < 5
        done = asyncio.Event()
        real.call_later(0.01, done.set)
        await asyncio.wait_for(done.wait(), 5)

    asyncio.run(run())


def test_a_fast_clock_sleeps_a_long_time_in_a_moment():
    async def run() -> timedelta:
        fast = clock.FastClock(10_000)
        fast.start()
        before = fast.now()
        await asyncio.wait_for(fast.sleep(600), 5)
        return fast.now() - before

    assert asyncio.run(run()) >= timedelta(seconds=600)


@pytest.mark.parametrize("name", ["", "-1", "slow", "0"])
def test_a_clock_of_no_known_name_is_refused(name: str):
    with pytest.raises(ValueError):
        clock.of(name)


def test_moments_survive_being_written():
    assert clock.moment(clock.stamp(START)) == START
    assert clock.moment(clock.micro_stamp(START)) == START
