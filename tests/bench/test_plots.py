"""Drawings of what was measured, looked at as pixels."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from pictrace.bench import plots
from pictrace.bench.copies import Truth
from pictrace.bench.judged import JudgedCopy
from pictrace.bench.matrix import Matrix
from pictrace.errors import UsageError
from pictrace.model import Certainty, Match, Relation

_MIRRORED = Truth(
    relations=(Relation.EDITED.value,),
    edits={},
    to_original=[],
    original_size=(4, 3),
    copy_size=(4, 3),
    scale=1.0,
    degrees=0.0,
    axis="vertical",
    box=(0.0, 0.0, 1.0, 1.0),
    kept=1.0,
    place=(0.0, 0.0, 1.0, 1.0),
)
_VERIFIED, _SUSPECTED, _INK = (0x1F, 0x6F, 0x50), (0xB0, 0x6A, 0x3B), (0x22, 0x22, 0x22)


# Edges of thin lines are smoothed: about that color.
_SMOOTHED = 60


def found(number: int, certainty: Certainty | None) -> JudgedCopy:
    """Return a mirrored copy that was found with a certainty, or not at all."""
    match = None
    if certainty is not None:
        match = Match(relation=Relation.EDITED, certainty=certainty, similarity=0.9)
    return JudgedCopy(
        name=f"a.mirror.h{number}.jpg",
        original="a.jpg",
        family="mirror",
        variant="h",
        truth=_MIRRORED,
        match=match,
        measures={},
    )


def drawn(verified: int, suspected: int, missed: int) -> np.ndarray:
    """Return the drawing of a matrix with as many copies of each kind; uint8, shape (height, width, 3)."""
    kinds = [*[Certainty.VERIFIED] * verified, *[Certainty.SUSPECTED] * suspected, *[None] * missed]
    copies = [found(number, certainty) for number, certainty in enumerate(kinds)]
    png = plots.of_matrix(Matrix(photos=1, copies=copies))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def longest(rgb: np.ndarray, color: tuple[int, int, int], *, tolerance: int = 0) -> int:
    """Return how many pixels of a color lie side by side at most, in rows that have a bar for the verified ones."""
    rows = (np.abs(rgb.astype(int) - color) <= tolerance).all(axis=2)[(rgb == _VERIFIED).all(axis=2).any(axis=1)]
    return max(sum(run) for row in rows for is_color, run in itertools.groupby(row.tolist()) if is_color)


def test_the_bars_of_a_matrix_are_as_long_as_the_shares() -> None:
    pytest.importorskip("matplotlib")

    whole, some = longest(drawn(8, 0, 0), _VERIFIED), longest(drawn(2, 4, 2), _VERIFIED)

    assert some == pytest.approx(whole / 4, abs=2)


def test_suspected_copies_lengthen_the_other_bars() -> None:
    pytest.importorskip("matplotlib")
    verified, both = drawn(4, 0, 4), drawn(4, 2, 2)

    lengths = [(rgb == _SUSPECTED).all(axis=2).sum(axis=1).max() for rgb in (verified, both)]

    assert lengths[1] == pytest.approx(1.5 * lengths[0], abs=3)


def test_more_copies_make_the_intervals_in_the_drawing_narrower() -> None:
    pytest.importorskip("matplotlib")

    few, many = (longest(drawn(number, 0, number), _INK, tolerance=_SMOOTHED) for number in (2, 200))

    assert 0 < many < few / 2


@pytest.mark.parametrize("shares", [(10, 0, 0), (0, 10, 0), (0, 0, 10)])
def test_all_or_nothing_can_be_drawn(shares: tuple[int, int, int]) -> None:
    pytest.importorskip("matplotlib")

    assert drawn(*shares).shape[0] > 0


def test_without_copies_there_is_nothing_to_draw() -> None:
    with pytest.raises(UsageError, match="no copies were compared"):
        plots.of_matrix(Matrix(photos=0))
