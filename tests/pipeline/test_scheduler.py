"""The scheduler: jobs as generators, with a pool that runs in place."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from pictrace.errors import StoreError, UndecodableError
from pictrace.pipeline.scheduler import Job, Scheduler, Task, Until


class InPlacePool:
    """Runs each task at once, and keeps what it was given."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        self.calls.append(args)
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def drain(scheduler: Scheduler) -> None:
    for _ in range(1000):
        if not len(scheduler):
            return
        scheduler.step(0)
    pytest.fail("the jobs did not end")


def square(job_log: list[int], number: int) -> Job:
    result = yield Task(lambda n: n * n, (number,))
    job_log.append(result)


def fail_to_decode(name: str) -> None:
    raise UndecodableError(Path(name), "broken jpeg")


def test_a_job_gets_the_result_of_its_task() -> None:
    seen: list[int] = []
    scheduler = Scheduler(InPlacePool(), max_in_flight=2)

    for number in range(5):
        scheduler.add(square(seen, number))
    drain(scheduler)

    assert sorted(seen) == [0, 1, 4, 9, 16]


def test_a_job_sees_the_error_of_its_task() -> None:
    seen: list[str] = []

    def job() -> Job:
        try:
            yield Task(fail_to_decode, ("a.jpg",))
        except UndecodableError as problem:
            seen.append(problem.reason)

    scheduler = Scheduler(InPlacePool(), max_in_flight=1)
    scheduler.add(job())
    drain(scheduler)

    assert seen == ["broken jpeg"]


def test_trouble_with_one_photo_does_not_end_the_others() -> None:
    seen: list[int] = []

    def job() -> Job:
        yield Task(fail_to_decode, ("a.jpg",))

    scheduler = Scheduler(InPlacePool(), max_in_flight=1)
    scheduler.add(job())
    scheduler.add(square(seen, 3))
    drain(scheduler)

    assert seen == [9]


def test_trouble_that_stops_us_is_raised() -> None:
    def job() -> Job:
        yield Task(int, ("7",))
        raise StoreError("disk full")

    scheduler = Scheduler(InPlacePool(), max_in_flight=1)
    scheduler.add(job())

    with pytest.raises(StoreError, match="disk full"):
        drain(scheduler)


def test_urgent_jobs_go_first() -> None:
    pool = InPlacePool()
    scheduler = Scheduler(pool, max_in_flight=1)
    for number in range(3):
        scheduler.add(square([], number))
    scheduler.add(square([], 99), is_urgent=True)

    scheduler.step(0)

    assert pool.calls[0] == (99,)


def test_a_job_waits_until_its_word_is_given() -> None:
    order: list[str] = []
    scheduler = Scheduler(InPlacePool(), max_in_flight=4)

    def waiting() -> Job:
        yield Until("ready")
        order.append("waited")

    def giving() -> Job:
        yield Task(int, ("1",))
        order.append("gave")
        scheduler.release("ready")

    scheduler.add(waiting())
    scheduler.add(giving())
    drain(scheduler)

    assert order == ["gave", "waited"]


def test_stopping_closes_every_job_where_it_stands() -> None:
    closed: list[str] = []
    scheduler = Scheduler(InPlacePool(), max_in_flight=1)

    def job() -> Job:
        try:
            yield Until("never")
        finally:
            closed.append("closed")

    scheduler.add(job())
    scheduler.step(0)
    scheduler.stop()

    assert closed == ["closed"]
    assert len(scheduler) == 0


class SlowPool:
    """Ends no task, and keeps what became of each."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        self.futures.append(Future())
        return self.futures[-1]


def test_stopping_closes_jobs_whose_task_is_at_a_worker() -> None:
    closed: list[int] = []
    pool = SlowPool()
    scheduler = Scheduler(pool, max_in_flight=2)

    def job(number: int) -> Job:
        try:
            yield Task(int, ("7",))
        finally:
            closed.append(number)

    for number in range(2):
        scheduler.add(job(number))
    scheduler.step(0)
    scheduler.stop()
    for future in pool.futures:
        future.cancel()
    scheduler.step(0)

    assert len(pool.futures) == 2
    assert closed == [0, 1]
    assert len(scheduler) == 0
