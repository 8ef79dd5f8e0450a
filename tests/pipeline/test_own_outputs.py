"""What a rule made is no news: a copy is not copied for ever, and a linked photo is not found again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pictrace.config import load_config
from pictrace.model import ChangeState, StatKey
from pictrace.pipeline.events import ChangeEvent, FindingEvent
from pictrace.store import Journal

from .conftest import make_responder  # type: ignore[import-not-found]

DONE = ChangeState.DONE


@pytest.fixture
def respond(line, tmp_path: Path, monkeypatch) -> Iterator[Callable]:
    """Return a function that takes a file in by given rules; it returns the plans' obstacles and the changes."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    (tmp_path / "share").mkdir()
    with ExitStack() as stack:
        journal = stack.enter_context(Journal.open(tmp_path / "state"))
        for root in line.library.roots:
            journal.put_root(root)

        def respond(name: str, rules: str) -> tuple[list, list]:
            config = tmp_path / "config.yaml"
            config.write_text(
                f"version: 1\nroots:\n  - path: {json.dumps(str(line.folder))}\nact: true\nrules:\n{rules}"
            )
            loaded = load_config(config)
            events: list = []
            responder = make_responder(loaded, line, journal, emit=events.append)
            line.land(name)
            responder.respond(line.index.files.file_at(line.folder / name))
            held = [one.plan.held for one in events if isinstance(one, FindingEvent) and one.plan]
            return held, [one.change for one in events if isinstance(one, ChangeEvent)]

        yield respond


@pytest.fixture
def pair(line, photographs) -> tuple[Path, Path]:
    first, second = line.folder / "a.jpg", line.folder / "b.jpg"
    photographs["cat"].save(first)
    second.write_bytes(first.read_bytes())
    line.land("a.jpg")
    return first, second


def _rule(*actions: str) -> str:
    return f"  - {{when: {{relation: same-bytes}}, do: [{', '.join(actions)}]}}\n"


def test_a_copy_in_a_root_is_neither_copied_nor_moved(line, respond, pair) -> None:
    copy = "{copy: Kept}"
    _, [change] = respond("b.jpg", _rule(copy))
    assert change.state is DONE, change.error

    for rules in (_rule(copy), _rule("quarantine"), _rule("tag: x")):
        held, changes = respond("Kept/b.jpg", rules)
        assert changes == []
        assert ["a rule put it there" in reason for reason in held] == [True]

    _, changes = respond("b.jpg", _rule(copy))
    assert changes == []
    assert [path.name for path in (line.folder / "Kept").iterdir()] == ["b.jpg"]


def test_a_copy_that_a_rule_made_is_no_reason_to_move_the_photo(line, respond, pair) -> None:
    first, _ = pair
    respond("b.jpg", _rule("{copy: Kept}"))
    first.unlink()
    line.index.files.forget(first)
    line.land("Kept/b.jpg")

    held, changes = respond("Kept/b.jpg", "  - {when: {relation: same-bytes}, keep: [newer], do: [quarantine]}\n")

    assert changes == []
    assert ["copy that a rule made" in reason for reason in held] == [True]


def test_a_linked_photo_is_known_and_not_found_again(line, respond, pair) -> None:
    _, [change] = respond("b.jpg", _rule("hardlink"))
    assert change.state is DONE, change.error
    line.tasks()
    row = line.index.files.file_at(pair[1])

    held, changes = respond("b.jpg", _rule("hardlink"))

    assert row.key == StatKey.of(pair[1].lstat())
    assert line.tasks() == [], "nothing was read again"
    assert (held, changes) == ([], [])


def test_a_photo_in_the_trash_is_forgotten(line, respond, pair, tmp_path) -> None:
    _, [change] = respond("b.jpg", _rule("trash"))

    assert change.state is DONE, change.error
    assert change.target == tmp_path / "share/Trash/files/b.jpg"
    assert line.index.files.file_at(pair[1]) is None


def test_what_was_taken_back_is_not_done_again(line, respond, pair) -> None:
    _, [change] = respond("b.jpg", _rule("{copy: Kept}"))
    with Journal.open(line._state) as journal:
        journal.advance(change.id, ChangeState.UNDONE)

    held, changes = respond("b.jpg", _rule("{copy: Kept}"))

    assert (held, changes) == ([f"you took this back (change {change.id})"], [])
