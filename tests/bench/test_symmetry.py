"""What counts as a difference between two answers."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from pictrace.bench.copies import ATTACKS
from pictrace.bench.pairs import Material, Shown
from pictrace.bench.symmetry import chosen_pairs, difference
from pictrace.errors import UsageError


def test_the_largest_difference_of_any_number_counts() -> None:
    assert difference({"a": 1.0, "b": 2.0}, {"a": 1.25, "b": 2.0}) == 0.25
    assert difference({"a": 1.0}, {"a": 1.0}) == 0


def test_no_number_is_beyond_measure_from_a_number_and_equal_to_itself() -> None:
    assert difference({"a": 1.0, "b": math.nan}, {"a": 1.0, "b": 2.0}) == math.inf
    assert difference({"b": math.nan}, {"b": math.nan}) == 0


@pytest.mark.parametrize("other", [{"a": 1.0, "word": "burst"}, {"a": 1.0}, {"error": "no key points"}])
def test_another_word_or_an_answer_where_there_was_none_is_beyond_measure(other: dict[str, float | str]) -> None:
    assert difference({"a": 1.0, "word": "edited"}, other) == math.inf


def test_half_of_the_pairs_are_copies() -> None:
    photos = tuple(Path(f"{name}.jpg") for name in "abcd")
    files = {photo: Shown(original=photo) for photo in photos}
    files |= {Path(f"{photo.stem}.x.jpg"): Shown(original=photo, attack=ATTACKS[0]) for photo in photos}
    material = Material(originals=photos, files=files)

    pairs = chosen_pairs(material, 8)

    assert len(set(pairs)) == 8
    assert sum(files[one].original == files[other].original for one, other in pairs) == 4
    with pytest.raises(UsageError, match="4 photos give 8 pairs, not 10"):
        chosen_pairs(material, 10)
