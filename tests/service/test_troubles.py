"""What a daemon tells of itself when something is wrong: each trouble with count, cause and since when."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pictrace.model import Role, RootInfo, RootState
from pictrace.pipeline.retrying import FailedActs
from pictrace.service.status import Trouble
from pictrace.service.troubles import SCAN_STALLED_SECONDS, TroubleFinder, Troubles
from pictrace.settle import Pending
from pictrace.watch import Problem

ROOT = RootInfo(identity="aa", path=Path("/photos"), role=Role.LIBRARY, dev=1, ino=2, filesystem="ext4")


class House:
    """The parts of a daemon, all of them well, to be made ill one by one."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.is_alive = self.has_workers = True
        self.state, self.is_read_only, self.silent_seconds = RootState.USABLE, False, 0.0
        self.obstacle: str | None = None
        self.problems: list[Problem] = []
        self.unread: list[Any] = []
        self.puzzling: list[Any] = []
        self.held: list[Any] = []
        self.away: list[Any] = []
        self.failed: list[FailedActs] = []
        self.troubles = Troubles(wall_clock=lambda: self.now)

    def look(self, pending: Sequence[Pending] = ()) -> dict[str, Trouble]:
        told = self.troubles.dated(self._finder().found(pending))
        return {one.kind: one for one in told}

    def _finder(self) -> TroubleFinder:
        problems = SimpleNamespace(
            count=lambda: len(self.unread), listed=lambda limit: self.unread[:limit], since=lambda: 7.0
        )
        journal = SimpleNamespace(changes=lambda state: self.puzzling, brake=SimpleNamespace(by_rule=lambda: self.held))
        engine: Any = SimpleNamespace(
            config=SimpleNamespace(act=True),
            library=SimpleNamespace(away=self.away, roots=[ROOT], root={"aa": ROOT}.get),
            index=SimpleNamespace(problems=problems),
            journal=journal,
            pool=SimpleNamespace(is_alive=lambda: self.has_workers),
            responder=SimpleNamespace(retries=SimpleNamespace(failed=lambda: self.failed)),
        )
        keeper: Any = SimpleNamespace(
            state=lambda root: self.state,
            is_read_only=lambda identity: self.is_read_only,
            obstacle=lambda identity: self.obstacle,
        )
        observer: Any = SimpleNamespace(problems=lambda: self.problems, is_alive=lambda: self.is_alive)
        reconciler: Any = SimpleNamespace(silent_seconds=lambda identity: self.silent_seconds, is_alive=lambda: True)
        return TroubleFinder(
            engine=engine, observer=observer, reconciler=reconciler, keeper=keeper, troubles=self.troubles
        )


@pytest.fixture
def parts() -> House:
    return House()


def test_a_daemon_that_is_well_has_no_trouble(parts: House) -> None:
    assert parts.look() == {}


@pytest.mark.parametrize("state", [one for one in RootState if one is not RootState.USABLE])
def test_a_root_that_cannot_be_used_is_told_with_its_state(parts: House, state: RootState) -> None:
    parts.state = state

    told = parts.look()["root paused"]
    assert (told.count, told.since) == (1, 1000.0)
    assert "/photos" in told.cause
    assert state.value in told.cause


def test_a_trouble_keeps_its_date_while_its_words_change_and_loses_it_when_it_goes(parts: House) -> None:
    parts.problems = [Problem(kind="events lost", count=1, cause="queue full")]
    parts.look()
    parts.now = 1010.0
    parts.problems = [Problem(kind="events lost", count=2, cause="queue full, again")]
    later = parts.look()["events lost"]
    parts.problems = []
    parts.look()
    parts.now = 1020.0
    parts.problems = [Problem(kind="events lost", count=1, cause="queue full")]

    assert (later.count, later.since) == (2, 1000.0)
    assert parts.look()["events lost"].since == 1020.0


def test_a_read_only_root_is_told(parts: House) -> None:
    parts.is_read_only = True

    assert "read-only" in parts.look()["root read-only"].cause


def test_another_program_that_speaks_against_acts_is_told(parts: House) -> None:
    parts.obstacle = "make `/.pictrace` the first line"

    assert parts.look()["acts held"].cause == "/photos: make `/.pictrace` the first line"


def test_a_scan_without_a_sign_of_life_is_told_with_its_root(parts: House) -> None:
    parts.silent_seconds = SCAN_STALLED_SECONDS
    assert parts.look() == {}

    parts.silent_seconds = SCAN_STALLED_SECONDS + 0.1
    assert "/photos" in parts.look()["scan stalled"].cause


def test_folders_that_were_not_read_are_counted(parts: House) -> None:
    parts.troubles.unseen = {"aa": ("/photos/a: no permission", "/photos/b: no permission")}

    told = parts.look()["folders not read"]
    assert (told.count, told.cause) == (2, "/photos/b: no permission")


def test_a_config_that_was_not_taken_is_told_until_one_is(parts: House) -> None:
    parts.troubles.config = "config.yaml:3:1: unknown key"
    assert "config.yaml:3:1" in parts.look()["config not taken"].cause

    parts.troubles.config = None
    assert parts.look() == {}


def test_a_thread_that_ended_is_told(parts: House) -> None:
    parts.is_alive = False

    assert "start PicTrace again" in parts.look()["thread ended"].cause


def test_photos_that_cannot_be_read_are_told_since_the_first_of_them(parts: House) -> None:
    parts.unread = [SimpleNamespace(path=Path("/photos/x.jpg"), reason="truncated JPEG"), SimpleNamespace()]

    told = parts.look()["unreadable"]
    assert (told.count, told.since) == (2, 7.0)
    assert "x.jpg: truncated JPEG" in told.cause


def test_files_that_do_not_settle_are_counted(parts: House) -> None:
    pending = [Pending(path=Path("/photos/a"), waiting_seconds=1.0, is_overdue=overdue) for overdue in (True, False)]

    assert parts.look(pending)["not settling"].count == 1


def test_changes_that_need_a_person_are_told_since_the_first(parts: House) -> None:
    parts.puzzling = [SimpleNamespace(made_at=30.0), SimpleNamespace(made_at=20.0)]

    told = parts.look()["needs attention"]
    assert (told.count, told.since) == (2, 20.0)


def test_each_rule_whose_plans_are_held_is_told(parts: House) -> None:
    parts.held = [SimpleNamespace(rule="Copies", count=60, since=5.0)]

    told = parts.look()["held plans"]
    assert (told.count, told.since) == (60, 5.0)
    assert "pictrace confirm" in told.cause


def test_roots_that_are_away_from_the_start_and_failed_acts_are_told(parts: House) -> None:
    parts.away = [(SimpleNamespace(path=Path("/mnt/nas")), "/mnt/nas is away")]
    parts.failed = [FailedActs(root="aa", count=3, cause="No space left on device (errno 28)", is_resting=True)]

    told = parts.look()
    assert told["root away"].cause == "/mnt/nas is away"
    assert told["act failed"].count == 3
    assert told["act failed"].cause.startswith("/photos: No space left")


def test_a_worker_without_its_thread_is_told(parts: House) -> None:
    parts.has_workers = False

    assert "looks after a worker" in parts.look()["thread ended"].cause
