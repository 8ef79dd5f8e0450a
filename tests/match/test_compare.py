from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from pictrace.errors import UndecodableError, UnreadableError
from pictrace.match import compare
from pictrace.match.relate import are_other_exposures
from pictrace.model import Certainty, Direction, EditKind, Match, Metadata, Relation

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


def test_two_views_of_one_scene_are_no_copies(tmp_path: Path) -> None:
    left, right, _ = skimage.data.stereo_motorcycle()
    a = stored(Image.fromarray(left), tmp_path / "left.jpg", quality=92)
    b = stored(Image.fromarray(right), tmp_path / "right.jpg", quality=92)

    match = compare(a, b)

    assert match.relation is Relation.SAME_SCENE
    assert [one.limit for one in match.evidence if one.name == "inliers" and one.value > one.limit and one.passed]
    assert not match.relation.is_copy


@pytest.mark.parametrize("gain", [1.0, 1.25])
def test_second_exposure_without_any_motion_is_a_burst(tmp_path: Path, cat: Image.Image, gain: float) -> None:
    random = np.random.default_rng(5)
    clean = np.asarray(cat.resize((902, 600))).astype(np.float64)

    def exposure(factor: float) -> Image.Image:
        return Image.fromarray(np.clip(factor * (clean + random.normal(0, 4, clean.shape)), 0, 255).astype(np.uint8))

    first = stored(exposure(1.0), tmp_path / "1.png")

    assert compare(first, stored(exposure(gain), tmp_path / "2.png")).relation is Relation.BURST


def test_same_picture_with_other_exposure_data_is_no_verified_copy(tmp_path: Path, cat: Image.Image) -> None:
    def exposed(name: str, seconds: float) -> Path:
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x829A] = seconds
        return stored(cat, tmp_path / name, quality=90, exif=exif, subsampling=len(name) % 2)

    match = compare(exposed("a.jpg", 1 / 60), exposed("bb.jpg", 1 / 250))

    assert match.certainty is Certainty.SUSPECTED or not match.relation.is_copy


