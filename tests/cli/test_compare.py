"""``pictrace compare``: one finding whatever the outcome, and an exit code that scripts can use."""

import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

Run = Callable[..., Any]
Photo = Callable[..., Path]


@pytest.fixture
def pair(known: Any) -> tuple[Path, Path]:
    """Return a photo and its mirrored copy."""
    return known.library / "original.jpg", known.library / "mirrored.jpg"


def test_a_copy_gives_zero(pair: tuple[Path, Path], state: Path, pictrace: Run) -> None:
    ran = pictrace("compare", *pair)

    assert ran.code == 0
    assert "mirrored.jpg is an edited copy of original.jpg." in ran.out
    assert not state.exists()


def test_what_is_no_copy_gives_one_and_is_told_all_the_same(pair: tuple[Path, Path], pictrace: Run) -> None:
    ran = pictrace("compare", pair[0], pair[0].with_name("else.jpg"), "--json")

    assert ran.code == 1
    assert json.loads(ran.out)["relation"] == "unrelated"


def test_what_is_unrelated_claims_nothing_in_its_first_line(pictrace: Run, photo: Photo, tmp_path: Path) -> None:
    other = tmp_path / "other.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (300, 200, 3)).astype(np.uint8)).save(other)

    told = pictrace("compare", photo("a.jpg"), other)

    assert told.code == 1
    assert told.out.splitlines()[0].split() == ["unrelated", str(tmp_path / "a.jpg"), "and", str(other)]


def test_the_order_changes_only_file_other_and_direction(pair: tuple[Path, Path], pictrace: Run) -> None:
    forth, back = (json.loads(pictrace("compare", *files, "--json").out) for files in (pair, pair[::-1]))

    same = ("relation", "certainty", "similarity", "edits")
    assert [forth[name] for name in same] == [back[name] for name in same]
    assert {forth["direction"], back["direction"]} == {"file-from-other", "other-from-file"}


def test_what_is_no_picture_gives_two(pair: tuple[Path, Path], pictrace: Run) -> None:
    ran = pictrace("compare", pair[0], pair[0].with_name("broken.jpg"))

    assert ran.code == 2
    assert "broken.jpg" in ran.err


def test_what_is_no_picture_is_told_to_programs_too(pair: tuple[Path, Path], pictrace: Run) -> None:
    ran = pictrace("compare", pair[0], pair[0].with_name("broken.jpg"), "--json")

    (event,) = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.code, event["event"]) == (2, "unreadable")
    assert event["file"].endswith("broken.jpg")
    assert event["error"]


def test_hashes_of_bytes_are_told_and_those_of_pixels_where_they_prove_it(
    pair: tuple[Path, Path], tmp_path: Path, pictrace: Run
) -> None:
    (tmp_path / "same.jpg").write_bytes(pair[0].read_bytes())
    with Image.open(pair[0]) as image:
        image.save(tmp_path / "pixels.png")

    same, pixels, other = (
        json.loads(pictrace("compare", pair[0], file, "--json").out)
        for file in (tmp_path / "same.jpg", tmp_path / "pixels.png", pair[1])
    )

    digest = hashlib.sha256(pair[0].read_bytes()).hexdigest()
    assert same["sha256"] == {"file": digest, "other": digest}
    assert pixels["sha256"]["other"] != digest == pixels["sha256"]["file"]
    assert pixels["pixel_hash"]["file"] == pixels["pixel_hash"]["other"]
    assert "pixel_hash" not in other


def test_a_copy_that_is_suspected_only_gives_one(tmp_path: Path, pictrace: Run) -> None:
    for name, dots in (("blank", 0), ("dotted", 3)):
        page = np.full((300, 400, 3), 255, np.uint8)
        page[:dots, :dots] = 0
        Image.fromarray(page).save(tmp_path / f"{name}.png")

    ran = pictrace("compare", tmp_path / "blank.png", tmp_path / "dotted.png", "--json")

    assert json.loads(ran.out)["certainty"] == "suspected"
    assert ran.code == 1


