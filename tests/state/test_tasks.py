"""Background work: where its results and failures arrive, and that it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from stswidgets.state import loops
from stswidgets.state.tasks import Coalesced, Tasks


@pytest.fixture
def loop() -> loops.QueueLoop:
    return loops.QueueLoop()


@pytest.fixture
def failures() -> list[Exception]:
    return []


@pytest.fixture
def tasks(loop: loops.QueueLoop, failures: list[Exception]) -> Iterator[Tasks]:
    tasks = Tasks(loop, failed=failures.append)
    yield tasks
    tasks.stop()


def test_a_call_runs_elsewhere_and_its_result_arrives_here(tasks: Tasks, loop: loops.QueueLoop) -> None:
    seen: list[tuple[int, int]] = []
    tasks.run(threading.get_ident, lambda there: seen.append((there, threading.get_ident())))
    assert loop.drain(lambda: bool(seen))
    there, here = seen[0]
    assert there != here == threading.get_ident()


def test_a_failing_call_reaches_its_handler(tasks: Tasks, loop: loops.QueueLoop) -> None:
    seen: list[Exception] = []
    tasks.run(lambda: 1 / 0, lambda _: None, seen.append)
    assert loop.drain(lambda: bool(seen))
    assert isinstance(seen[0], ZeroDivisionError)


def test_a_failure_without_a_handler_is_not_silent(
    tasks: Tasks, loop: loops.QueueLoop, failures: list[Exception]
) -> None:
    tasks.run(lambda: 1 / 0, lambda _: None)
    assert loop.drain(lambda: bool(failures))


def test_a_handler_that_raises_is_not_silent(tasks: Tasks, loop: loops.QueueLoop, failures: list[Exception]) -> None:
    tasks.run(lambda: 0, lambda zero: print(1 / zero))
    assert loop.drain(lambda: bool(failures))


def test_nothing_arrives_after_stop(tasks: Tasks, loop: loops.QueueLoop) -> None:
    seen: list[int] = []
    done = threading.Event()
    tasks.run(lambda: done.set() or 1, seen.append)
    done.wait(5)
    tasks.stop()
    loop.drain()
    assert (seen, tasks.running) == ([], 0)


def test_a_generator_is_told_to_end(tasks: Tasks, loop: loops.QueueLoop) -> None:
    ended = threading.Event()

    def ticks(stop: threading.Event) -> Iterator[int]:
        yield 1
        stop.wait(10)
        ended.set()

    seen: list[int] = []
    tasks.thread(ticks, seen.append)
    assert loop.drain(lambda: bool(seen))
    tasks.stop()
    assert ended.wait(5)


def test_a_period_goes_on_after_a_failure(tasks: Tasks, loop: loops.QueueLoop) -> None:
    answers = iter([ValueError("first"), 2, 3])

    def call() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    seen: list[object] = []
    tasks.every(0.001, call, seen.append, seen.append)
    assert loop.drain(lambda: len(seen) >= 3)
    assert [str(entry) for entry in seen[:3]] == ["first", "2", "3"]


def test_a_group_stops_alone(tasks: Tasks, loop: loops.QueueLoop) -> None:
    seen: list[str] = []
    group = tasks.group()
    group.post(lambda: seen.append("group"))
    tasks.post(lambda: seen.append("whole"))
    group.stop()
    loop.drain()
    assert seen == ["whole"]


def test_a_burst_of_requests_runs_twice_at_most(tasks: Tasks, loop: loops.QueueLoop) -> None:
    runs: list[int] = []
    publish = Coalesced(tasks, lambda: runs.append(1), interval=0.01)
    for _ in range(100):
        publish.request()
    assert len(runs) == 1
    assert loop.drain(lambda: len(runs) == 2)


def test_in_a_kernel_results_arrive_on_its_loop() -> None:
    async def kernel() -> int:
        tasks = Tasks()
        arrived: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        tasks.run(lambda: 1, lambda _: arrived.set_result(threading.get_ident()))
        return await asyncio.wait_for(arrived, 5)

    assert asyncio.run(kernel()) == threading.get_ident()
