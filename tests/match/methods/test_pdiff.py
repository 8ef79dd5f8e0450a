"""Which share of two pictures differs to the eye."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pictrace.match.methods import Reading, Sight
from pictrace.match.methods.pdiff import Pdiff
from pictrace.match.methods.perceived import is_seen

from ...conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of the tests

PHOTO = np.asarray(draw_photo(1, 400, 300).convert("RGB"))
OTHER = np.asarray(draw_photo(5, 300, 360).convert("RGB"))


def compared(a: np.ndarray, b: np.ndarray) -> Reading:
    method = Pdiff()
    described = (method.describe(Sight(path=Path("drawn.png"), rgb=np.ascontiguousarray(one))) for one in (a, b))
    return method.compare(*described)


def stored(rgb: np.ndarray, quality: int = 75) -> np.ndarray:
    encoded = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.cvtColor(cv2.imdecode(encoded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def test_a_stored_copy_differs_hardly_anywhere() -> None:
    assert compared(PHOTO, stored(PHOTO)).values["failing"] < 0.001


def test_another_photo_differs_nearly_everywhere() -> None:
    assert compared(PHOTO, OTHER).values["failing"] > 0.5


def test_a_smaller_copy_is_compared_at_its_size() -> None:
    half = cv2.resize(PHOTO, (200, 150), interpolation=cv2.INTER_AREA)

    assert compared(PHOTO, half).values["failing"] < 0.001


def test_a_cropped_and_turned_copy_is_aligned_and_not_refused() -> None:
    part = np.rot90(PHOTO[60:280, 40:360])

    reading = compared(PHOTO, stored(part, 90))

    assert reading.details["is-aligned"] == 1
    assert reading.values["failing"] < 0.05


def test_what_cannot_be_aligned_says_so() -> None:
    assert compared(PHOTO, OTHER).details["is-aligned"] == 0


def test_only_the_changed_part_fails() -> None:
    changed = PHOTO.copy()
    changed[100:200, 100:200] = 255 - changed[100:200, 100:200]

    assert compared(PHOTO, changed).values["failing"] == pytest.approx(100 * 100 / (400 * 300), rel=0.5)


def test_a_change_of_color_alone_is_seen_in_light_and_not_in_the_dark() -> None:
    def pair(level: int, change: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
        gray = np.full((64, 64, 3), level, np.uint8)
        return gray, (gray + np.array(change)).astype(np.uint8)

    # Of about the same luminance: more red, less green.
    assert is_seen(*pair(150, (20, -6, 0))).all()
    assert not is_seen(*pair(40, (20, -6, 0))).any()


def test_a_step_of_color_below_what_is_just_noticed_is_not_seen() -> None:
    gray = np.full((64, 64, 3), 150, np.uint8)
    # 2.0 and 2.9 apart in CIELAB, at the same luminance.
    below, above = (gray + np.array(change, np.int8) for change in ((4, -1, 0), (5, -2, 0)))

    assert not is_seen(gray, below.astype(np.uint8)).any()
    assert is_seen(gray, above.astype(np.uint8)).all()


def test_contrast_hides_a_difference_that_is_seen_on_a_flat_ground() -> None:
    random = np.random.default_rng(0)
    flat = np.full((128, 128, 3), 100, np.uint8)
    rough = np.repeat(random.integers(60, 150, (128, 128, 1), np.uint8), 3, axis=2)
    spots = np.zeros((128, 128, 3), np.uint8)
    spots[8::16, 8::16] = 40

    assert is_seen(flat, flat + spots).any()
    assert is_seen(rough, rough + spots).sum() < is_seen(flat, flat + spots).sum()


def test_a_photo_stored_again_differs_hardly_anywhere_and_another_does(corpus: Path) -> None:
    first, other = (
        cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        for path in sorted((corpus / "photos").glob("bsds500__*"))[:2]
    )

    assert compared(first, stored(first)).values["failing"] < 0.001
    assert compared(first, other).values["failing"] > 0.5
