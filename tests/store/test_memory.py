"""Verdicts and tombstones, kept by content in the journal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.model import ChangeKind, ChangeState, Farewell, Metadata, Remains, Tombstone, Verdict, Word
from pictrace.store import Journal, tombstones

HASHES = tuple(bytes([n]) * 32 for n in range(4))
STONE = Tombstone(
    content_hash=HASHES[0],
    farewell=Farewell.REFUSED,
    made_at=500.5,
    name="ünï\udcff.jpg",
    keeper_hash=HASHES[1],
    remains=Remains(
        phashes=bytes(64),
        pixel_hash=HASHES[2],
        preview=b"small",
        metadata=Metadata(width_pixels=40, height_pixels=30, format="jpeg", keywords=("a", "b")),
    ),
)


def a_verdict(word: Word = Word.NOT_DUPLICATE, made_at: float = 500.5) -> Verdict:
    return Verdict.of(word, (HASHES[1], "b.jpg"), (HASHES[0], "a.jpg"), made_at=made_at)


def test_a_verdict_is_found_whichever_content_is_named_first(journal: Journal) -> None:
    journal.verdicts.put([a_verdict()])

    found = [journal.verdicts.of_pair(HASHES[0], HASHES[1]), journal.verdicts.of_pair(HASHES[1], HASHES[0])]

    assert found == [a_verdict(), a_verdict()]
    assert (a_verdict().first_hash, a_verdict().first_name) == (HASHES[0], "a.jpg")


def test_a_later_word_takes_the_place_of_an_earlier_one(journal: Journal) -> None:
    journal.verdicts.put([a_verdict()])
    journal.verdicts.put([a_verdict(Word.KEEP_BOTH, 600.0)])

    assert [one.word for one in journal.verdicts.listed()] == [Word.KEEP_BOTH]


def test_only_the_word_that_was_said_is_taken_back(journal: Journal) -> None:
    journal.verdicts.put([a_verdict()])

    assert not journal.verdicts.forget(a_verdict(Word.KEEP_BOTH))
    assert journal.verdicts.forget(a_verdict())
    assert journal.verdicts.listed() == []


def test_a_word_is_seen_by_who_has_the_journal_open(journal: Journal, tmp_path: Path) -> None:
    assert journal.verdicts.of_pair(HASHES[0], HASHES[1]) is None
    with Journal.open(journal._connection.path.parent) as other:
        other.verdicts.put([a_verdict()])

    assert journal.verdicts.of_pair(HASHES[0], HASHES[1]) == a_verdict()


def test_a_tombstone_is_read_back_as_it_was(journal: Journal) -> None:
    journal.tombstones.put(STONE)

    assert journal.tombstones.of_content(HASHES[0]) == replace(STONE, name="ünï\\udcff.jpg")
    assert journal.tombstones.hashes() == ((HASHES[0],), bytes(8))


def test_a_tombstone_counts_only_while_its_change_is_purged(journal: Journal, values) -> None:
    (change,) = journal.plan([values.change(kind=ChangeKind.QUARANTINE, state=ChangeState.DONE)])
    journal.tombstones.put(replace(STONE, farewell=Farewell.PURGED, purge=change.id))
    journal.tombstones.note_return(HASHES[3], STONE)
    stones = journal.tombstones
    before = stones.listed(), stones.shown_by(HASHES[3]), stones.of_content(HASHES[0])

    journal.set_purged(change.id)

    assert before == ([], [], None)
    assert journal.tombstones.of_content(HASHES[0]) is not None
    assert len(journal.tombstones.shown_by(HASHES[3])) == 1


def test_a_tombstone_that_is_forgotten_takes_along_what_showed_it(journal: Journal) -> None:
    journal.tombstones.put(STONE)
    journal.tombstones.note_return(HASHES[3], STONE)

    assert journal.tombstones.forget(HASHES[0])
    assert journal.tombstones.shown_by(HASHES[3]) == []
    assert not journal.tombstones.forget(HASHES[0])


def test_only_the_newest_previews_are_kept(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tombstones, "MOST_PREVIEWS", 2)
    for number in (2, 0, 1):
        journal.tombstones.put(replace(STONE, content_hash=HASHES[number]))

    journal.tombstones.drop_old_previews()

    kept = {stone.content_hash: stone.remains.preview for stone in journal.tombstones.listed()}

    assert kept == {HASHES[2]: None, HASHES[0]: b"small", HASHES[1]: b"small"}


def test_a_photo_that_is_refused_twice_went_at_the_first_time_and_is_known_by_all_that_showed_it(
    journal: Journal,
) -> None:
    journal.tombstones.put(STONE)
    journal.tombstones.note_return(HASHES[3], STONE)

    journal.tombstones.put(replace(STONE, made_at=700.5, name="again.jpg", keeper_hash=HASHES[2]))

    (stone,) = journal.tombstones.shown_by(HASHES[3])
    assert (stone.made_at, stone.name, stone.keeper_hash) == (500.5, "again.jpg", HASHES[2])


def test_a_photo_that_was_taken_back_in_between_went_the_second_time(journal: Journal, values) -> None:
    journal.tombstones.put(STONE)
    journal.plan([values.change(content_hash=HASHES[0], state=ChangeState.UNDONE)])

    journal.tombstones.put(replace(STONE, made_at=700.5))

    stone = journal.tombstones.of_content(HASHES[0])
    assert stone is not None
    assert (stone.made_at, stone.after_change) == (700.5, 1)


def test_a_purge_that_is_cut_short_takes_no_earlier_word_away(journal: Journal, values) -> None:
    (change,) = journal.plan([values.change(state=ChangeState.DONE)])
    journal.tombstones.put(STONE)

    journal.tombstones.put(replace(STONE, farewell=Farewell.PURGED, made_at=700.5, purge=change.id))

    stone = journal.tombstones.of_content(HASHES[0])
    assert stone is not None
    assert (stone.farewell, stone.made_at) == (Farewell.REFUSED, 500.5)


def test_hashes_are_read_again_only_after_a_tombstone_came_or_went(journal: Journal, values) -> None:
    stones = journal.tombstones
    stones.put(STONE)
    first = stones.hashes()
    journal.plan([values.change()])

    assert stones.hashes() is first
    stones.put(replace(STONE, content_hash=HASHES[3]))
    assert stones.hashes().contents == (HASHES[0], HASHES[3])
    stones.forget(HASHES[0])
    assert stones.hashes().contents == (HASHES[3],)


def test_hashes_are_those_that_another_program_wrote_meanwhile(journal: Journal) -> None:
    assert journal.tombstones.hashes().contents == ()

    with Journal.open(journal._connection.path.parent) as other:
        other.tombstones.put(STONE)

    assert journal.tombstones.hashes().contents == (HASHES[0],)
