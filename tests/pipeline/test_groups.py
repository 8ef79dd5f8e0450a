"""The star that a finding belongs to, as the rules see it."""

from __future__ import annotations

import dataclasses
import shutil
from typing import Any

import pytest

from pictrace.match import MATCHER_VERSION
from pictrace.model import Certainty, Edit, EditKind, Match, Relation, Verdict, Word

COPY = Match(relation=Relation.RENDITION, certainty=Certainty.VERIFIED, similarity=0.9, matcher_version=MATCHER_VERSION)


@pytest.fixture
def star(line: Any) -> Any:
    """Return a pipeline that knows three files which are no pictures, two of them copies of the first."""
    for name in ("head.jpg", "one.jpg", "two.jpg"):
        (line.folder / name).write_bytes(name.encode())
        line.land(name)
    for name in ("one.jpg", "two.jpg"):
        line.index.findings.put_finding(line.hash(name), line.hash("head.jpg"), COPY)
    return line


def facts(line: Any, name: str) -> Any:
    (finding,) = line.found.of_file(line.index.files.file_at(line.folder / name))
    return line.found.facts(finding, now=1e9, is_backlog_allowed=True)


def names(sides: Any) -> list[str]:
    return [side.path.name for side in sides]


def test_a_rule_sees_the_whole_star_its_two_first(star: Any) -> None:
    assert names(facts(star, "one.jpg").group) == ["one.jpg", "head.jpg", "two.jpg"]
    assert names(facts(star, "two.jpg").group) == ["two.jpg", "head.jpg", "one.jpg"]
    assert names(facts(star, "two.jpg").rivals) == ["one.jpg"]


def test_every_file_of_a_photo_counts_but_not_two_names_of_one(star: Any) -> None:
    shutil.copy(star.folder / "head.jpg", star.folder / "equal.jpg")
    (star.folder / "link.jpg").hardlink_to(star.folder / "one.jpg")
    for name in ("equal.jpg", "one.jpg", "link.jpg"):
        star.land(name)

    assert sorted(names(facts(star, "equal.jpg").group)) == ["equal.jpg", "head.jpg", "one.jpg", "two.jpg"]


def test_three_equal_files_are_a_group_of_three(line: Any) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (line.folder / name).write_bytes(b"equal")
        line.land(name)

    assert sorted(names(facts(line, "c.jpg").group)) == ["a.jpg", "b.jpg", "c.jpg"]


def test_a_part_and_a_burst_are_two(star: Any) -> None:
    for relation in (Relation.PART, Relation.BURST):
        match = Match(relation=relation, certainty=Certainty.VERIFIED, similarity=0.5)
        star.index.findings.put_finding(star.hash("two.jpg"), star.hash("head.jpg"), match)

        assert names(facts(star, "two.jpg").group) == ["two.jpg", "head.jpg"]
        assert names(facts(star, "one.jpg").group) == ["one.jpg", "head.jpg"]


def test_what_has_a_border_is_no_rival(star: Any) -> None:
    match = Match(
        relation=Relation.EDITED,
        certainty=Certainty.VERIFIED,
        similarity=0.9,
        edits=(Edit(kind=EditKind.BORDERED, sides=("top",)),),
    )
    star.index.findings.put_finding(star.hash("two.jpg"), star.hash("head.jpg"), match)

    assert names(facts(star, "one.jpg").group) == ["one.jpg", "head.jpg", "two.jpg"]
    assert facts(star, "one.jpg").rivals == ()


def test_a_file_that_went_is_in_no_group(star: Any) -> None:
    (star.folder / "two.jpg").unlink()

    assert names(facts(star, "one.jpg").group) == ["one.jpg", "head.jpg"]


def test_neither_is_what_a_border_was_put_around(star: Any) -> None:
    bordered = dataclasses.replace(COPY, edits=(Edit(kind=EditKind.BORDERED, sides=("top",)),))
    star.index.findings.put_finding(star.hash("one.jpg"), star.hash("head.jpg"), bordered)
    (star.folder / "three.jpg").write_bytes(b"three")
    star.land("three.jpg")
    star.index.findings.put_finding(star.hash("three.jpg"), star.hash("one.jpg"), COPY)

    assert names(facts(star, "three.jpg").group) == ["three.jpg", "one.jpg", "head.jpg", "two.jpg"]
    assert names(facts(star, "three.jpg").rivals) == ["two.jpg"]


def test_what_is_no_copy_by_your_word_is_in_no_group(star: Any) -> None:
    pair = (star.hash("two.jpg"), "two.jpg"), (star.hash("head.jpg"), "head.jpg")
    star.journal.verdicts.put([Verdict.of(Word.NOT_DUPLICATE, *pair, made_at=1e9)])

    assert names(facts(star, "one.jpg").group) == ["one.jpg", "head.jpg"]


def test_both_that_are_kept_stay_in_their_group(star: Any) -> None:
    pair = (star.hash("two.jpg"), "two.jpg"), (star.hash("head.jpg"), "head.jpg")
    star.journal.verdicts.put([Verdict.of(Word.KEEP_BOTH, *pair, made_at=1e9)])

    assert len(facts(star, "one.jpg").group) == 3
