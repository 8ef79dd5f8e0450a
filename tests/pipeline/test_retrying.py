"""How long a failed act waits, and what rests with it."""

from __future__ import annotations

import dataclasses
import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.pipeline.retrying import FIRST_SECONDS, LONGEST_SECONDS, Retries

A, B, C = Path("/lib/a.jpg"), Path("/lib/b.jpg"), Path("/lib/c.jpg")
HOUR = 3600.0


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def retries(clock: Clock) -> Retries:
    return Retries(clock)


def failed(number: int | None = None, *, root: str = "one") -> Change:
    """Return a change as the journal has it after the system refused, or after the guard did."""
    error = "the keeper changed" if number is None else f"{os.strerror(number)} (errno {number})"
    return Change(
        id=1,
        kind=ChangeKind.QUARANTINE,
        state=ChangeState.ABORTED,
        root=root,
        source=A,
        target=None,
        content_hash=b"",
        error=error,
    )


def test_a_failed_file_is_due_after_half_a_minute_then_after_twice_as_long(retries: Retries, clock: Clock) -> None:
    pauses = []
    for _ in range(10):
        retries.note(A, failed())
        began = clock.now
        while not retries.due(10):
            clock.now += 1.0
        pauses.append(clock.now - began)

    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_one_file_that_nobody_may_move_keeps_no_other_waiting(retries: Retries) -> None:
    retries.note(A, failed(errno.EPERM))

    assert not retries.is_resting("one")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE])
def test_a_root_whose_disk_refuses_rests_and_no_other_root_does(retries: Retries, clock: Clock, number: int) -> None:
    retries.note(A, failed(number))
    retries.put_off(B, "one")

    assert retries.is_resting("one")
    assert not retries.is_resting("two")
    assert retries.due(10) == []

    clock.now += FIRST_SECONDS
    assert not retries.is_resting("one")
    assert retries.due(10) == [A, B]
    assert retries.due(1) == [A]


def test_a_disk_that_refuses_again_rests_twice_as_long_with_all_that_waits_for_it(
    retries: Retries, clock: Clock
) -> None:
    retries.note(A, failed(errno.ENOSPC))
    retries.put_off(B, "one")
    clock.now += FIRST_SECONDS
    retries.note(A, failed(errno.ENOSPC))

    clock.now += 2 * FIRST_SECONDS - 1
    assert retries.due(10) == []
    clock.now += 1
    assert retries.due(10) == [A, B]


def test_a_disk_that_takes_something_again_has_all_that_waits_for_it_tried(retries: Retries, clock: Clock) -> None:
    retries.note(A, failed(errno.ENOSPC))
    retries.put_off(B, "one")
    retries.note(C, failed())
    clock.now += 1

    retries.forget(A)
    retries.succeeded("one")

    assert not retries.is_resting("one")
    assert retries.due(10) == [B]


def test_a_person_has_all_of_it_tried_at_once(retries: Retries) -> None:
    retries.note(A, failed(errno.EIO))
    retries.note(B, failed())

    retries.wake()

    assert retries.due(10) == [A, B]


def test_what_fails_is_told_for_each_root_with_its_cause(retries: Retries) -> None:
    retries.note(A, failed(errno.EROFS))
    retries.put_off(B, "one")
    retries.note(C, failed(root="two"))

    told = [dataclasses.astuple(one) for one in retries.failed()]

    assert told == [
        ("one", 2, f"Read-only file system (errno {errno.EROFS})", True),
        ("two", 1, "the keeper changed", False),
    ]


def test_nothing_is_told_any_more_once_all_is_done(retries: Retries) -> None:
    retries.note(A, failed(errno.EROFS))
    retries.put_off(B, "one")
    retries.forget(A)
    retries.forget(B)

    assert retries.failed() == []
    assert not retries.is_resting("one")
    assert retries.failed() == []


_STEPS = st.lists(
    st.tuples(
        st.sampled_from([A, B, C]),
        st.sampled_from([None, errno.ENOSPC, errno.EPERM, errno.EIO]),
        st.floats(0.1, 2 * HOUR),
    ),
    max_size=60,
)


@given(steps=_STEPS)
def test_no_file_is_tried_twice_within_half_a_minute_and_each_is_due_within_an_hour(
    steps: list[tuple[Path, int | None, float]],
) -> None:
    clock = Clock()
    retries = Retries(clock)
    tried: dict[Path, float] = {}
    for path, number, pause in steps:
        if retries.is_resting("one"):
            retries.put_off(path, "one")
        elif path not in tried or path in retries.due(10):
            assert clock.now - tried.get(path, -HOUR) >= FIRST_SECONDS
            tried[path] = clock.now
            retries.note(path, failed(number))
        clock.now += pause
    clock.now += LONGEST_SECONDS

    assert len(retries.due(10)) == sum(failed.count for failed in retries.failed())


def test_f41_a_file_that_another_program_kept_from_being_moved_waits_with_its_root(
    retries: Retries, clock: Clock
) -> None:
    retries.note_busy(A, "one", "acting.lock is locked")

    assert retries.is_resting("one")
    assert not retries.is_resting("two")
    assert [one.cause for one in retries.failed()] == ["acting.lock is locked"]
    assert retries.due(10) == []
    clock.now += FIRST_SECONDS
    assert retries.due(10) == [A]
    assert not retries.is_resting("one")
