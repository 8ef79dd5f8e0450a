from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pictrace.errors import StoreError
from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.store import Journal


def test_a_planned_change_is_read_back_as_it_was(journal: Journal, values) -> None:
    change = values.change(before=b"<x/>", details={"n": 1, "list": [None, "a"]}, rule="Copies", finding='{"a": 1}')

    planned = journal.plan([change])

    assert planned[0].id > 0
    assert journal.change(planned[0].id) == planned[0]
    assert planned[0].details == {"n": 1, "list": [None, "a"]}
    assert planned[0].source == change.source


def test_names_that_are_no_utf8_survive(journal: Journal, values) -> None:
    name = os.fsdecode(b"a\xff\nb.jpg")
    (planned,) = journal.plan([values.change(source=values.pictures / name, error=f"not moved: {name}")])

    read = journal.change(planned.id)

    assert read is not None
    assert os.fsencode(read.source.name) == b"a\xff\nb.jpg"
    assert "\\udcff" in (read.error or "")


def test_numbers_beyond_63_bits_survive(journal: Journal, values) -> None:
    key = values.key(ino=2**64 - 1, mtime_ns=-5, ctime_ns=2**63)

    (planned,) = journal.plan([values.change(key=key)])

    assert journal.change(planned.id).key == key


def test_a_plan_is_written_whole_or_not_at_all(journal: Journal, values) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        journal.plan([values.change(), values.change(undoes=99)])

    assert journal.changes() == []


def test_a_change_without_a_time_gets_the_present_one(journal: Journal, values, clock) -> None:
    (planned,) = journal.plan([values.change(made_at=0.0)])

    assert planned.made_at == clock.now


def test_advance_keeps_what_it_is_not_told_of(journal: Journal, values) -> None:
    (planned,) = journal.plan([values.change()])
    other = values.pictures / ".pictrace/quarantine/2-new.jpg"

    advanced = journal.advance(planned.id, ChangeState.COPYING, target=other, temporary=other.with_suffix(".tmp"))

    assert advanced == journal.change(planned.id)
    assert (advanced.state, advanced.target) == (ChangeState.COPYING, other)
    assert (advanced.source, advanced.key, advanced.rule) == (planned.source, planned.key, planned.rule)


def test_advance_can_take_a_value_back(journal: Journal, values) -> None:
    (planned,) = journal.plan([values.change(error="no space")])

    assert journal.advance(planned.id, ChangeState.DONE, error=None).error is None


def test_advance_of_an_unknown_change_is_an_error(journal: Journal) -> None:
    with pytest.raises(LookupError, match="17"):
        journal.advance(17, ChangeState.DONE)


@pytest.mark.parametrize("state", list(ChangeState))
def test_open_changes_are_those_not_ended(journal: Journal, values, state: ChangeState) -> None:
    (planned,) = journal.plan([values.change()])
    journal.advance(planned.id, state)

    is_open = state in (ChangeState.PLANNED, ChangeState.COPYING, ChangeState.COPIED, ChangeState.LINKING)

    assert [change.id for change in journal.open_changes()] == ([planned.id] if is_open else [])


def test_changes_are_listed_newest_first_and_filtered(journal: Journal, values) -> None:
    first, second, third = journal.plan(
        [values.change(), values.change(kind=ChangeKind.TAG), values.change(content_hash=b"h9", batch="b2")]
    )
    journal.advance(second.id, ChangeState.DONE)

    assert [change.id for change in journal.changes()] == [third.id, second.id, first.id]
    assert [change.id for change in journal.changes(limit=1)] == [third.id]
    assert [change.id for change in journal.changes(kind=ChangeKind.TAG, state=ChangeState.DONE)] == [second.id]
    assert [change.id for change in journal.changes_of(b"h9")] == [third.id]
    assert [change.id for change in journal.batch("b1")] == [first.id, second.id]


def test_quarantined_are_those_that_still_hold_something(journal: Journal, values) -> None:
    held, undone, purged, planned = journal.plan([values.change() for _ in range(4)])
    journal.advance(held.id, ChangeState.DONE)
    journal.advance(undone.id, ChangeState.UNDONE)
    journal.advance(purged.id, ChangeState.DONE)
    journal.set_purged(purged.id)

    assert [change.id for change in journal.quarantined()] == [held.id]
    assert [change.id for change in journal.kept_for(b"h2")] == [held.id]
    assert journal.kept_for(b"h1") == []
    assert journal.is_purged(purged.id)
    assert not journal.is_purged(planned.id)