def test_crop_is_edited_with_its_box_and_the_share_it_keeps(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    box = (110, 60, 110 + 240, 60 + 180)

    match = compare(original, stored(cat.crop(box), tmp_path / "crop.jpg", quality=85))

    crop = next(edit for edit in match.edits if edit.kind is EditKind.CROPPED)
    assert (match.relation, match.certainty) == (Relation.EDITED, Certainty.VERIFIED)
    assert match.direction is Direction.OTHER_FROM_FILE
    assert crop.box == pytest.approx((110 / 451, 60 / 300, 350 / 451, 240 / 300), abs=0.01)
    assert crop.kept == pytest.approx(240 * 180 / (451 * 300), abs=0.01)


def test_slight_crop_is_no_rendition(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    cropped = cat.crop((9, 6, cat.width - 9, cat.height - 6))

    match = compare(stored(cropped, tmp_path / "copy.jpg", quality=95), original)

    assert (match.relation, kinds(match)) == (Relation.EDITED, {EditKind.CROPPED})


@pytest.mark.parametrize("degrees", [7.0, -20.0])
def test_tilt_is_measured_clockwise(tmp_path: Path, cat: Image.Image, degrees: float) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    tilted = cat.rotate(-degrees, Image.Resampling.BICUBIC, expand=True)

    match = compare(stored(tilted, tmp_path / "copy.jpg", quality=90), original)

    turn = next(edit.degrees for edit in match.edits if edit.kind is EditKind.ROTATED)
    assert (match.relation, match.certainty) == (Relation.EDITED, Certainty.VERIFIED)
    assert turn == pytest.approx(degrees % 360, abs=0.3)


def test_mirrored_crop_is_both(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    copy = ImageOps.mirror(cat).crop((60, 40, 360, 260))

    match = compare(stored(copy, tmp_path / "copy.jpg", quality=85), original)

    assert (match.relation, match.certainty) == (Relation.EDITED, Certainty.VERIFIED)
    assert kinds(match) == {EditKind.MIRRORED, EditKind.CROPPED}


def test_border_is_named_with_its_sides(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    wide = Image.new("RGB", (cat.width + 120, cat.height), (0, 0, 0))
    wide.paste(cat, (60, 0))

    match = compare(stored(wide, tmp_path / "copy.jpg", quality=90), original)

    border = next(edit for edit in match.edits if edit.kind is EditKind.BORDERED)
    assert (match.relation, match.certainty) == (Relation.EDITED, Certainty.VERIFIED)
    assert set(border.sides or ()) == {"left", "right"}
    assert match.direction is Direction.FILE_FROM_OTHER


def test_tile_of_a_collage_is_a_part_with_its_box(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    collage = Image.new("RGB", (920, 620), (255, 255, 255))
    for name, spot in (("coffee", (465, 5)), ("rocket", (5, 310)), ("astronaut", (465, 310))):
        other = Image.fromarray(getattr(skimage.data, name)()).resize((450, 300))
        collage.paste(other, spot)
    collage.paste(cat.resize((450, 300)), (5, 5))

    match = compare(stored(collage, tmp_path / "collage.jpg", quality=90), original)

    tile = next(edit for edit in match.edits if edit.kind is EditKind.COLLAGE_TILE)
    assert (match.relation, match.certainty) == (Relation.PART, Certainty.VERIFIED)
    assert tile.box == pytest.approx((5 / 920, 5 / 620, 455 / 920, 305 / 620), abs=0.02)
    assert tile.source_box == pytest.approx((0, 0, 1, 1), abs=0.02)
    assert match.direction is Direction.FILE_FROM_OTHER


def test_sticker_is_overlaid_with_its_share(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    changed = cat.copy()
    ImageDraw.Draw(changed).ellipse((300, 60, 345, 105), fill=(20, 200, 60))

    match = compare(stored(changed, tmp_path / "copy.jpg", quality=80), original)

    overlaid = next(edit for edit in match.edits if edit.kind is EditKind.OVERLAID)
    assert match.relation is Relation.EDITED
    assert overlaid.share == pytest.approx(np.pi * 22.5**2 / (451 * 300), abs=0.02)


def test_blur_and_noise_are_named(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    noise = np.random.default_rng(3).normal(0, 12, (cat.height, cat.width, 3))
    noisy = Image.fromarray(np.clip(np.asarray(cat) + noise, 0, 255).astype(np.uint8))

    blurred = compare(stored(cat.filter(ImageFilter.GaussianBlur(2)), tmp_path / "b.jpg", quality=90), original)
    grainy = compare(stored(noisy, tmp_path / "n.jpg", quality=90), original)

    assert EditKind.BLURRED in kinds(blurred)
    assert EditKind.NOISED in kinds(grainy)


def test_perspective_is_named(tmp_path: Path, cat: Image.Image) -> None:
    original = stored(cat, tmp_path / "cat.jpg", quality=95)
    width, height = cat.size
    here = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    there = np.array([(30, 20), (width - 5, 0), (width - 40, height - 10), (0, height - 25)], np.float32)
    warped = cv2.warpPerspective(np.asarray(cat), cv2.getPerspectiveTransform(here, there), (width, height))

    match = compare(stored(Image.fromarray(warped), tmp_path / "copy.jpg", quality=90), original)

    assert match.relation.is_copy
    assert EditKind.PERSPECTIVE in kinds(match)


def test_neighbours_in_a_panorama_are_no_copies(tmp_path: Path) -> None:
    whole = Image.fromarray(skimage.data.astronaut())
    left = stored(whole.crop((0, 0, 340, 512)), tmp_path / "left.jpg", quality=92)
    right = stored(whole.crop((130, 0, 512, 512)), tmp_path / "right.jpg", quality=92)

    match = compare(left, right)

    assert not match.relation.is_copy


def test_two_charts_of_one_kind_are_no_verified_copies(tmp_path: Path) -> None:
    def chart(seed: int) -> Image.Image:
        random = np.random.default_rng(seed)
        image = Image.new("RGB", (640, 420), (255, 255, 255))
        draw = ImageDraw.Draw(image)
        draw.line((60, 20, 60, 380), fill=0, width=2)
        draw.line((60, 380, 620, 380), fill=0, width=2)
        for n in range(12):
            high = int(random.uniform(60, 340))
            draw.rectangle((80 + 45 * n, 380 - high, 108 + 45 * n, 380), fill=(70, 110, 200))
            draw.text((82 + 45 * n, 388), str(2000 + n), fill=0)
        return image

    match = compare(stored(chart(1), tmp_path / "a.png"), stored(chart(2), tmp_path / "b.png"))

    assert not match.relation.is_copy or match.certainty is Certainty.SUSPECTED


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


def test_a_dot_on_black_is_no_verified_copy_of_black(tmp_path: Path) -> None:
    dotted = Image.new("RGB", (400, 300))
    ImageDraw.Draw(dotted).ellipse((200, 100, 206, 106), fill=(255, 255, 255))
    black = stored(Image.new("RGB", (400, 300)), tmp_path / "black.jpg", quality=90)

    match = compare(black, stored(dotted, tmp_path / "dot.png"))

    assert not match.relation.is_copy or match.certainty is Certainty.SUSPECTED


def test_two_filled_in_forms_are_no_verified_copies(tmp_path: Path) -> None:
    def form(seed: int) -> Image.Image:
        random = np.random.default_rng(seed)
        page = Image.new("RGB", (900, 1200), (255, 255, 255))
        for line in range(10):
            words = f"Invoice line {line}: {random.integers(10, 99)} EUR"
            ImageDraw.Draw(page).text((80, 100 + 100 * line), words, fill=0, font=ImageFont.load_default(40))
        return page

    match = compare(stored(form(1), tmp_path / "a.png"), stored(form(2), tmp_path / "b.jpg", quality=85))

    assert not match.relation.is_copy or match.certainty is Certainty.SUSPECTED


@pytest.mark.parametrize(
    ("one", "two", "are_other"),
    [
        ("2021-03-04T05:06:07.123+02:00", "2021-03-04T05:06:07+02:00", False),
        ("2021-03-04T05:06:07.123", "2021-03-04T05:06:07.456", True),
        ("2021-03-04T05:06:07.12", "2021-03-04T05:06:07.120", False),
        ("2021-03-04T05:06:07", "2021-03-04T05:06:08", True),
        ("2021-03-04T05:06:07+02:00", "2021-03-04T05:06:07", False),
    ],
)
def test_times_are_compared_as_far_as_both_say_them(one: str, two: str, are_other: bool) -> None:
    first, second = (Metadata(width_pixels=4, height_pixels=3, format="jpeg", captured_at=at) for at in (one, two))

    assert are_other_exposures(first, second) is are_other


DEGENERATE = {
    "black": np.zeros((300, 400, 3), np.uint8),
    "white": np.full((300, 400, 3), 255, np.uint8),
    "pixel": np.zeros((1, 1, 3), np.uint8),
    "line": np.random.default_rng(1).integers(0, 255, (1, 2000, 3)).astype(np.uint8),
    "column": np.random.default_rng(2).integers(0, 255, (3000, 3, 3)).astype(np.uint8),
    "noise": np.random.default_rng(3).integers(0, 255, (300, 400, 3)).astype(np.uint8),
    "checks": np.repeat((np.indices((304, 400)).sum(axis=0) // 16 % 2 * 255).astype(np.uint8)[..., None], 3, axis=2),
}


@pytest.mark.parametrize("first", DEGENERATE)
@pytest.mark.parametrize("second", DEGENERATE)
def test_degenerate_pictures_are_compared_and_are_no_copies_of_others(tmp_path: Path, first: str, second: str) -> None:
    a = stored(Image.fromarray(DEGENERATE[first]), tmp_path / "a.png")
    b = stored(Image.fromarray(DEGENERATE[second]), tmp_path / "b.png")

    there, back = compare(a, b), compare(b, a)

    assert there.relation is back.relation
    assert there.relation.is_copy == (first == second)


def test_of_animations_only_the_first_picture_is_compared_and_that_is_said(tmp_path: Path) -> None:
    first, other = (Image.fromarray(picture) for picture in (skimage.data.chelsea(), skimage.data.coffee()))
    other = other.resize(first.size)
    first.save(tmp_path / "still.png")
    first.save(tmp_path / "moving.webp", save_all=True, append_images=[other], quality=90)

    found = compare(tmp_path / "moving.webp", tmp_path / "still.png")

    assert (found.relation, found.certainty) == (Relation.RENDITION, Certainty.SUSPECTED)
    assert {one.name for one in found.evidence if not one.passed} == {"pictures-in-file"}


@pytest.mark.parametrize("column", [0, 1, 2])
@pytest.mark.parametrize("row", [0, 1])
def test_a_tile_that_was_cut_to_fit_is_a_part_wherever_it_lies(tmp_path: Path, row: int, column: int) -> None:
    """The photo did not come from the collage, though nearly all of it lies in there, some of it beyond its edge."""
    tiles = [Image.fromarray(getattr(skimage.data, name)()) for name in ("astronaut", "coffee", "rocket")] * 2
    photo = Image.fromarray(skimage.data.chelsea())
    tiles[3 * row + column] = photo
    whole = Image.new("RGB", (1208, 504), "white")
    for number, tile in enumerate(tiles):
        whole.paste(ImageOps.fit(tile.convert("RGB"), (400, 250)), (404 * (number % 3), 254 * (number // 3)))

    match = compare(stored(whole, tmp_path / "collage.jpg", quality=92), stored(photo, tmp_path / "photo.jpg"))

    assert match.relation is Relation.PART
    assert match.direction is Direction.FILE_FROM_OTHER


def test_what_was_laid_over_the_edge_of_a_crop_makes_no_collage_of_its_source(tmp_path: Path) -> None:
    photo = Image.fromarray(skimage.data.astronaut())
    crop = photo.crop((60, 40, 420, 400))
    ImageDraw.Draw(crop).rectangle((0, 320, 360, 360), fill=(255, 255, 255))
    ImageDraw.Draw(crop).text((20, 325), "the day before", fill=0, font=ImageFont.load_default(24))

    match = compare(stored(crop, tmp_path / "crop.jpg"), stored(photo, tmp_path / "photo.jpg"))

    assert match.relation is Relation.EDITED
    assert match.direction is not Direction.OTHER_FROM_FILE
