"""What the generator says of a copy is true of its pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pairs import ATTACKS, FAMILIES, around, drawn, overlay, shape, tone, truth_of
from pictrace.bench.copies.canvas import Drawn

_KEEPS_COLORS = {
    attack.name: attack
    for family in ("resize", "crop", "turn", "tilt", "mirror", "border", "screenshot", "perspective")
    for attack in FAMILIES[family]
}


def _random() -> np.random.Generator:
    return np.random.default_rng(5)


def _foreseen(copy: Drawn, original: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the copy shows by its homography, and where it shows the original at all."""
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(original, copy.to_original, copy.size, flags=how)
    inside = np.zeros(copy.size[::-1], np.uint8)
    cv2.fillConvexPoly(inside, np.round(copy.region).astype(np.int32), 1)
    return seen, cv2.erode(inside, np.ones((9, 9), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0


@pytest.mark.parametrize("name", sorted(_KEEPS_COLORS))
def test_homography_takes_each_pixel_of_the_copy_to_where_it_came_from(name, scene):
    copy = _KEEPS_COLORS[name].make(drawn(scene), _random())

    seen, inside = _foreseen(copy, scene)
    difference = np.abs(seen.astype(int) - copy.rgb)[inside]

    assert inside.any()
    assert difference.mean() < 2.5
    assert np.percentile(difference, 99) < 12


def test_collage_shows_the_original_in_the_box_that_the_truth_names(scene):
    step = around.collage((2, 2), 10, is_filled=False)

    copy = step(drawn(scene), _random(), lambda number: (f"other{number}", 255 - scene))
    truth = truth_of(copy)

    seen, inside = _foreseen(copy, scene)
    assert np.abs(seen.astype(int) - copy.rgb)[inside].mean() < 2.5
    left, top, right, bottom = np.array(truth.place) * np.tile(copy.size, 2)
    tile = copy.rgb[round(top) : round(bottom), round(left) : round(right)]
    assert np.abs(cv2.resize(tile, scene.shape[1::-1]).astype(int) - scene).mean() < 2.5
    assert truth.relations == ("part",)
    assert len(truth.others) == 3


def test_crop_box_and_share_are_those_that_were_cut(scene):
    truth = truth_of(shape.cut(drawn(scene), (24, 16, 144, 144)))

    assert truth.edits["cropped"]["box"] == pytest.approx((0.1, 0.1, 0.6, 0.9), abs=1e-4)
    assert truth.kept == pytest.approx(0.5 * 0.8, abs=1e-4)
    assert truth.relations == ("edited",)


@pytest.mark.parametrize(
    ("steps", "scale", "degrees", "axis"),
    [
        ((shape.resize(0.5),), 0.5, 0, None),
        ((shape.quarter(90),), 1, 90, None),
        ((shape.quarter(270), shape.resize(2)), 2, 270, None),
        ((shape.mirror,), 1, 0, "horizontal"),
        ((shape.flip,), 1, 0, "vertical"),
        ((shape.mirror, shape.flip), 1, 180, None),
        ((shape.mirror, shape.quarter(90)), 1, 90, "horizontal"),
    ],
)
def test_scale_turn_and_axis_follow_from_what_was_done(steps, scale, degrees, axis, scene):
    copy = drawn(scene)
    for step in steps:
        copy = step(copy, _random())

    truth = truth_of(copy)

    assert truth.scale == pytest.approx(scale, rel=0.005)
    assert truth.degrees == pytest.approx(degrees, abs=0.05)
    assert truth.axis == axis


def test_turning_by_a_quarter_goes_clockwise(scene):
    turned = shape.quarter(90)(drawn(scene), _random())

    assert np.array_equal(turned.rgb[0, -1], scene[0, 0])


@pytest.mark.parametrize("degrees", [2, 10, 35])
def test_tilted_crop_shows_no_canvas(degrees, scene):
    copy = shape.tilt(degrees)(drawn(scene + 1), _random())

    assert copy.rgb.min() > 0
    assert truth_of(copy).degrees in (pytest.approx(degrees, abs=0.01), pytest.approx(360 - degrees, abs=0.01))


def test_border_names_the_sides_that_have_one(scene):
    truth = truth_of(around.letterbox(16 / 9, is_blurred=False)(drawn(scene), _random()))

    assert truth.edits["bordered"]["sides"] == ("right", "left")


def test_overlay_share_is_the_area_that_changed(scene):
    copy = overlay.stickers(drawn(scene), _random())

    share = truth_of(copy).edits["overlaid"]["share"]
    changed = (np.abs(copy.rgb.astype(int) - scene).max(axis=2) > 12).mean()
    assert 0.01 < share == pytest.approx(changed)


def test_changes_of_tone_leave_every_pixel_at_its_place(scene):
    truth = truth_of(tone.gamma(0.65)(drawn(scene), _random()))

    assert np.array_equal(truth.to_original, np.eye(3))
    assert set(truth.edits) == {"recolored"}


def test_attacks_have_names_of_their_own():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 57
