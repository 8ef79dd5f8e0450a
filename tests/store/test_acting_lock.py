"""One program at a time makes changes; one that never ends its change holds the others up for seconds, and once."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from pictrace.errors import BusyError
from pictrace.store import Journal, acting_lock

pytestmark = pytest.mark.timeout(60)

Held = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return how long was waited, each time; nobody waits here."""
    waited: list[float] = []
    monkeypatch.setattr(acting_lock, "_sleep", waited.append)
    return waited


@pytest.fixture
def other(tmp_path: Path) -> Held:
    """Hold the lock as another program does, for good: stopped with Ctrl-Z, or hanging in a share."""

    @contextmanager
    def held():
        with (tmp_path / "acting.lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    return held


@pytest.fixture
def journal(tmp_path: Path):
    with Journal.open(tmp_path) as journal:
        yield journal


def test_f41_who_never_ends_a_change_is_waited_for_seconds_and_named(journal: Journal, other: Held, waits) -> None:
    with other(), pytest.raises(BusyError, match=r"acting\.lock is locked") as told, journal.acting():
        pytest.fail("two act at once")

    assert told.value.exit_code == 75
    assert 2 <= sum(waits) <= 4


def test_f41_who_waited_in_vain_does_not_wait_again(journal: Journal, other: Held, waits) -> None:
    with other():
        for _ in range(2):
            with pytest.raises(BusyError), journal.acting():
                pytest.fail("two act at once")
        waited = len(waits)
    with journal.acting():
        pass
    with other(), pytest.raises(BusyError), journal.acting():
        pytest.fail("two act at once")

    assert len(waits) == 2 * waited


def test_a_change_that_ends_in_time_is_waited_for(journal: Journal, other: Held) -> None:
    is_held, is_over = threading.Event(), threading.Event()

    def act() -> None:
        with other():
            is_held.set()
            is_over.wait(0.3)

    thread = threading.Thread(target=act)
    thread.start()
    is_held.wait(30)
    with journal.acting():
        pass
    thread.join()
