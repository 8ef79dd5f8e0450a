"""Settling, with the clock and the stat handed in."""

from __future__ import annotations

import itertools
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pictrace.model import StatKey
from pictrace.settle import Settler

A = Path("/photos/a.jpg")


def key(size: int, *, mtime: int = 0, ctime: int = 0) -> StatKey:
    return StatKey(dev=1, ino=1, size_bytes=size, mtime_ns=mtime, ctime_ns=ctime)


def settler() -> Settler:
    return Settler(quiet_seconds=5, longest_wait_seconds=60)


def test_a_file_settles_after_the_quiet_time() -> None:
    waiting = settler()
    waiting.note(A, key(1), 0, is_new=True)

    assert waiting.due(4.9) == []
    assert waiting.due(5) == [A]
    settled = waiting.observe(A, key(1), 5)
    assert settled is not None
    assert settled.is_new
    assert len(waiting) == 0


def test_a_change_starts_the_wait_anew() -> None:
    waiting = settler()
    waiting.note(A, key(1), 0)

    assert waiting.due(5) == [A]
    assert waiting.observe(A, key(2), 5) is None
    assert waiting.due(9.9) == []
    assert waiting.due(10) == [A]
    assert waiting.observe(A, key(2), 10) is not None


def test_a_change_of_ctime_alone_is_a_change() -> None:
    waiting = settler()
    waiting.note(A, key(1, ctime=1), 0)

    waiting.due(5)
    assert waiting.observe(A, key(1, ctime=2), 5) is None


def test_a_file_that_vanished_is_forgotten() -> None:
    waiting = settler()
    waiting.note(A, key(1), 0)

    waiting.due(5)
    assert waiting.observe(A, None, 5) is None
    assert len(waiting) == 0
    assert waiting.next_due(5) is None


def test_hints_about_an_unchanged_file_do_not_put_it_off() -> None:
    waiting = settler()
    waiting.note(A, key(1), 0)
    for second in range(1, 5):
        waiting.note(A, key(1), second)

    assert waiting.due(5) == [A]
    assert waiting.observe(A, key(1), 5) is not None


def test_a_file_that_keeps_changing_is_shown_and_never_given_up() -> None:
    waiting = settler()
    waiting.note(A, key(0), 0)
    now, looks = 0.0, []
    for size in range(1, 60):
        now = waiting.next_due(now) or now
        assert waiting.due(now) == [A]
        assert waiting.observe(A, key(size), now) is None
        looks.append(now)

    [pending] = waiting.pending(now)
    assert pending.is_overdue
    pauses = [b - a for a, b in itertools.pairwise(looks)]
    assert pauses[0] == 5
    assert max(pauses) == 60

    now = waiting.next_due(now) or now
    waiting.due(now)
    assert waiting.observe(A, key(59), now) is not None


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.floats(0.1, 4.0)),
        max_size=40,
    )
)
def test_what_settles_was_unchanged_for_the_quiet_time(steps: list[tuple[str, int, float]]) -> None:
    """Drive it with random changes; a plain model remembers since when each file was as it is."""
    waiting, now = settler(), 0.0
    sizes: dict[Path, int] = {}
    since: dict[Path, float] = {}
    for name, size, pause in steps:
        path = Path(name)
        if sizes.get(path) != size:
            sizes[path], since[path] = size, now
        waiting.note(path, key(size), now)
        now += pause
        for due in waiting.due(now):
            settled = waiting.observe(due, key(sizes[due]), now)
            if settled is not None:
                assert now >= since[due] + 5
    end = now + 200
    settled_paths = set()
    while (at := waiting.next_due(now)) is not None and at < end:
        now = at
        settled_paths |= {p for p in waiting.due(now) if waiting.observe(p, key(sizes[p]), now)}
    assert len(waiting) == 0


def test_a_file_that_was_asked_for_but_not_observed_comes_up_again() -> None:
    waiting = settler()
    waiting.note(A, key(1), 0)

    assert waiting.due(5) == [A]
    assert waiting.due(5) == []
    assert waiting.next_due(5) == 10
    assert waiting.due(10) == [A]


def test_a_hundred_thousand_files_are_cheap_to_wait_for() -> None:
    """No clock: a wait that looks through all its files at each step would take minutes here, and time out."""
    waiting = settler()
    paths = [Path(f"/photos/{number}.jpg") for number in range(100_000)]
    for number, path in enumerate(paths):
        waiting.note(path, key(number), number / 10_000)

    assert waiting.next_due(0) == 5
    settled = 0
    for step in range(16_000):
        for path in waiting.due(step / 1_000):
            settled += waiting.observe(path, key(int(path.stem)), step / 1_000) is not None
    assert settled == 100_000
