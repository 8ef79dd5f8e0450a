"""What is owed after a change: lines of a manifest that could not be written, and a purge that was stopped."""

from __future__ import annotations

import errno
import os

import pytest

from pictrace.act import QuarantineKeeper, ledger, restore_from_manifest
from pictrace.model import ChangeState, RootState
from pictrace.store import Debt


@pytest.fixture
def full(monkeypatch):
    """Have every line fail as on a full disk, after the look for room; undone by what is returned."""

    def failing(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "append_line", failing)
        yield patch.undo


def put_away(stage, name: str):
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put(name, name.encode())
    [change] = stage.carry_out(copy, keeper)
    assert change.state is ChangeState.DONE
    return change


def come_home(stage) -> list[str | None]:
    folder = stage.root / ".pictrace/quarantine"
    return [one.error for one in restore_from_manifest(stage.root, folder, wall_clock=lambda: 1.0)]


def test_recovery_writes_the_lines_that_are_missing(stage, full) -> None:
    change = put_away(stage, "b.jpg")
    assert change.error.startswith("moved, but:")
    full()

    stage.reopen()
    stage.actor.recover()

    assert stage.journal.unsettled.owing(Debt.LINE) == []
    assert come_home(stage) == [None]
    assert (stage.root / "b.jpg").read_bytes() == b"b.jpg"


def test_the_next_line_brings_the_missing_ones_with_it(stage, full) -> None:
    put_away(stage, "b.jpg")
    full()

    put_away(stage, "c.jpg")

    assert come_home(stage) == [None, None]
    assert {"b.jpg", "c.jpg"} <= set(stage.tree())


def test_a_line_stays_missing_while_its_root_is_away_or_its_disk_full(stage, full) -> None:
    change = put_away(stage, "b.jpg")
    stage.actor.recover()
    full()
    stage.root_state = RootState.MISSING
    stage.actor.recover()

    assert [one.id for one in stage.journal.unsettled.owing(Debt.LINE)] == [change.id]


def test_a_late_line_does_not_take_back_what_a_later_one_says(stage, full) -> None:
    change = put_away(stage, "b.jpg")
    [undo] = stage.actor.undo([change.id])
    [again] = stage.actor.undo([undo.id])  # under the same name in quarantine
    assert again.target == change.target
    full()

    stage.actor.recover()

    assert come_home(stage) == [None]
    assert (stage.root / "b.jpg").read_bytes() == b"b.jpg"


def test_what_is_purged_before_its_line_was_written_is_not_missed(stage, full) -> None:
    change = put_away(stage, "b.jpg")
    full()
    keeper = stage.row(stage.root / "a.jpg")

    QuarantineKeeper(stage.world, stage.journal, lambda _: [keeper]).purge(change)
    assert stage.journal.unsettled.owing(Debt.PURGE) == []
    stage.actor.recover()

    assert come_home(stage) == []


def test_on_a_full_disk_nothing_is_put_away(stage, monkeypatch) -> None:
    really = os.fstatvfs

    def full_disk(descriptor):
        room = really(descriptor)
        return os.statvfs_result((*room[:4], 0, *room[5:], room.f_fsid))

    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    monkeypatch.setattr(os, "fstatvfs", full_disk)

    [change] = stage.carry_out(copy, keeper)

    assert change.state is ChangeState.ABORTED
    assert change.error.endswith(f"(errno {errno.ENOSPC})")
    assert copy.path.read_bytes() == b"copy"


def test_what_lies_in_quarantine_comes_home_on_a_full_disk(stage, full) -> None:
    change = put_away(stage, "b.jpg")

    [undo] = stage.actor.undo([change.id])

    assert undo.state is ChangeState.DONE
    assert (stage.root / "b.jpg").read_bytes() == b"b.jpg"
    assert [one.id for one in stage.journal.unsettled.owing(Debt.LINE)] == [change.id, undo.id]


def test_a_purge_that_was_stopped_is_looked_at_until_its_root_is_back(stage) -> None:
    change = put_away(stage, "b.jpg")
    stage.journal.set_purged(change.id)
    stage.root_state = RootState.MISSING
    stage.actor.recover()
    assert stage.journal.is_purged(change.id)

    stage.root_state = RootState.USABLE
    stage.actor.recover()

    assert not stage.journal.is_purged(change.id)
    assert come_home(stage) == [None]