def test_undoings_are_found_from_what_they_take_back(journal: Journal, values) -> None:
    (done,) = journal.plan([values.change()])
    (undoing,) = journal.plan([values.change(kind=ChangeKind.UNDO, undoes=done.id)])

    assert [change.id for change in journal.undoings_of(done.id)] == [undoing.id]


def test_a_root_that_turns_up_elsewhere_takes_its_changes_along(journal: Journal, values, tmp_path: Path) -> None:
    journal.put_root(values.root())
    (planned,) = journal.plan([values.change(keeper=Path("/elsewhere/old.jpg"))])
    journal.put_root(values.root(path=Path("/mnt/new")))
    journal.close()

    with Journal.read(tmp_path) as again:
        read = again.change(planned.id)

    assert read.source == Path("/mnt/new/new.jpg")
    assert read.target == Path("/mnt/new/.pictrace/quarantine/1-new.jpg")
    assert read.keeper == Path("/elsewhere/old.jpg")


def test_another_disk_at_the_same_place_has_its_own_changes(journal: Journal, values) -> None:
    journal.put_root(values.root("aa11"))
    (first,) = journal.plan([values.change()])
    journal.put_root(values.root("bb22"))
    (second,) = journal.plan([values.change(root="bb22")])
    journal.put_root(values.root("aa11", path=Path("/mnt/usb")))

    assert journal.change(first.id).source == Path("/mnt/usb/new.jpg")
    assert journal.change(second.id).source == values.pictures / "new.jpg"


def test_a_plan_outlives_a_kill(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from pictrace.model import Change, ChangeKind, ChangeState\n"
        "from pictrace.store import Journal\n"
        "journal = Journal.open(Path(sys.argv[1]))\n"
        "journal.plan([Change(id=0, kind=ChangeKind.MOVE, state=ChangeState.PLANNED, root='r',\n"
        "    source=Path('/a'), target=Path('/b'), content_hash=b'h')])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, timeout=60)

    assert ended.returncode == -signal.SIGKILL
    with Journal.open(tmp_path) as journal:
        assert [change.source for change in journal.open_changes()] == [Path("/a")]


@pytest.mark.parametrize("content", [b"", b"this is no database" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_journal_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal.db").write_bytes(content)

    with pytest.raises(StoreError, match="put it back from a backup"):
        Journal.open(tmp_path)

    assert (tmp_path / "journal.db").read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal.db"]


def test_a_journal_that_does_not_exist_reads_as_empty(tmp_path: Path) -> None:
    with Journal.read(tmp_path) as journal:
        assert journal.changes() == []

    assert list(tmp_path.iterdir()) == []


def test_a_journal_can_be_read_beside_its_writer(journal: Journal, values, tmp_path: Path) -> None:
    journal.plan([values.change()])

    with Journal.read(tmp_path) as beside:
        assert len(beside.changes()) == 1
        with pytest.raises(StoreError, match="cannot be written"):
            beside.plan([values.change()])


def test_grouped_changes_are_seen_by_others_at_the_end_of_the_group(journal: Journal, values, tmp_path: Path) -> None:
    with Journal.read(tmp_path) as beside:
        with journal.together():
            (planned,) = journal.plan([values.change()])
            journal.advance(planned.id, ChangeState.DONE)
            assert beside.changes() == []
        assert [change.state for change in beside.changes()] == [ChangeState.DONE]


def test_relative_paths_are_refused(journal: Journal, values) -> None:
    with pytest.raises(ValueError, match="absolute"):
        journal.plan([values.change(source=Path("new.jpg"))])


def test_every_field_of_a_change_is_stored(journal: Journal, values) -> None:
    (earlier,) = journal.plan([values.change()])
    change = values.change(
        before=b"b",
        rule="r",
        finding="{}",
        undoes=earlier.id,
        error="e",
        temporary=Path("/t"),
        monotonic_at=1.0,
        details={"a": [1]},
    )

    (planned,) = journal.plan([change])

    unset = [name for name in Change.__slots__ if not getattr(journal.change(planned.id), name)]
    assert unset == []


@pytest.mark.parametrize("question", ["changes_at", "purged"])
def test_a_question_about_one_change_does_not_go_through_all(journal: Journal, values, question: str) -> None:
    made = journal.plan([values.change(source=values.pictures / f"{n}.jpg", target=None) for n in range(2000)])
    journal.set_purged(made[7].id)
    ticks: list[None] = []
    journal._connection._raw.set_progress_handler(lambda: ticks.append(None), 100)

    asked = {"changes_at": lambda: journal.changes_at(values.pictures / "7.jpg"), "purged": journal.purged}
    found = asked[question]()

    assert [change.id for change in found] == [made[7].id]
    assert len(ticks) < 20
