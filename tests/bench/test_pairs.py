"""What is true of each pair of files, and which pairs are measured."""

from __future__ import annotations

import itertools
from pathlib import Path

from pictrace.bench.copies import ATTACKS
from pictrace.bench.pairs import Kind, Material, Shown, chunks_of, sampled
from pictrace.errors import UndecodableError

A, B, C = Path("a.jpg"), Path("b.jpg"), Path("c.jpg")
COLLAGE = next(attack for attack in ATTACKS if attack.family == "collage")
CROP = next(attack for attack in ATTACKS if attack.family == "crop")


def name_of(photo: Path) -> bytes:
    """Return what no other photo has."""
    return photo.name.encode()


def material() -> Material:
    files = {photo: Shown(original=photo) for photo in (A, B, C)}
    files[Path("a.crop.jpg")] = Shown(original=A, attack=CROP)
    files[Path("a.collage.jpg")] = Shown(original=A, attack=COLLAGE, others=frozenset({B}))
    files[Path("a.equal.jpg")] = Shown(original=A, is_equal=True)
    return Material(originals=(A, B, C), files=files, related={frozenset((B, C)): Kind.SERIES})


def test_a_copy_is_one_of_its_original_alone() -> None:
    truth = material()

    assert truth.kind(Path("a.crop.jpg"), A) is Kind.COPY
    assert truth.kind(Path("a.crop.jpg"), B) is Kind.DIFFERENT
    assert truth.kind(Path("a.equal.jpg"), A) is Kind.EQUAL
    assert truth.kind(A, A) is None


def test_a_collage_is_no_different_photo_from_any_that_it_shows() -> None:
    truth = material()

    assert truth.kind(Path("a.collage.jpg"), B) is None
    assert truth.kind(B, Path("a.collage.jpg")) is None
    assert truth.kind(Path("a.collage.jpg"), C) is Kind.DIFFERENT


def test_photos_of_a_series_are_told_from_different_ones() -> None:
    assert material().kind(C, B) is Kind.SERIES


def test_every_copy_meets_its_original_and_every_two_photos_meet() -> None:
    truth = material()
    met = {frozenset(pair) for chunk in chunks_of(truth) for pair in itertools.product(chunk.rows, chunk.columns)}

    assert {frozenset((path, shown.original)) for path, shown in truth.files.items() if path != shown.original} <= met
    assert {frozenset(pair) for pair in itertools.combinations((A, B, C), 2)} <= met


def test_a_sample_is_the_same_each_time_whatever_else_lies_there() -> None:
    photos = [Path(f"{number}.jpg") for number in range(40)]

    few = sampled(photos, 5, name_of)

    assert sampled(photos[::-1], 5, name_of) == few[::-1]
    assert set(sampled(few, 5, name_of)) == set(few)
    assert set(few) <= set(sampled(photos, 10, name_of))


def test_what_cannot_be_read_is_made_up_for_by_another_photo() -> None:
    photos = [Path(f"{number}.jpg") for number in range(9)]
    broken = sampled(photos, 3, name_of)

    def read(photo: Path) -> bytes:
        if photo in broken:
            raise UndecodableError(photo, "truncated")
        return name_of(photo)

    assert len(sampled(photos, 3, read)) == 3
    assert not set(broken) & set(sampled(photos, 9, read))


def test_of_equal_pictures_one_is_taken_and_of_untold_ones_each() -> None:
    photos = [Path(f"{number}.jpg") for number in range(6)]

    assert len(sampled(photos, 6, lambda photo: b"even" if int(photo.stem) % 2 == 0 else None)) == 4
