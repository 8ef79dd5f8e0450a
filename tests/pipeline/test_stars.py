"""Everything that was found, in groups."""

from __future__ import annotations

import hashlib
from typing import Any

from pictrace.model import Certainty, Change, ChangeKind, ChangeState, Relation, Verdict, Word
from pictrace.pipeline.stars import Star, Stars
from pictrace.store import Journal


def _gathered(store: Any, **wanted: Any) -> list[Star]:
    return Stars(store.config(), **wanted).gathered()


def _names(stars: list[Star]) -> list[tuple[str, list[str]]]:
    return [(star.head.path.name, [star.shown(event).path.name for event in star.events]) for star in stars]


def test_a_group_is_one_photo_and_all_that_was_found_about_it(full: Any) -> None:
    [star] = _gathered(full)

    assert _names([star]) == [("a.jpg", ["copy of a.jpg", "another copy of a.jpg", "small.jpg", "larger.jpg"])]
    assert [path.name for path in star.paths()][:2] == ["a.jpg", "copy of a.jpg"]


def test_bursts_are_shown_where_they_are_asked_for(full: Any) -> None:
    [star] = _gathered(full, all_relations=True)

    assert "burst.jpg" in dict(_names([star]))["a.jpg"]


def test_parts_of_one_collage_stay_groups_of_their_own(store: Any) -> None:
    photos = [store.add(f"{name}.jpg", name) for name in ("one", "two")]
    collage = store.add("collage.jpg", "both", pixels=5000)
    for number, photo in enumerate(photos):
        store.relate(store.add(f"copy {number}.jpg", f"copy {number}", pixels=1000), photo)
        store.relate(collage, photo, Relation.PART)

    stars = _gathered(store)

    assert _names(stars) == [("one.jpg", ["copy 0.jpg", "collage.jpg"]), ("two.jpg", ["copy 1.jpg", "collage.jpg"])]


def test_a_copy_of_a_copy_stands_in_the_group_of_the_first(store: Any) -> None:
    first, second, third = (store.add(f"{n}.jpg", n, pixels=100) for n in ("a", "b", "c"))
    store.relate(second, first)
    store.relate(third, second)

    [star] = _gathered(store)

    assert {event.finding.file.path.name for event in star.events} == {"b.jpg", "c.jpg"}


def test_what_may_be_a_copy_joins_no_groups(store: Any) -> None:
    first, second, third, fourth = (store.add(f"{n}.jpg", n) for n in ("a", "b", "c", "d"))
    store.relate(second, first)
    store.relate(third, first, certainty=Certainty.SUSPECTED)
    store.relate(fourth, third)

    assert _names(_gathered(store)) == [("a.jpg", ["b.jpg", "c.jpg"]), ("c.jpg", ["d.jpg"])]


def test_a_photo_of_two_groups_stands_in_that_of_its_surest_copy(store: Any) -> None:
    first, second, both, third = (store.add(f"{n}.jpg", n) for n in ("a", "b", "c", "d"))
    store.relate(both, second, similarity=0.8)
    store.relate(both, first)
    store.relate(third, both)

    [(head, shown)] = _names(_gathered(store))

    assert (head, sorted({*shown, head})) == ("c.jpg", ["a.jpg", "b.jpg", "c.jpg", "d.jpg"])


def test_what_is_no_copy_by_your_word_has_a_group_of_its_own(store: Any) -> None:
    first, second, third, fourth = (store.add(f"{n}.jpg", n) for n in ("a", "b", "c", "d"))
    for file, other in ((second, first), (third, first), (fourth, third)):
        store.relate(file, other)
    with Journal.open(store.state) as journal:
        journal.verdicts.put([Verdict.of(Word.NOT_DUPLICATE, (first, "a"), (third, "c"), made_at=1.0)])

    assert _names(_gathered(store)) == [("a.jpg", ["b.jpg"]), ("c.jpg", ["d.jpg"])]


def test_the_one_the_rules_keep_stands_first(store: Any) -> None:
    small, large = store.add("small.jpg", "s", pixels=50), store.add("large.jpg", "l", pixels=90)
    store.relate(large, small)
    rules = "[{name: r, when: {relation: rendition}, keep: [more-pixels], do: []}]"

    [star] = Stars(store.config(rules)).gathered()

    assert (star.head.path.name, star.is_kept) == ("large.jpg", True)


def test_what_was_put_away_stands_with_the_photo_that_stays(store: Any) -> None:
    kept = store.add("kept.jpg", "kept")
    away = Change(
        id=0,
        kind=ChangeKind.QUARANTINE,
        state=ChangeState.DONE,
        root="one",
        source=store.root.path / "gone.jpg",
        target=store.root.path / ".pictrace" / "gone.jpg",
        content_hash=hashlib.sha256(b"gone").digest(),
        keeper=store.root.path / "kept.jpg",
        keeper_hash=kept,
    )
    with Journal.open(store.state) as journal:
        [done, purged] = journal.plan([away, away])
        journal.set_purged(purged.id)

    [star] = _gathered(store)

    assert star.head.path.name == "kept.jpg"
    assert [past.change.id for past in star.away] == [done.id]
    assert not _gathered(store, folders=[store.root.path / "elsewhere"])


def test_only_findings_of_the_folders_are_gathered(full: Any) -> None:
    [star] = _gathered(full, folders=[full.root.path / "Inbox"])

    assert dict(_names([star]))["a.jpg"] == ["small.jpg", "larger.jpg"]
