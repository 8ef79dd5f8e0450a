"""The keeper policy: each line alone, their order, and the reason given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from pictrace.decide.criteria import ALL, ALL_OF_ROOTS, ALL_WITH_OPTION
from pictrace.decide.keep import DEFAULT_KEEP, chosen_keeper
from pictrace.model import Certainty, Direction, Edit, EditKind, Match, Relation, Role

Make = Callable[..., Any]
_RULES = "- {when: {relation: [same-bytes, same-pixels, rendition]}, do: []}"


@pytest.fixture(scope="session")
def kept(book: Make, facts: Make, match: Make) -> Make:
    """Return which of two photos a policy keeps, and why."""

    def ask(policy: str | None, file: Any, other: Any, *, relation: str = "rendition") -> tuple[str, str]:
        plan = book(_RULES, keep=policy, roots=("/photos", "/Own", "/Phone")).judge(
            facts(file=file, other=other, match=match(relation))
        )
        return plan.keeper.name, plan.keeper_reason

    return ask


@pytest.mark.parametrize(
    ("policy", "better", "worse", "reason"),
    [
        ("[raw]", {"format": "raw"}, {}, "raw: raw against developed"),
        ("[more-pixels]", {}, {"width_pixels": 1000}, "more-pixels: 12.00 MP against 3.00 MP"),
        ("[more-pixels]", {}, {"height_pixels": 2999}, "more-pixels: 12000000 pixels against 11996000 pixels"),
        (
            "[better-quality]",
            {"jpeg_quality": 90},
            {"jpeg_quality": 85},
            "better-quality: JPEG quality about 90 against 85",
        ),
        (
            "[better-quality]",
            {"is_lossless": True, "format": "png"},
            {"jpeg_quality": 99},
            "better-quality: lossless against lossy",
        ),
        ("[larger-file]", {"size_bytes": 2}, {"size_bytes": 1}, "larger-file: 2 against 1 B"),
        ("[richer-metadata]", {"fields": 9}, {"fields": 3}, "richer-metadata: 9 fields against 3"),
        ("[older]", {}, {"is_arrival": True, "mtime_ns": 1}, "older: it was there before"),
        ("[older]", {"mtime_ns": 1}, {"mtime_ns": 2, "first_seen": 0.0}, "older: written earlier"),
        (
            "[older]",
            {"is_arrival": True, "first_seen": 1.0, "mtime_ns": 9},
            {"is_arrival": True, "first_seen": 2.0, "mtime_ns": 1},
            "older: known earlier",
        ),
        (
            "[older]",
            {"is_arrival": True, "first_seen": 1.0, "mtime_ns": 1},
            {"is_arrival": True, "first_seen": 1.0, "mtime_ns": 2},
            "older: known earlier",
        ),
        ("[newer]", {"is_arrival": True, "mtime_ns": 1}, {}, "newer: came later"),
        ("[in: 'a*']", {}, {}, "in: in a*"),
        ("[not-in: ['b*', 'c*']]", {}, {}, "not-in: not in ['b*', 'c*']"),
        ("[role: library]", {}, {"role": Role.INBOX}, "role: role in the order library"),
        ("[format: [heic, jpeg]]", {"format": "heic"}, {}, "format: format in the order heic, jpeg"),
        (
            "[first-seen]",
            {"first_seen": 1.0, "is_arrival": True},
            {"first_seen": 2.0},
            "first-seen: PicTrace knew it first",
        ),
        (
            "[root: [Own, Phone]]",
            {"root": Path("/Own")},
            {"root": Path("/Phone")},
            "root: root in the order Own, Phone",
        ),
        ("[root: /Own]", {"root": Path("/Own")}, {}, "root: root in the order /Own"),
        ("[has: gps]", {"has_gps": True}, {}, "has: gps, which the other one lacks"),
        ("[has: [faces, gps]]", {"has_faces": True}, {"has_gps": True}, "has: faces, which the other one lacks"),
        ("[has: [faces, gps]]", {"has_gps": True}, {}, "has: gps, which the other one lacks"),
        ("[has: keywords]", {"tags": ("a",)}, {"tags": ()}, "has: keywords, which the other one lacks"),
        ("[tags: 'best/*']", {"tags": ("best/of",)}, {"tags": ("worst",)}, "tags: tagged best/*"),
        ("[format: heic]", {"format": "heic"}, {"format": "gif"}, "format: format in the order heic"),
    ],
)
def test_each_line_decides_and_is_named(
    kept: Make, side: Make, policy: str, better: dict[str, Any], worse: dict[str, Any], reason: str
) -> None:
    a, b = side("a.jpg", **better), side("b.jpg", **worse)

    assert kept(policy, a, b) == ("a.jpg", reason)
    assert kept(policy, b, a) == ("a.jpg", reason)


def test_the_name_without_the_marks_of_a_copy_stays(kept: Make, side: Make) -> None:
    original, copy, copied_copy = (side(name) for name in ("IMG_1.jpg", "IMG_1 (1).jpg", "IMG_1-edited (1).jpg"))

    assert kept("[original-name]", copy, original) == (
        "IMG_1.jpg",
        "original-name: no mark of a copy against `(1)`",
    )
    assert kept("[original-name]", copied_copy, copy) == (
        "IMG_1 (1).jpg",
        "original-name: `(1)` against `(1)`, `-edited`",
    )
    assert kept("[original-name]", copy, side("a~2.jpg"))[1].startswith("nothing told them apart")


@pytest.mark.parametrize("line", ["has: keywords", "has: gps", "tags: a"])
def test_what_is_not_known_of_one_decides_nothing(kept: Make, side: Make, line: str) -> None:
    known = side("b.jpg", tags=("a",), has_gps=True)

    _, reason = kept(f"[{line}]", known, side("a.jpg", tags=None, metadata=None), relation="same-bytes")

    assert reason == "nothing told them apart; the first by name"


def test_a_tie_ends_with_the_first_by_its_path_and_is_said(kept: Make, side: Make) -> None:
    first, second = side("a/z.jpg"), side("b/a.jpg")

    assert kept("[raw]", second, first) == ("z.jpg", "nothing told them apart; the first by name")
    assert kept("[raw]", first, second) == ("z.jpg", "nothing told them apart; the first by name")


@pytest.mark.parametrize("policy", ["[shorter-name]", None])
def test_the_shorter_name_stays_in_the_end(kept: Make, side: Make, policy: str | None) -> None:
    name, reason = kept(policy, side("IMG (1).jpg"), side("IMG.jpg"))

    assert (name, reason) == ("IMG.jpg", "shorter-name: 7 letters against 11")


@pytest.mark.parametrize(
    ("better", "worse", "relation"),
    [
        ({"jpeg_quality": 90}, {"jpeg_quality": 86}, "rendition"),
        ({"jpeg_quality": 90}, {}, "rendition"),
        ({"is_lossless": True, "format": "png"}, {"jpeg_quality": 99}, "same-pixels"),
        ({"metadata": None}, {"jpeg_quality": 99}, "rendition"),
    ],
)
def test_quality_that_does_not_differ_for_sure_is_a_tie(
    kept: Make, side: Make, better: dict[str, Any], worse: dict[str, Any], relation: str
) -> None:
    _, reason = kept("[better-quality]", side("b.jpg", **better), side("a.jpg", **worse), relation=relation)

    assert reason.startswith("nothing told them apart")


def test_the_order_of_the_lines_counts(kept: Make, side: Make) -> None:
    large, rich = side("large.jpg", fields=1), side("rich.jpg", width_pixels=100, fields=9)

    assert kept("[more-pixels, richer-metadata]", large, rich)[0] == "large.jpg"
    assert kept("[richer-metadata, more-pixels]", large, rich)[0] == "rich.jpg"


def test_a_rule_has_a_policy_of_its_own(book: Make, facts: Make) -> None:
    rules = book("- {when: {relation: rendition}, keep: newer, do: []}", keep="[older]")

    assert rules.judge(facts()).keeper.name == "new.jpg"


_SIDES = st.fixed_dictionaries(
    {
        "is_arrival": st.booleans(),
        "mtime_ns": st.integers(0, 3),
        "first_seen": st.sampled_from([1.0, 2.0]),
        "size_bytes": st.integers(1, 3),
        "role": st.sampled_from(Role),
        "width_pixels": st.integers(1, 3),
        "format": st.sampled_from(["jpeg", "raw", "png"]),
        "is_lossless": st.booleans(),
        "jpeg_quality": st.sampled_from([None, 80, 90]),
        "fields": st.integers(0, 2),
        "has_gps": st.booleans(),
        "tags": st.sampled_from([None, (), ("a",)]),
    }
)
_PLAIN = [criterion.NAME for criterion in ALL]
_OPTIONS = {
    "in": "'a/**'",
    "not-in": "'a/**'",
    "role": "[inbox, library]",
    "root": "[photos]",
    "format": "[png, raw]",
    "has": "[gps, keywords]",
    "tags": "a",
}
_LINES = st.lists(
    st.sampled_from([*_PLAIN, *(f"{{{name}: {option}}}" for name, option in _OPTIONS.items())]), min_size=1
)


@given(_SIDES, _SIDES, _LINES)
def test_it_does_not_matter_which_photo_is_asked_about(
    kept: Make, side: Make, first: dict[str, Any], second: dict[str, Any], lines: list[str]
) -> None:
    a, b = side("a/x.jpg", **first), side("b/yy.jpg", **second)

    assert kept(f"[{', '.join(lines)}]", a, b) == kept(f"[{', '.join(lines)}]", b, a)


def test_every_criterion_with_an_option_is_asked_here() -> None:
    assert set(_OPTIONS) == {criterion.NAME for criterion in (*ALL_WITH_OPTION, *ALL_OF_ROOTS)}


@pytest.mark.parametrize("kind", [EditKind.BORDERED, EditKind.COLLAGE_TILE])
def test_what_lies_around_a_photo_counts_for_nothing(side: Make, kind: EditKind) -> None:
    collage, photo = side("collage.jpg", width_pixels=9000), side("photo.jpg", width_pixels=100)

    def ask(direction: Direction) -> tuple[str, str]:
        found = Match(
            relation=Relation.PART,
            certainty=Certainty.VERIFIED,
            similarity=1.0,
            direction=direction,
            edits=(Edit(kind=kind),),
        )
        keeper, reason = chosen_keeper(DEFAULT_KEEP[:2], collage, photo, found)
        return keeper.path.name, reason

    assert ask(Direction.FILE_FROM_OTHER) == ("photo.jpg", "more-pixels: the other one has something around it")
    assert ask(Direction.OTHER_FROM_FILE)[0] == "collage.jpg"
    assert "nothing told them apart" in ask(Direction.UNKNOWN)[1]
