"""One keeper for a whole group: what was not verified against it is not moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pictrace.model import Role

Make = Callable[..., Any]

QUARANTINE = "- {name: r, when: {relation: [rendition, same-bytes]}, do: [quarantine]}"


def judged(book: Make, facts: Make, *rivals: Any, rules: str = QUARANTINE) -> Any:
    case = facts()
    return book(rules).judge(replace(case, group=(case.file, case.other, *rivals), rivals=rivals))


def test_a_photo_stays_whose_keeper_is_not_the_best_of_the_group(book: Make, facts: Make, side: Make) -> None:
    plan = judged(book, facts, side("best.jpg", width_pixels=8000, height_pixels=6000))

    assert plan.keeper.name == "old.jpg"
    assert plan.held == "best.jpg is the one to keep of this group, and new.jpg was not compared with it"


def test_a_photo_goes_whose_keeper_is_the_best_of_the_group(book: Make, facts: Make, side: Make) -> None:
    plan = judged(book, facts, side("small.jpg", width_pixels=800, height_pixels=600))

    assert plan.held is None


def test_who_is_best_is_said_by_the_rules_own_policy(book: Make, facts: Make, side: Make) -> None:
    rules = """
        - {name: r, when: {relation: rendition}, keep: [{in: "Originals/**"}, more-pixels], do: [quarantine]}
        """
    original = side("Originals/a.jpg", width_pixels=800, height_pixels=600)

    assert judged(book, facts, original, rules=rules).held is not None
    assert judged(book, facts, original).held is None


def test_an_archive_is_not_the_best_of_a_group(book: Make, facts: Make, side: Make) -> None:
    archived = side("best.jpg", width_pixels=8000, height_pixels=6000, role=Role.ARCHIVE)

    assert judged(book, facts, archived).held is None


def test_another_file_of_the_keeper_is_no_other_photo(book: Make, facts: Make, side: Make) -> None:
    equal = side("a.jpg", content_hash=b"old.jpg")

    assert judged(book, facts, equal).held is None


@pytest.mark.parametrize("action", ["tag: x", "notify"])
def test_what_moves_nothing_is_done_all_the_same(book: Make, facts: Make, side: Make, action: str) -> None:
    rules = f"- {{name: r, when: {{relation: rendition}}, do: [{{{action}}}]}}".replace("{notify}", "notify")

    assert judged(book, facts, side("best.jpg", width_pixels=8000, height_pixels=6000), rules=rules).held is None


def test_equal_files_are_one_photo_whichever_stays(book: Make, facts: Make, side: Make, match: Make) -> None:
    pair = side("new.jpg", is_arrival=True, content_hash=b"1"), side("old.jpg", content_hash=b"1")
    best = side("best.jpg", width_pixels=8000, height_pixels=6000)
    case = facts(*pair, match("same-bytes"))

    assert book(QUARANTINE).judge(replace(case, group=(*pair, best), rivals=(best,))).held is None
