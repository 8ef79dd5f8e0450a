"""What a sketch of wavelet coefficients tells apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pictrace.match.methods import Sight
from pictrace.match.methods.wavelet import Wavelet

from ...conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of the tests

PHOTO = np.asarray(draw_photo(1).convert("RGB"))


def likeness(a: np.ndarray, b: np.ndarray) -> tuple[float, dict[str, float]]:
    method = Wavelet()
    described = (method.describe(Sight(path=Path("drawn.png"), rgb=np.ascontiguousarray(one))) for one in (a, b))
    reading = method.compare(*described)
    return reading.values["similarity"], reading.details


def test_forty_coefficients_of_each_channel_are_kept() -> None:
    _, details = likeness(PHOTO, PHOTO)

    assert details["shared"] == 120


def test_the_sign_of_a_coefficient_counts() -> None:
    # The negative has the same coefficients, each with the other sign.
    similarity, details = likeness(PHOTO, 255 - PHOTO)

    assert details["shared"] <= 2
    assert similarity == 0


def test_a_gray_picture_has_no_coefficients_of_color() -> None:
    gray = np.repeat(PHOTO[:, :, :1], 3, axis=2)

    _, details = likeness(gray, gray)

    assert details["shared"] == 40


def test_each_coefficient_weighs_as_its_bin_and_channel() -> None:
    # One edge down the middle of a gray picture is one coefficient: the coarsest, bin 1 of Y.
    halves = np.full((128, 128, 3), 100, np.uint8)
    halves[:, 64:] = 101
    method = Wavelet()

    signature = method.describe(Sight(path=Path("halves.png"), rgb=halves))

    assert signature.weights.tolist() == [0.83]
    assert signature.means == pytest.approx([100.5 / 255, 0, 0])


def test_every_coefficient_has_the_weight_of_the_published_table() -> None:
    # By channel, bins 1 to 5: Y, I, Q.
    table = [(0.83, 1.01, 0.52, 0.47, 0.30), (1.26, 0.44, 0.53, 0.28, 0.14), (0.36, 0.45, 0.14, 0.18, 0.27)]

    signature = Wavelet().describe(Sight(path=Path("drawn.png"), rgb=PHOTO))

    channels, rows, columns = np.unravel_index(signature.keys // 2, (3, 128, 128))
    bins = np.minimum(np.maximum(rows, columns), 5)
    assert len({*zip(channels.tolist(), bins.tolist(), strict=True)}) == 15
    assert signature.weights.tolist() == [table[c][b - 1] for c, b in zip(channels, bins, strict=True)]


def test_the_difference_of_the_means_is_taken_off() -> None:
    dark, light = PHOTO // 2, PHOTO // 2 + 20
    most = Wavelet().describe(Sight(path=Path("drawn.png"), rgb=dark)).weights.sum()

    similarity, details = likeness(dark, light)

    assert details == pytest.approx({"shared": 120, "means": 5 * 20 / 255})
    assert similarity == pytest.approx(1 - details["means"] / most)


def test_flat_pictures_are_told_by_their_means() -> None:
    black, white, gray = (np.full((40, 60, 3), level, np.uint8) for level in (0, 255, 10))

    assert likeness(black, white)[0] == 0
    assert likeness(black, gray)[0] == pytest.approx(1 - 5 * 10 / 255)
