"""F41: another program holds the lock of acting and never lets go: stopped with Ctrl-Z, or hanging in a share."""

from __future__ import annotations

import fcntl
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pictrace.service.status import read_status

from .conftest import House  # type: ignore[import-not-found]

Photo = Callable[..., Path]

pytestmark = pytest.mark.timeout(240)


@contextmanager
def held(house: House) -> Iterator[None]:
    with (house.state / "acting.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture
def stocked(house: House, photo: Photo) -> House:
    for seed in range(2):
        photo(f"a-{seed}.jpg", seed=seed, folder=house.library)
    house.state.mkdir(mode=0o700)
    return house


def told(house: House, kind: str) -> list[dict[str, Any]]:
    return [one for one in (read_status(house.state) or {"degraded": []})["degraded"] if one["kind"] == kind]


def goes_on(house: House) -> None:
    written = (read_status(house.state) or {})["written_at"]
    house.wait(lambda: (read_status(house.state) or {})["written_at"] > written + 3, "a loop that goes on")


def test_f41_a_lock_that_is_never_let_go_stops_neither_the_loop_nor_sigterm(stocked: House) -> None:
    with stocked.daemon() as daemon, held(stocked):
        shutil.copyfile(stocked.library / "a-0.jpg", stocked.library / "copy.jpg")
        stocked.wait(lambda: told(stocked, "act failed"), "the act told as failed")
        goes_on(stocked)
        stocked.run("undo", "--all", "--yes", code=0)  # nothing to take back needs no lock
        daemon.send_signal(signal.SIGTERM)

        assert daemon.wait(timeout=10) == 0
    assert stocked.quarantined() == []


def test_f41_what_waited_for_the_lock_is_done_when_it_is_free(stocked: House) -> None:
    with held(stocked):
        # The start finds the lock taken: nothing is recovered yet, and nothing is changed before that.
        running = stocked.daemon()
        running.__enter__()
        shutil.copyfile(stocked.library / "a-0.jpg", stocked.library / "copy.jpg")
        stocked.wait(lambda: told(stocked, "act failed"), "the act told as failed")
        assert "acting.lock is locked" in told(stocked, "act failed")[0]["cause"]
    stocked.wait(lambda: len(stocked.quarantined()) == 1, "the copy in quarantine")
    stocked.wait(lambda: not told(stocked, "act failed"), "nothing waiting any more")
    running.__exit__(None, None, None)
    log = (stocked.state.parent / "daemon.log").read_text()

    assert "what a stop left open is looked at later" in log
    assert "what a stop left open was looked at" in log


@pytest.mark.parametrize(
    "words", [("undo", "1"), ("quarantine", "restore", "1"), ("quarantine", "purge", "--older-than", "0", "--yes")]
)
def test_f41_a_command_names_the_lock_it_waited_for(stocked: House, words: tuple[str, ...]) -> None:
    shutil.copyfile(stocked.library / "a-0.jpg", stocked.library / "copy.jpg")
    with stocked.daemon():
        shutil.copyfile(stocked.library / "a-0.jpg", stocked.library / "second.jpg")
        stocked.wait(stocked.quarantined, "a copy in quarantine")
    with held(stocked):
        command = stocked.start(*words)
        _, said = command.communicate(timeout=60)

    assert command.returncode == 75
    assert "acting.lock is locked" in said
    assert stocked.quarantined()
