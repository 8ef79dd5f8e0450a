"""What is said of a copy is true of its pixels, and the same photo gives the same copy."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pictrace.bench.copies import ATTACKS, FAMILIES, Made, groups_in, make, making, originals_in
from pictrace.errors import PhotoError, UsageError
from pictrace.fingerprint import WorkerPool

Photo = Callable[..., Path]
_SEED_COUNTS = {
    "reencode": 4,
    "resize": 4,
    "crop": 4,
    "rotate": 4,
    "mirror": 2,
    "colour": 5,
    "overlay": 4,
    "collage": 2,
}


@pytest.fixture
def four(photo: Photo) -> tuple[Path, ...]:
    """Return four photos of different scenes."""
    return tuple(photo(f"{name}.jpg", seed=seed) for seed, name in enumerate("abcd", start=1))


def pixels(data: bytes | Path) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data) if isinstance(data, bytes) else data) as image:
        return np.asarray(image.convert("RGB"))


def seen_through(made: Made, original: NDArray[np.uint8]) -> float:
    """Return by how many levels a copy differs from what its homography says it shows."""
    copy = pixels(made.data)
    size = copy.shape[1], copy.shape[0]
    matrix = np.array(made.truth.to_original)
    how = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
    shown = cv2.warpPerspective(original, matrix, size, flags=how).astype(int)
    inside = cv2.warpPerspective(np.full(original.shape[:2], 255, np.uint8), matrix, size, flags=how) == 255
    left, top, right, bottom = (round(edge) for edge in np.array(made.truth.place) * np.tile(size, 2))
    inside[: top + 3], inside[bottom - 3 :], inside[:, : left + 3], inside[:, right - 3 :] = (False,) * 4
    assert inside.any()
    return float(np.abs(shown - copy)[inside].mean())


def test_the_attacks_are_those_of_the_earlier_measurements() -> None:
    assert {family: len(attacks) for family, attacks in FAMILIES.items()} == _SEED_COUNTS
    assert len({attack.name for attack in ATTACKS}) == 29


@pytest.mark.parametrize(
    "name",
    [attack.name for attack in ATTACKS if attack.family not in ("colour", "reencode") and "water" not in attack.name],
)
def test_each_pixel_of_a_copy_comes_from_where_the_truth_says(name: str, four: tuple[Path, ...]) -> None:
    made = make(four[0], name, four[1:])

    assert seen_through(made, pixels(four[0])) < 9


def test_a_wrong_homography_would_be_noticed(four: tuple[Path, ...]) -> None:
    straight, mirrored = (make(four[0], name, four[1:]) for name in ("reencode.jpeg75", "mirror.h"))

    assert seen_through(Made(data=mirrored.data, truth=straight.truth, is_slight=False), pixels(four[0])) > 20


@pytest.mark.parametrize("percent", [10, 25, 50, 75])
def test_the_box_of_a_crop_is_what_was_cut_out(percent: int, four: tuple[Path, ...]) -> None:
    made = make(four[0], f"crop.{percent}", four[1:])
    original = pixels(four[0])
    left, top, right, bottom = (round(edge) for edge in np.array(made.truth.box) * np.tile(original.shape[1::-1], 2))

    assert made.truth.kept == pytest.approx(1 - percent / 100, abs=0.01)
    assert np.abs(pixels(made.data).astype(int) - original[top:bottom, left:right]).mean() < 4


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_same_photo_gives_the_same_bytes(attack: object, four: tuple[Path, ...]) -> None:
    assert make(four[0], attack.name, four[1:]) == make(four[0], attack.name, four[1:])  # type: ignore[attr-defined]


def test_a_squashed_copy_is_a_square_of_the_shorter_side(four: tuple[Path, ...]) -> None:
    assert make(four[0], "resize.square", ()).truth.copy_size == (240, 240)


def test_the_levels_are_those_that_the_name_of_an_edit_means(four: tuple[Path, ...]) -> None:
    original = pixels(four[0]).astype(int)
    inner = original < 200

    lighter = pixels(make(four[0], "colour.lighter", ()).data).astype(int)
    gray = pixels(make(four[0], "colour.gray", ()).data).astype(int)

    assert (lighter - original)[inner].mean() == pytest.approx(40, abs=1)
    assert np.ptp(gray, axis=2).max() <= 2


def test_gray_of_a_gray_photo_is_slight_and_may_be_called_either(tmp_path: Path, four: tuple[Path, ...]) -> None:
    with Image.open(four[0]) as image:
        image.convert("L").save(tmp_path / "gray.jpg", quality=95)

    of_gray, of_color = (make(path, "colour.gray", ()) for path in (tmp_path / "gray.jpg", four[0]))

    assert (of_gray.is_slight, of_color.is_slight) == (True, False)
    assert set(of_gray.truth.relations) == {"rendition", "edited"}


def test_a_copy_of_a_very_large_photo_is_measured_by_the_full_one(tmp_path: Path) -> None:
    Image.fromarray(np.random.default_rng(3).integers(0, 255, (40, 8192, 3), np.uint8)).save(tmp_path / "wide.png")

    made = make(tmp_path / "wide.png", "reencode.jpeg75", ())

    assert made.truth.copy_size == (4096, 20)
    assert made.truth.scale == pytest.approx(0.5)


def test_a_copy_lies_in_the_folder_under_its_name_with_what_else_it_shows(
    tmp_path: Path, four: tuple[Path, ...]
) -> None:
    (tmp_path / "made").mkdir()
    pool = WorkerPool(1)
    try:
        copies = [making(pool, tmp_path / "made", four[0], four[1:], attack) for attack in FAMILIES["collage"]]
        broken = tmp_path / "broken.jpg"
        broken.write_bytes(b"\xff\xd8 no picture")
        with pytest.raises(PhotoError, match="broken"):
            making(pool, tmp_path / "made", broken, four, ATTACKS[0])
    finally:
        pool.close()

    assert [copy.path.name for copy in copies] == ["a.collage.1x2.jpg", "a.collage.2x2.jpg"]
    assert [len(copy.others) for copy in copies] == [1, 3]
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["a.collage.1x2.jpg", "a.collage.2x2.jpg"]


def test_what_was_made_of_a_photo_is_no_original(tmp_path: Path, photo: Photo) -> None:
    for name in ("a.jpg", "a.crop.50.jpg", "a.copy.jpg", "b.c.jpg", "d.webp", ".hidden.jpg", "sub/e.jpg"):
        photo(name)
    (tmp_path / "groups.csv").write_text("file,group\n")

    assert [path.name for path in originals_in(tmp_path)] == ["a.jpg", "b.c.jpg", "d.webp"]


def test_groups_are_subfolders_or_what_the_table_says(tmp_path: Path, photo: Photo) -> None:
    for name in ("x/1.jpg", "x/2.jpg", "alone/1.jpg", "p.jpg", "q.jpg"):
        photo(name)

    by_folder = groups_in(tmp_path)
    (tmp_path / "groups.csv").write_text("file,group,kind\nq.jpg,g,burst\np.jpg,g,burst\n")
    by_table = groups_in(tmp_path)

    assert [(group.name, [file.name for file in group.files]) for group in by_folder] == [("x", ["1.jpg", "2.jpg"])]
    assert [(group.name, group.kind, [file.name for file in group.files]) for group in by_table] == [
        ("g", "burst", ["q.jpg", "p.jpg"])
    ]


def test_a_table_of_groups_that_names_no_file_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text("file,group\nnone.jpg,g\n")

    with pytest.raises(UsageError, match=r"groups\.csv:2: .*none\.jpg"):
        groups_in(tmp_path)