def test_a_link_that_a_person_names_is_followed(pair: tuple[Path, Path], tmp_path: Path, pictrace: Run) -> None:
    (tmp_path / "link.jpg").symlink_to(pair[0])

    assert pictrace("compare", tmp_path / "link.jpg", pair[1]).code == 0


def test_methods_are_told_after_its_own_answer(pictrace: Run, photo: Photo) -> None:
    first, second = photo("a.jpg"), photo("b.jpg", seed=3)

    ran = pictrace("compare", first, second, "--method", "ssim,phash", "--json")

    finding, *methods = map(json.loads, ran.out.splitlines())
    assert (finding["event"], finding["relation"], ran.code) == ("finding", "unrelated", 1)
    assert [(one["event"], one["method"], one["closer"]) for one in methods] == [
        ("method", "ssim", "higher"),
        ("method", "phash", "lower"),
    ]
    assert all(one["value"] is not None and one["milliseconds"] >= 0 for one in methods)


def test_a_wrong_method_is_refused_with_those_known(pictrace: Run, photo: Photo) -> None:
    ran = pictrace("compare", photo("a.jpg"), photo("b.jpg"), "--method", "shim")

    assert (ran.code, ran.out) == (2, "")
    assert "there is no method shim: expected ssim" in ran.err


@pytest.mark.parametrize("names", ["", " ", ","])
def test_no_method_at_all_is_refused_too(pictrace: Run, photo: Photo, names: str) -> None:
    ran = pictrace("compare", photo("a.jpg"), photo("b.jpg"), "--method", names)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "pictrace: --method: expected the names of methods, or all, found none\n"


def test_a_method_for_the_record_tells_its_parts_and_never_decides(pictrace: Run, photo: Photo) -> None:
    asked = ("compare", photo("a.jpg"), photo("b.jpg", seed=3), "--method", "seed-v1", "--size", "256")

    method = json.loads(pictrace(*asked, "--json").out.splitlines()[1])
    table = pictrace(*asked).out

    details = method["details"]
    assert details["mean"] == pytest.approx(sum(details[part] for part in ("feature", "ssim", "hist")) / 3, abs=1e-9)
    assert (method["record_only"], method["verdict"]) == (True, None)
    assert "record only, never decides" in table


def test_what_a_method_cannot_tell_is_no_score(pictrace: Run, photo: Photo, tmp_path: Path) -> None:
    flat = tmp_path / "flat.png"
    Image.new("RGB", (320, 240), (90, 120, 150)).save(flat)
    asked = ("compare", flat, photo("a.jpg"), "--method", "orb")

    method = json.loads(pictrace(*asked, "--json").out.splitlines()[1])

    assert method["value"] is None
    assert "too little detail" in method["error"]
    assert "cannot tell: too little detail" in pictrace(*asked).out


@pytest.mark.parametrize("size", ["0", "31", "1025", "big", "-5"])
def test_a_size_beyond_sense_is_refused(pictrace: Run, photo: Photo, size: str) -> None:
    ran = pictrace("compare", photo("a.jpg"), photo("b.jpg"), "--method", "ssim", f"--size={size}")

    assert ran.code == 2
    assert f"--size {size}: expected auto, or 32 to 1024 pixels" in ran.err


def test_the_parts_of_ssim_are_told_where_asked(pictrace: Run, photo: Photo) -> None:
    first, second = photo("a.jpg"), photo("b.jpg", seed=3)

    ran = pictrace("compare", first, second, "--method", "ssim", "--parts", "--json")

    method = json.loads(ran.out.splitlines()[1])
    assert math.prod(method["details"].values()) == pytest.approx(method["value"], abs=1e-6)
    assert "luminance" in pictrace("compare", first, second, "--method", "all", "--parts").out


@pytest.mark.parametrize("methods", [(), ("--method", "phash")])
def test_parts_of_a_method_that_is_not_asked_for_are_refused(
    pictrace: Run, photo: Photo, methods: tuple[str, ...]
) -> None:
    ran = pictrace("compare", photo("a.jpg"), photo("b.jpg"), *methods, "--parts")

    assert (ran.code, ran.out) == (2, "")
    assert "--parts: expected it with --method ssim" in ran.err
