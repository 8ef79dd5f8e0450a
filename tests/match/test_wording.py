"""A match in words."""

import dataclasses

import pytest

from pictrace.match.wording import (
    box_words,
    certainty_words,
    direction_words,
    edit_label,
    edit_words,
    limit_words,
    relation_words,
)
from pictrace.model import Certainty, Direction, Edit, EditKind, Evidence, Match, Relation


def match(relation: Relation, direction: Direction = Direction.UNKNOWN) -> Match:
    return Match(relation=relation, certainty=Certainty.VERIFIED, similarity=0.9, direction=direction)


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("direction", Direction)
def test_every_relation_has_a_sentence_that_names_both(relation: Relation, direction: Direction) -> None:
    words = relation_words(match(relation, direction), "left.jpg", "right.jpg")

    assert "left.jpg" in words
    assert "right.jpg" in words


def test_the_copy_is_the_subject_of_the_sentence() -> None:
    forth = relation_words(match(Relation.EDITED, Direction.FILE_FROM_OTHER), "a", "b")
    back = relation_words(match(Relation.EDITED, Direction.OTHER_FROM_FILE), "a", "b")

    assert forth == "a is an edited copy of b"
    assert back == "b is an edited copy of a"


@pytest.mark.parametrize("name", ["{source}", "{}", "%s"])
def test_braces_in_a_name_mean_nothing(name: str) -> None:
    assert name in relation_words(match(Relation.EDITED, Direction.FILE_FROM_OTHER), "a", name)


@pytest.mark.parametrize("relation", [Relation.BURST, Relation.SAME_SCENE])
def test_what_is_no_copy_is_said_to_be_none(relation: Relation) -> None:
    assert "not copies" in relation_words(match(relation), "a", "b")
    assert "contradict" in certainty_words(match(relation))
    assert "neither" in direction_words(match(relation), "a", "b")


@pytest.mark.parametrize(
    ("failed", "words"),
    [
        ("texture", "too little detail"),
        ("pictures-in-file", "animation"),
        ("same-exposure-by-metadata", "other exposures"),
        ("equal-pixels-of-lossless", "without loss"),
        ("grain", "cannot be told apart"),
    ],
)
def test_a_suspicion_says_why_it_is_no_more(failed: str, words: str) -> None:
    evidence = (
        Evidence(name="contained", value=1.0, limit=0.9, passed=True),
        Evidence(name=failed, value=0.0, limit=1.0, passed=False),
    )
    suspected = dataclasses.replace(match(Relation.EDITED), certainty=Certainty.SUSPECTED, evidence=evidence)

    assert words in certainty_words(suspected)


@pytest.mark.parametrize("kind", EditKind)
def test_every_edit_has_words(kind: EditKind) -> None:
    assert edit_words(Edit(kind=kind), Direction.UNKNOWN)
    assert edit_label(Edit(kind=kind)) == kind.value


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        (Direction.FILE_FROM_OTHER, "resized to 50.0% of its sides"),
        (Direction.OTHER_FROM_FILE, "resized to 200.0% of its sides"),
        (Direction.UNKNOWN, "resized to 50.0% of its sides, file against other"),
    ],
)
def test_a_size_is_that_of_the_copy_against_its_source(direction: Direction, words: str) -> None:
    assert edit_words(Edit(kind=EditKind.RESIZED, scale=0.5), direction) == words


@pytest.mark.parametrize(
    ("degrees", "direction", "words"),
    [
        (90.0, Direction.FILE_FROM_OTHER, "turned 90° clockwise"),
        (270.0, Direction.FILE_FROM_OTHER, "turned 90° anticlockwise"),
        (90.0, Direction.OTHER_FROM_FILE, "turned 90° anticlockwise"),
        (180.0, Direction.OTHER_FROM_FILE, "turned upside down"),
        (-2.5, Direction.FILE_FROM_OTHER, "turned 2.5° anticlockwise"),
    ],
)
def test_a_turn_is_that_of_the_copy_against_its_source(degrees: float, direction: Direction, words: str) -> None:
    assert edit_words(Edit(kind=EditKind.ROTATED, degrees=degrees), direction) == words


def test_a_box_is_told_by_its_edges() -> None:
    tile = Edit(kind=EditKind.COLLAGE_TILE, box=(0.5, 0.0, 1.0, 0.5), source_box=(0.0, 0.1, 1.0, 0.9))

    assert box_words(tile) == (
        "50.0% to 100.0% of the width and 0.0% to 50.0% of the height of the larger picture, "
        "showing 0.0% to 100.0% of the width and 10.0% to 90.0% of the height of the smaller one"
    )
    assert box_words(Edit(kind=EditKind.CROPPED)) == ""


@pytest.mark.parametrize(
    ("value", "passed", "words"),
    [(3.0, True, "at least 2"), (3.0, False, "at most 2"), (1.0, True, "at most 2"), (1.0, False, "at least 2")],
)
def test_a_limit_is_said_with_its_side(value: float, passed: bool, words: str) -> None:
    assert limit_words(Evidence(name="x", value=value, limit=2.0, passed=passed)) == words


def test_the_side_of_a_limit_that_was_just_met_is_left_open() -> None:
    assert limit_words(Evidence(name="x", value=2.0, limit=2.0, passed=True)) == "2"


def test_what_is_suspected_is_said_to_seem_so() -> None:
    suspected = dataclasses.replace(match(Relation.EDITED, Direction.FILE_FROM_OTHER), certainty=Certainty.SUSPECTED)

    assert relation_words(suspected, "a", "b") == "a is an edited copy of b, it seems"


def test_pixels_that_agree_are_not_said_to_contradict() -> None:
    evidence = (
        Evidence(name="agreement", value=2.0, limit=-1.0, passed=True),
        Evidence(name="contained", value=0.8, limit=0.93, passed=False),
    )

    assert "contradict" not in certainty_words(dataclasses.replace(match(Relation.SAME_SCENE), evidence=evidence))
