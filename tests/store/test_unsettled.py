"""What recovery looks at again: found without a walk over the whole journal."""

from __future__ import annotations

import re

import pytest

from pictrace.model import ChangeKind, ChangeState
from pictrace.store import Debt, Journal

_ASKED = {
    "open": lambda journal: journal.open_changes(),
    "puzzling": lambda journal: journal.changes(state=ChangeState.NEEDS_ATTENTION),
    "lines": lambda journal: journal.unsettled.owing(Debt.LINE),
    "lines of a root": lambda journal: journal.unsettled.owing(Debt.LINE, root="aa11"),
    "purges": lambda journal: journal.unsettled.owing(Debt.PURGE),
    "taken back": lambda journal: journal.unsettled.taken_back(),
    "companions": lambda journal: journal.unsettled.companions_left(),
    "undoings": lambda journal: journal.undoings_of(1),
    "tries": lambda journal: journal.unsettled.forget_tries(journal.change(1)),
}


@pytest.mark.parametrize("asked", _ASKED)
def test_no_question_of_recovery_reads_every_row(journal: Journal, values, monkeypatch, asked) -> None:
    journal.plan([values.change()])
    seen = []
    for name in ("rows", "execute"):
        really = getattr(journal._connection, name)

        def watched(sql, params=(), really=really):
            seen.append((sql, params))
            return really(sql, params)

        monkeypatch.setattr(journal._connection, name, watched)
    _ASKED[asked](journal)
    monkeypatch.undo()

    assert seen
    for sql, params in seen:
        plan = [row["detail"] for row in journal._connection.rows(f"EXPLAIN QUERY PLAN {sql}", params)]
        walks = [
            line for line in plan if re.match(r"SCAN (changes|photos|sidecars|others)\b(?!.* USING .*undone)", line)
        ]
        assert not walks, (sql, plan)


def test_what_was_taken_back_without_the_word_is_found(journal: Journal, values) -> None:
    half, whole, failed = journal.plan([values.change() for _ in range(3)])
    for change, state in ((half, "done"), (whole, "undone"), (failed, "done")):
        journal.advance(change.id, ChangeState(state))
    undos = journal.plan([values.change(kind=ChangeKind.UNDO, undoes=change.id) for change in (half, whole, failed)])
    for undo, state in zip(undos, ("done", "done", "aborted"), strict=True):
        journal.advance(undo.id, ChangeState(state))

    assert [change.id for change in journal.unsettled.taken_back()] == [half.id]


def test_a_purge_is_open_until_the_file_is_seen_to_be_gone(journal: Journal, values) -> None:
    (change,) = journal.plan([values.change(state=ChangeState.DONE)])
    journal.set_purged(change.id)
    assert [one.id for one in journal.unsettled.owing(Debt.PURGE)] == [change.id]

    journal.unsettled.note(change.id, None)

    assert journal.unsettled.owing(Debt.PURGE) == []
    assert journal.is_purged(change.id)


def test_companions_whose_photo_did_not_go_are_found(journal: Journal, values) -> None:
    sidecar, _, other, _ = journal.plan(
        [
            values.change(batch="x", state=ChangeState.DONE, details={"companion": True}),
            values.change(batch="x", state=ChangeState.ABORTED),
            values.change(batch="y", state=ChangeState.DONE, details={"companion": True}),
            values.change(batch="y", state=ChangeState.DONE),
        ]
    )

    assert [change.id for change in journal.unsettled.companions_left()] == [sidecar.id]
    assert other.id != sidecar.id
