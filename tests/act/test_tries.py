"""A file that cannot be moved is tried again and again: of the tries without effect one row remains."""

from __future__ import annotations

from pictrace.model import ChangeState, Step

_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


def failing(stage, *, times: int, step: Step | None = None) -> list:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    keeper.path.write_bytes(b"another photo")
    return [stage.carry_out(copy, keeper, *([step] if step else []))[-1] for _ in range(times)]


def test_of_many_tries_that_failed_without_effect_the_last_one_remains(stage) -> None:
    tries = failing(stage, times=5)

    assert {change.state for change in tries} == {ChangeState.ABORTED}
    assert [change.id for change in stage.journal.changes()] == [tries[-1].id]


def test_a_try_of_another_kind_remains(stage) -> None:
    first = failing(stage, times=1)[0]
    second = failing(stage, times=1, step=Step(action="move", options={"to": "Copies"}))[0]

    assert {change.id for change in stage.journal.changes()} == {first.id, second.id}


def test_what_had_an_effect_remains(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [done] = stage.carry_out(copy, keeper)
    [undo] = stage.actor.undo([done.id])

    [again] = stage.carry_out(stage.row(copy.path), keeper)

    assert {change.id for change in stage.journal.changes()} == {done.id, undo.id, again.id}


def test_a_try_that_began_a_copy_remains(stage) -> None:
    first = failing(stage, times=1)[0]
    stage.journal.advance(first.id, ChangeState.ABORTED, temporary=stage.root / ".pictrace-1.tmp")

    second = failing(stage, times=1)[0]

    assert {change.id for change in stage.journal.changes()} == {first.id, second.id}


def test_a_photo_by_which_a_sidecar_comes_home_remains(stage) -> None:
    stage.put("b.jpg.xmp", _XMP)

    failing(stage, times=2)

    companions = [change for change in stage.journal.changes() if change.details.get("companion")]
    assert {change.state for change in companions} == {ChangeState.UNDONE}
    for companion in companions:
        assert any(change.source == stage.root / "b.jpg" for change in stage.journal.batch(companion.batch))
