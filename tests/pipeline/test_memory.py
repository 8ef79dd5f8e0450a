"""What a person decided and what went for good, as it changes what is found."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from pictrace.match import remains_of
from pictrace.model import (
    Change,
    ChangeKind,
    ChangeState,
    Farewell,
    PhotoFile,
    Plan,
    Relation,
    Remains,
    Step,
    Tombstone,
    Verdict,
    Word,
)
from pictrace.pipeline.events import FileFinding
from pictrace.pipeline.objections import only_told
from pictrace.store import Journal

Photographs = dict[str, Image.Image]


def row(line: Any, name: str) -> PhotoFile:
    found = line.index.files.file_at(line.folder / name)
    assert found is not None
    return found


def found(line: Any, name: str, *, is_whole: bool = False) -> list[FileFinding]:
    return list(line.found.of_file(row(line, name), is_whole=is_whole))


def say(line: Any, word: Word, *names: str) -> None:
    a, b = ((line.hash(name), name) for name in names)
    line.journal.verdicts.put([Verdict.of(word, a, b, made_at=1e9)])


def half(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2))


@pytest.fixture
def pair(line: Any, photographs: Photographs) -> Any:
    """Return a pipeline that knows a photograph and a copy of it."""
    line.land("cat.jpg", photographs["cat"])
    line.land("copy.jpg", half(photographs["cat"]))
    assert [one.match.relation for one in found(line, "copy.jpg")] == [Relation.RENDITION]
    return line


def test_what_is_no_duplicate_is_reported_no_more_and_can_be_asked_for(pair: Any) -> None:
    say(pair, Word.NOT_DUPLICATE, "cat.jpg", "copy.jpg")

    assert found(pair, "copy.jpg") == []
    (told,) = found(pair, "copy.jpg", is_whole=True)
    assert told.verdict is not None


def test_what_a_command_says_beside_a_running_daemon_is_obeyed_at_once(pair: Any) -> None:
    a, b = ((pair.hash(name), name) for name in ("cat.jpg", "copy.jpg"))
    with Journal.open(pair.journal._connection.path.parent) as command:
        command.verdicts.put([Verdict.of(Word.NOT_DUPLICATE, a, b, made_at=1e9)])
        silent = found(pair, "copy.jpg")
        command.verdicts.put([Verdict.of(Word.SAME_BURST, a, b, made_at=2e9)])

    (told,) = found(pair, "copy.jpg")

    assert silent == []
    assert told.match.relation is Relation.BURST


def test_a_verdict_survives_renames_and_a_lost_index(pair: Any) -> None:
    say(pair, Word.NOT_DUPLICATE, "cat.jpg", "copy.jpg")
    (pair.folder / "copy.jpg").rename(pair.folder / "renamed.jpg")
    pair.close()
    for file in pair._state.glob("index.db*"):
        file.unlink()
    pair.start()
    pair.land("cat.jpg")
    pair.land("renamed.jpg")

    assert found(pair, "renamed.jpg") == []
    assert len(found(pair, "renamed.jpg", is_whole=True)) == 1


def test_what_is_said_to_be_a_burst_counts_as_one(pair: Any) -> None:
    say(pair, Word.SAME_BURST, "cat.jpg", "copy.jpg")

    (told,) = found(pair, "copy.jpg")
    facts = pair.found.facts(told, now=1e9, is_backlog_allowed=True)

    assert (told.match.relation, told.match.edits) == (Relation.BURST, ())
    assert (facts.match.relation, len(facts.group)) == (Relation.BURST, 2)


@pytest.mark.parametrize(("action", "is_held"), [("quarantine", True), ("tag", True), ("notify", False)])
def test_what_is_to_be_kept_both_is_only_told(pair: Any, action: str, is_held: bool) -> None:
    say(pair, Word.KEEP_BOTH, "cat.jpg", "copy.jpg")
    (told,) = found(pair, "copy.jpg")
    plan = Plan(
        rule="r", steps=(Step(action=action),), keeper=told.other.path, duplicate=told.file.path, keeper_reason=""
    )

    held = only_told(plan, told)

    assert (held is not None and held.endswith("to keep both")) is is_held


# -- what went for good


def bury(line: Any, name: str, *, keeper: str | None, **changed: Any) -> Tombstone:
    """Have a photo go, as `quarantine purge` does."""
    path = line.folder / name
    stone = Tombstone(
        content_hash=line.hash(name),
        farewell=Farewell.REFUSED,
        made_at=time.time(),
        name=name,
        keeper_hash=None if keeper is None else line.hash(keeper),
        remains=remains_of(path, line.index.photos.photo(line.hash(name)).fingerprint.phashes),
        **changed,
    )
    line.journal.tombstones.put(stone)
    shutil.move(path, line.folder.parent / name)
    line.index.files.forget(path)
    return stone


def returned(line: Any, name: str) -> list[bool | None]:
    return [line.found.facts(one, now=1e9, is_backlog_allowed=True).returned for one in found(line, name) if one.match]


def test_a_photo_that_never_went_did_not_return(pair: Any) -> None:
    assert returned(pair, "copy.jpg") == [False]


def test_what_is_there_when_it_is_refused_did_not_return(pair: Any) -> None:
    stone = bury(pair, "copy.jpg", keeper="cat.jpg")
    shutil.move(pair.folder.parent / "copy.jpg", pair.folder / "copy.jpg")
    pair.land("copy.jpg")
    assert returned(pair, "copy.jpg") == [True]

    pair.journal.tombstones.forget(stone.content_hash)
    pair.journal.tombstones.put(replace(stone, made_at=time.time() + 1))

    assert returned(pair, "copy.jpg") == [False]


def test_a_photo_returns_under_another_name(pair: Any) -> None:
    bury(pair, "copy.jpg", keeper="cat.jpg")

    shutil.copy(pair.folder.parent / "copy.jpg", pair.folder / "again.jpg")
    pair.land("again.jpg")

    assert returned(pair, "again.jpg") == [True]
    assert list(pair.found.alone(row(pair, "again.jpg"))) == []


def test_a_photo_returns_with_other_metadata(pair: Any) -> None:
    bury(pair, "copy.jpg", keeper="cat.jpg")

    told = (pair.folder.parent / "copy.jpg").read_bytes()
    (pair.folder / "again.jpg").write_bytes(told[:2] + b"\xff\xfe\x00\x07hello" + told[2:])
    pair.land("again.jpg")

    assert returned(pair, "again.jpg") == [True]


def test_a_photo_returns_half_as_large(line: Any, photographs: Photographs) -> None:
    line.land("cat.jpg", photographs["cat"])
    line.land("twin.jpg", photographs["cat"], quality=70)
    bury(line, "twin.jpg", keeper="cat.jpg")

    line.land("again.jpg", half(photographs["cat"]))

    assert returned(line, "again.jpg") == [True]


def test_the_kept_copy_itself_did_not_return(line: Any, photographs: Photographs) -> None:
    line.land("cat.jpg", photographs["cat"])
    shutil.copy(line.folder / "cat.jpg", line.folder / "equal.jpg")
    line.land("equal.jpg")
    line.land("other.jpg", half(photographs["cat"]))
    bury(line, "equal.jpg", keeper="cat.jpg")
    line.index.files.forget(line.folder / "cat.jpg")
    line.land("cat.jpg")

    # Known anew, it is the later of the two, as after a lost index.
    stones = line.found._returns.stones_of(row(line, "cat.jpg"))
    answer = line.found._returns.returned(
        FileFinding(file=row(line, "cat.jpg"), other=row(line, "other.jpg"), match=found(line, "other.jpg")[0].match)
    )

    assert [stone.name for stone in stones] == ["equal.jpg"]
    assert answer is False


def test_a_kept_copy_of_the_same_size_did_not_return_either(line: Any, photographs: Photographs) -> None:
    line.land("cat.jpg", photographs["cat"])
    line.land("twin.jpg", photographs["cat"], quality=70)
    bury(line, "twin.jpg", keeper="cat.jpg")
    line.index.files.forget(line.folder / "cat.jpg")
    line.land("cat.jpg")

    assert line.journal.tombstones.shown_by(line.hash("cat.jpg")) != []
    assert line.found._returns.stones_of(row(line, "cat.jpg")) == []


def test_where_the_kept_copy_is_gone_no_rule_is_asked_and_it_is_reported(pair: Any, photographs: Photographs) -> None:
    pair.land("third.jpg", photographs["cat"], quality=60)
    bury(pair, "copy.jpg", keeper="cat.jpg")
    (pair.folder / "cat.jpg").unlink()

    shutil.copy(pair.folder.parent / "copy.jpg", pair.folder / "again.jpg")
    pair.land("again.jpg")

    assert returned(pair, "again.jpg") == []
    (event,) = pair.found.alone(row(pair, "again.jpg"))
    assert (event.to_json()["event"], event.stone.name) == ("returned", "copy.jpg")


def test_what_a_person_took_out_of_quarantine_since_is_not_held_against_him(pair: Any) -> None:
    bury(pair, "copy.jpg", keeper="cat.jpg")
    shutil.copy(pair.folder.parent / "copy.jpg", pair.folder / "again.jpg")
    pair.land("again.jpg")
    assert returned(pair, "again.jpg") == [True]

    quarantined = Change(
        id=0,
        kind=ChangeKind.QUARANTINE,
        state=ChangeState.UNDONE,
        root="aa11",
        source=pair.folder / "again.jpg",
        target=None,
        content_hash=pair.hash("again.jpg"),
        batch="b",
        key=None,
    )
    pair.journal.put_root(pair.library.roots[0])
    pair.journal.plan([quarantined])

    assert returned(pair, "again.jpg") == [False]


def test_what_was_there_at_the_first_index_may_have_returned_or_not(pair: Any) -> None:
    bury(pair, "copy.jpg", keeper="cat.jpg")
    shutil.copy(pair.folder.parent / "copy.jpg", pair.folder / "again.jpg")
    pair.land("again.jpg")
    with pair.index.batch():
        pair.index._connection.execute("UPDATE files SET is_arrival = 0")

    assert returned(pair, "again.jpg") == [None]


def refuse(line: Any, name: str, *, keeper: str) -> None:
    """Have a person say that he does not want a photo that is there."""
    line.journal.tombstones.put(
        Tombstone(
            content_hash=line.hash(name),
            farewell=Farewell.REFUSED,
            made_at=time.time(),
            name=name,
            keeper_hash=line.hash(keeper),
            remains=Remains(),
        )
    )


@pytest.mark.parametrize(
    ("name", "is_seen", "is_back"),
    [("again.jpg", True, True), ("again.jpg", False, True), ("copy.jpg", True, True), ("copy.jpg", False, False)],
)
def test_the_very_same_bytes_return(pair: Any, name: str, *, is_seen: bool, is_back: bool) -> None:
    refuse(pair, "copy.jpg", keeper="cat.jpg")
    content = (pair.folder / "copy.jpg").read_bytes()
    (pair.folder / "copy.jpg").rename(pair.folder.parent / "away.jpg")  # so that no file gets its inode number
    if is_seen:
        pair.index.files.note_scan("aa11", missed=[b"copy.jpg"], found=[], now=time.time())

    (pair.folder / name).write_bytes(content)
    pair.land(name)

    assert returned(pair, name) == [is_back]


def test_a_photo_that_stayed_is_not_held_against_whoever_moves_it_to_another_disk(line: Any, photographs: Any) -> None:
    line.land("cat.jpg", photographs["cat"])
    shutil.copy(line.folder / "cat.jpg", line.folder / "copy.jpg")
    line.land("copy.jpg")
    refuse(line, "copy.jpg", keeper="cat.jpg")
    first_seen = row(line, "cat.jpg").first_seen
    shutil.copy(line.folder / "cat.jpg", line.folder / "moved.jpg")
    (line.folder / "cat.jpg").rename(line.folder.parent / "cat.jpg")

    line.land("moved.jpg")

    assert row(line, "moved.jpg").first_seen == first_seen
    assert list(line.found.alone(row(line, "moved.jpg"))) == []


def test_a_refused_photo_that_was_only_renamed_did_not_return(pair: Any) -> None:
    first_seen = row(pair, "copy.jpg").first_seen
    refuse(pair, "copy.jpg", keeper="cat.jpg")
    pair.index.files.note_scan("aa11", missed=[b"copy.jpg"], found=[], now=time.time())
    (pair.folder / "copy.jpg").rename(pair.folder / "renamed.jpg")

    pair.land("renamed.jpg")

    assert (row(pair, "renamed.jpg").first_seen, returned(pair, "renamed.jpg")) == (first_seen, [False])


def test_a_photo_of_which_only_the_bytes_are_known_returns_by_these(pair: Any) -> None:
    stone = bury(pair, "copy.jpg", keeper="cat.jpg")
    pair.journal.tombstones.put(replace(stone, remains=Remains()))

    shutil.copy(pair.folder.parent / "copy.jpg", pair.folder / "again.jpg")
    pair.land("again.jpg")
    pair.tasks()
    pair.land("quarter.jpg", half(half(Image.open(pair.folder / "cat.jpg"))))

    assert returned(pair, "again.jpg") == [True]
    assert "shows" not in pair.tasks()
