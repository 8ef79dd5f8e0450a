"""What belongs to a photo by its name: the conventions of the programs that write such files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.act import Photos, companions_of, is_pair
from pictrace.act.belonging import owners_of, renamed
from pictrace.model.names import is_photo_name

LONG = "a-photo-with-a-name-that-is-longer-than-what-google-writes"


def told(photo: str, *names: str) -> dict[str, str]:
    """Return what belongs to a photo, by name; with `+` where it belongs to another one as well."""
    found = companions_of(Path("/somewhere") / photo, [photo, *names])
    return {one.name: one.belonging.value + ("+" if one.others else "") for one in found}


@pytest.mark.parametrize(
    ("photo", "companion", "belonging"),
    [
        ("a.jpg", "a.jpg.xmp", "sidecar"),
        ("a.jpg", "a.jpg.XMP", "sidecar"),
        ("a.jpg", "a.xmp", "sidecar"),
        ("a.jpg", "a_01.jpg.xmp", "sidecar"),
        ("a.nef", "a.nef.pp3", "sidecar"),
        ("a.nef", "a.nef.dop", "sidecar"),
        ("a.nef", "a.nef.dtdata", "sidecar"),
        ("IMG_1234.HEIC", "IMG_1234.AAE", "edit"),
        ("IMG_1234.HEIC", "IMG_O1234.AAE", "edit"),
        ("IMG_1234.HEIC", "IMG_E1234.aae", "edit"),
        ("IMG_E1234.HEIC", "IMG_1234.AAE", "edit"),
        ("IMG_1234.HEIC", "IMG_1234.MOV", "live-video"),
        ("a.heic", "a.mp4", "live-video"),
        ("PXL_1.MP.jpg", "PXL_1.MP", "live-video"),
        ("PXL_1.jpg", "PXL_1.MP", "live-video"),
        ("a.jpg", "a.jpg_original", "original"),
        ("a.jpg", "a.jpg.json", "takeout"),
        ("a.jpg", "a.jpg.supplemental-metadata.json", "takeout"),
        ("a.jpg", "a.jpg.supplemental-meta.json", "takeout"),
        ("a.jpg", "a.jpg.s.json", "takeout"),
        ("a.jpg", "a.jpg..json", "takeout"),
        ("a(1).jpg", "a.jpg(1).json", "takeout"),
        ("a(1).jpg", "a.jpg.supplemental-metadata(1).json", "takeout"),
        (f"{LONG[:47]}.jpg", f"{LONG[:46]}.json", "takeout"),
        ("a-edited.jpg", "a.jpg.json", "takeout"),
        ("a-edited(1).jpg", "a.jpg(1).json", "takeout"),
        ("a-effects.jpg", "a.jpg.json", "takeout"),
        ("a-編集済み.jpg", "a.jpg.json", "takeout"),
        ("a.cr2", "a.jpg", "pair"),
        ("a.jpg", "a.cr2", "pair"),
        ("a.heic", "a.dng", "pair"),
        ("a.heic", "a.jpg", "pair"),
    ],
)
def test_a_companion_is_known_by_its_name(photo, companion, belonging) -> None:
    assert told(photo, companion, "other.jpg", "other.jpg.xmp") == {companion: belonging}


@pytest.mark.parametrize(
    ("photo", "stranger"),
    [
        ("a.jpg", "ab.jpg.xmp"),
        ("a.jpg", "a(1).jpg"),
        ("a.jpg", "a.jpg(1).json"),
        ("a.jpg", "a.png"),
        ("a.jpg", "a.txt"),
        ("a.jpg", "metadata.json"),
        ("a.jpg", "a.jpg.notes.json"),
        ("a.jpg", "a.tiff"),
        ("a.nef", "a.cr2"),
        ("IMG_1234.HEIC", "IMG_12345.MOV"),
        ("IMG_1234.HEIC", "MVI_1234.MOV"),
    ],
)
def test_what_only_looks_alike_does_not_belong(photo, stranger) -> None:
    assert told(photo, stranger) == {}


def test_the_nearest_photo_owns_what_several_could() -> None:
    names = [
        "a.jpg",
        "a_01.jpg",
        "a_01.jpg.xmp",
        "a-edited.jpg",
        "a.jpg.json",
        "IMG_1.HEIC",
        "IMG_E1.HEIC",
        "IMG_1.AAE",
    ]

    assert owners_of("a_01.jpg.xmp", Photos(names)) == ["a_01.jpg"]
    assert owners_of("a.jpg.json", Photos(names)) == ["a.jpg"]
    assert owners_of("IMG_1.AAE", Photos(names)) == ["IMG_1.HEIC"]


def test_what_is_named_after_the_stem_belongs_to_every_photo_of_it() -> None:
    assert told("a.jpg", "a.png", "a.xmp", "a.mov", "a.jpg.xmp") == {
        "a.jpg.xmp": "sidecar",
        "a.mov": "live-video+",
        "a.xmp": "sidecar+",
    }


def test_a_pair_has_one_stem_and_two_sorts_of_format() -> None:
    assert is_pair("a.CR3", "a.jpeg")
    assert not is_pair("a.jpg", "a.jpeg")
    assert not is_pair("a.cr3", "b.jpg")
    assert not is_pair("a.jpg", "a.jpg")


@pytest.mark.parametrize(
    ("photo", "companion", "new_photo", "expected"),
    [
        ("a.jpg", "a.jpg.xmp", "a~2.jpg", "a~2.jpg.xmp"),
        ("a.jpg", "a.xmp", "0f-a.jpg", "0f-a.xmp"),
        ("a.jpg", "a_01.jpg.xmp", "a~2.jpg", "a~2_01.jpg.xmp"),
        ("a.heic", "a.jpg", "a~2.heic", "a~2.jpg"),
        ("IMG_1.HEIC", "IMG_O1.AAE", "0f-IMG_1.HEIC", "0f-IMG_O1.AAE"),
        ("IMG_1.HEIC", "IMG_O1.AAE", "IMG_1~2.HEIC", "IMG_O1~2.AAE"),
        ("IMG_E1.HEIC", "IMG_1.AAE", "IMG_E1~2.HEIC", "IMG_1~2.AAE"),
        ("a(1).jpg", "a.jpg(1).json", "a(1)~2.jpg", "a(1)~2.jpg.json"),
        ("a(1).jpg", "a.jpg.supplemental-meta(1).json", "x.jpg", "x.jpg.supplemental-meta.json"),
        ("PXL_1.MP.jpg", "PXL_1.MP", "PXL_1.MP~2.jpg", "PXL_1.MP~2"),
        ("a.heic", "xyz.mov", "a~2.heic", "a~2.xyz.mov"),
        ("a.jpg", "a.jpg(weird", "a.jpg", "a.jpg(weird"),
    ],
)
def test_a_companion_takes_the_new_name_of_its_photo(photo, companion, new_photo, expected) -> None:
    assert renamed(companion, photo, new_photo) == expected


def test_companions_of_one_photo_never_get_one_name() -> None:
    names = ["a.jpg.xmp", "a.xmp", "a_01.jpg.xmp", "a.aae", "a.mov", "a.mp4", "a.jpg.json", "a.jpg_original", "a.cr2"]

    for new_photo in ("a~2.jpg", "0f-a.jpg", "x.jpg"):
        assert len({renamed(name, "a.jpg", new_photo) for name in names}) == len(names)


def test_no_companion_but_the_other_photo_of_a_pair_is_watched_as_a_photo() -> None:
    names = ["a.jpg.xmp", "a.xmp", "a.pp3", "a.dop", "a.dtdata", "a.aae", "a.json", "a.jpg_original"]
    names += ["a.mov", "a.MP4", "a.m4v", "a.MP"]

    assert [name for name in names if is_photo_name(name)] == []
