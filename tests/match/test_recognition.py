"""A photo is known again by what was kept of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageOps
from skimage import data

from pictrace.imaging import read_metadata
from pictrace.imaging.preview import MOST_BYTES
from pictrace.match import KEPT_PREVIEW, compare_kept, preview_at, remains_of, shows
from pictrace.model import Certainty, Direction, Relation


@pytest.fixture
def coffee(tmp_path: Path) -> Path:
    path = tmp_path / "coffee.jpg"
    Image.fromarray(data.coffee()).save(path, quality=92)
    return path


def stored(tmp_path: Path, image: Image.Image, name: str = "other.jpg", quality: int = 80) -> Path:
    image.save(tmp_path / name, quality=quality)
    return tmp_path / name


def is_shown(path: Path, of: Path) -> bool:
    return shows(path, read_metadata(path), remains_of(of, bytes(64)))


def test_a_preview_is_small_whatever_the_photo_is(tmp_path: Path) -> None:
    noise = Image.effect_noise((2000, 1500), 200).convert("RGB")
    path = stored(tmp_path, noise, quality=98)

    assert len(preview_at(path)) <= MOST_BYTES


def test_other_metadata_alone_are_no_other_photo(coffee: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.jpg"
    bytes_ = coffee.read_bytes()
    again.write_bytes(bytes_[:2] + b"\xff\xfe\x00\x07hello" + bytes_[2:])

    assert is_shown(again, coffee)


def test_a_copy_half_as_large_is_recognized(coffee: Path, tmp_path: Path) -> None:
    image = Image.open(coffee)

    assert is_shown(stored(tmp_path, image.resize((image.width // 2, image.height // 2))), coffee)


def test_a_larger_copy_is_the_better_photo_and_did_not_return(coffee: Path, tmp_path: Path) -> None:
    image = Image.open(coffee)
    small = stored(tmp_path, image.resize((image.width // 2, image.height // 2)), "small.jpg")

    assert not is_shown(coffee, small)


@pytest.mark.parametrize("change", [ImageOps.grayscale, lambda image: image.crop((0, 0, 400, 300))])
def test_what_was_edited_did_not_return(coffee: Path, tmp_path: Path, change) -> None:
    assert not is_shown(stored(tmp_path, change(Image.open(coffee))), coffee)


def test_another_photo_is_not_recognized(coffee: Path, tmp_path: Path) -> None:
    assert not is_shown(stored(tmp_path, Image.fromarray(data.chelsea())), coffee)


def test_a_match_by_a_preview_says_so_and_which_is_smaller(coffee: Path, tmp_path: Path) -> None:
    image = Image.open(coffee)
    small = stored(tmp_path, image.resize((image.width // 2, image.height // 2)))

    match = compare_kept(small, Path("/away/coffee.jpg"), preview_at(coffee), read_metadata(coffee))

    assert (match.relation, match.certainty) == (Relation.RENDITION, Certainty.VERIFIED)
    assert match.direction is Direction.FILE_FROM_OTHER
    assert KEPT_PREVIEW in match.evidence


def test_lossless_pictures_of_one_size_are_never_verified_by_a_preview(tmp_path: Path) -> None:
    first = stored(tmp_path, Image.fromarray(data.coffee()), "first.png")
    brighter = Image.fromarray(data.coffee()).point(lambda value: min(255, value + 1))
    second = stored(tmp_path, brighter, "second.png")

    match = compare_kept(first, second, preview_at(second), read_metadata(second))

    assert match.certainty is Certainty.SUSPECTED
