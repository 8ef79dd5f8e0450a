from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from pictrace.errors import UndecodableError, UnreadableError
from pictrace.match import compare
from pictrace.model import Certainty, Direction, EditKind, Match, Relation

Photo = Callable[..., Path]


def kinds(match: Match) -> set[EditKind]:
    return {edit.kind for edit in match.edits} - {EditKind.RE_ENCODED}


@pytest.fixture
def cat(tmp_path: Path) -> Image.Image:
    return Image.fromarray(skimage.data.chelsea())


def stored(image: Image.Image, path: Path, **how: object) -> Path:
    image.save(path, **how)
    return path


def test_png_of_the_decoded_pixels_is_proved_to_be_the_same_pixels(tmp_path: Path, photo: Photo) -> None:
    original = photo("a.jpg", seed=1)
    with Image.open(original) as image:
        copy = stored(image, tmp_path / "a.png")

    match = compare(copy, original)

    assert (match.relation, match.certainty) == (Relation.SAME_PIXELS, Certainty.PROVED)
    assert (match.similarity, match.direction) == (1.0, Direction.FILE_FROM_OTHER)


def test_orientation_flag_instead_of_turned_pixels_is_the_same_pixels(tmp_path: Path, cat: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = stored(cat, tmp_path / "upright.png")
    flagged = stored(cat.transpose(Image.Transpose.ROTATE_90), tmp_path / "flagged.png", exif=exif)

    assert compare(flagged, upright).relation is Relation.SAME_PIXELS


@pytest.mark.parametrize("quality", [90, 50, 30])
def test_stored_with_more_compression_is_a_rendition(tmp_path: Path, cat: Image.Image, quality: int) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    copy = stored(cat, tmp_path / "copy.jpg", quality=quality)

    match = compare(copy, original)

    assert (match.relation, match.certainty) == (Relation.RENDITION, Certainty.VERIFIED)
    assert [edit.kind for edit in match.edits] == [EditKind.RE_ENCODED]
    assert match.direction is Direction.FILE_FROM_OTHER


def test_smaller_and_turned_is_a_rendition_with_both_measures(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    small = cat.resize((cat.width // 2, cat.height // 2)).transpose(Image.Transpose.ROTATE_270)
    match = compare(stored(small, tmp_path / "copy.jpg", quality=80), original)

    edits = {edit.kind: edit for edit in match.edits}
    assert match.relation is Relation.RENDITION
    assert edits[EditKind.RESIZED].scale == pytest.approx(0.5, abs=0.005)
    assert edits[EditKind.ROTATED].degrees == 90.0
    assert match.direction is Direction.FILE_FROM_OTHER


@pytest.mark.parametrize(
    ("how", "axis"), [(Image.Transpose.FLIP_LEFT_RIGHT, "horizontal"), (Image.Transpose.FLIP_TOP_BOTTOM, "vertical")]
)
def test_mirrored_is_edited_with_its_axis(tmp_path: Path, cat: Image.Image, how: Image.Transpose, axis: str) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)

    match = compare(stored(cat.transpose(how), tmp_path / "copy.jpg", quality=90), original)

    assert match.relation is Relation.EDITED
    assert [(e.kind, e.axis) for e in match.edits if e.axis] == [(EditKind.MIRRORED, axis)]


@pytest.mark.parametrize("factor", [0.7, 1.3])
def test_another_brightness_is_recolored(tmp_path: Path, cat: Image.Image, factor: float) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    copy = stored(ImageEnhance.Brightness(cat).enhance(factor), tmp_path / "copy.jpg", quality=92)

    match = compare(copy, original)

    assert match.relation is Relation.EDITED
    assert kinds(match) == {EditKind.RECOLORED}


def test_without_colors_is_grayscale_and_comes_from_the_one_with_colors(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)

    match = compare(original, stored(ImageOps.grayscale(cat), tmp_path / "copy.jpg", quality=90))

    assert match.relation is Relation.EDITED
    assert kinds(match) == {EditKind.GRAYSCALE}
    assert match.direction is Direction.OTHER_FROM_FILE


def test_comparing_the_other_way_round_gives_the_same_but_for_direction_and_measures(
    tmp_path: Path, cat: Image.Image
) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    small = cat.resize((cat.width // 2, cat.height // 2)).transpose(Image.Transpose.ROTATE_270)
    copy = stored(small, tmp_path / "copy.jpg", quality=80)

    there, back = compare(copy, original), compare(original, copy)

    assert (there.relation, there.certainty, there.similarity) == (back.relation, back.certainty, back.similarity)
    assert there.evidence == back.evidence
    turns = [next(e.degrees for e in match.edits if e.kind is EditKind.ROTATED) for match in (there, back)]
    scales = [next(e.scale for e in match.edits if e.kind is EditKind.RESIZED) for match in (there, back)]
    assert turns == [90.0, 270.0]
    assert scales[0] * scales[1] == pytest.approx(1.0, abs=0.001)
    assert {there.direction, back.direction} == {Direction.FILE_FROM_OTHER, Direction.OTHER_FROM_FILE}


def test_two_views_of_one_scene_are_left_alone(tmp_path: Path) -> None:
    left, right, _ = skimage.data.stereo_motorcycle()
    a = stored(Image.fromarray(left), tmp_path / "left.jpg", quality=92)
    b = stored(Image.fromarray(right), tmp_path / "right.jpg", quality=92)

    assert compare(a, b).relation is Relation.UNRELATED


def test_second_exposure_without_any_motion_is_left_alone(tmp_path: Path, cat: Image.Image) -> None:
    random = np.random.default_rng(5)
    clean = np.asarray(cat.resize((902, 600))).astype(np.float64)

    def exposure(gain: float) -> Image.Image:
        return Image.fromarray(np.clip(gain * (clean + random.normal(0, 4, clean.shape)), 0, 255).astype(np.uint8))

    first = stored(exposure(1.0), tmp_path / "1.png")

    assert compare(first, stored(exposure(1.0), tmp_path / "2.png")).relation is Relation.UNRELATED
    assert compare(first, stored(exposure(1.25), tmp_path / "3.png")).relation is Relation.UNRELATED


def test_small_sticker_is_not_passed_over(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    changed = cat.copy()
    ImageDraw.Draw(changed).ellipse((300, 60, 345, 105), fill=(20, 200, 60))

    assert compare(stored(changed, tmp_path / "copy.jpg", quality=95), original).relation is Relation.UNRELATED


def test_slight_crop_is_no_rendition(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    cropped = cat.crop((9, 6, cat.width - 9, cat.height - 6))

    assert compare(stored(cropped, tmp_path / "copy.jpg", quality=95), original).relation is Relation.UNRELATED


def test_different_photos_are_unrelated(photo: Photo) -> None:
    assert compare(photo("a.jpg", seed=1), photo("b.jpg", seed=2)).relation is Relation.UNRELATED


def test_flat_pictures_of_near_colors_are_unrelated(tmp_path: Path) -> None:
    a = stored(Image.new("RGB", (300, 200), (90, 120, 160)), tmp_path / "a.png")
    b = stored(Image.new("RGB", (300, 200), (96, 120, 160)), tmp_path / "b.png")

    assert compare(a, b).relation is Relation.UNRELATED


def test_files_that_cannot_be_read_are_named(tmp_path: Path, photo: Photo) -> None:
    original, broken = photo("a.jpg", seed=1), tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture")

    with pytest.raises(UndecodableError, match=r"broken\.jpg"):
        compare(original, broken)
    with pytest.raises(UnreadableError, match=r"gone\.jpg"):
        compare(tmp_path / "gone.jpg", original)
