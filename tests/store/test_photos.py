from __future__ import annotations

from dataclasses import replace

import pytest

from pictrace.model import Fingerprint, Metadata, Photo, PhotoState
from pictrace.store import Index


def test_a_photo_is_read_back_as_it_was(index: Index, values) -> None:
    photo = values.photo(pixel_hash=b"pp")
    photo = replace(photo, fingerprint=replace(photo.fingerprint, preview=b"small"))

    photo_id = index.photos.put_photo(photo)

    assert index.photos.photo(b"h1") == photo
    assert index.photos.photo_by_id(photo_id) == photo
    assert index.photos.photo_id(b"h1") == photo_id


def test_an_undecodable_photo_is_read_back_with_its_reason(index: Index, values) -> None:
    photo = values.photo(state=PhotoState.UNDECODABLE, reason="truncated: a\udcff.jpg", metadata=None, fingerprint=None)

    index.photos.put_photo(photo)

    assert index.photos.photo(b"h1") == replace(photo, reason="truncated: a\\udcff.jpg")


def test_nothing_is_known_of_an_unknown_photo(index: Index) -> None:
    assert index.photos.photo(b"h1") is None
    assert index.photos.photo_by_id(1) is None
    assert index.photos.photo_id(b"h1") is None
    assert index.photos.judged_version(b"h1") is None


def test_every_field_of_the_metadata_is_stored(index: Index, values) -> None:
    metadata = Metadata(
        width_pixels=1,
        height_pixels=2,
        format="heic",
        orientation=6,
        is_lossless=True,
        jpeg_quality=90,
        frames=3,
        camera="c\udcff",
        captured_at="2024-01-01T00:00:00.123+02:00",
        has_gps=True,
        rating=5,
        has_caption=True,
        software="s",
        fields=7,
    )

    index.photos.put_photo(values.photo(metadata=metadata))

    assert index.photos.photo(b"h1").metadata == metadata


def test_without_parts_the_large_ones_are_left_out(index: Index, values) -> None:
    photo = values.photo()
    index.photos.put_photo(photo)

    read = index.photos.photo(b"h1", with_parts=False)

    assert read == replace(photo, fingerprint=replace(photo.fingerprint, keypoints=b"", descriptors=b""))


def test_putting_again_keeps_the_id_and_the_pixel_hash(index: Index, values) -> None:
    first = index.photos.put_photo(values.photo(pixel_hash=b"pp"))
    newer = values.photo(fingerprint=replace(values.photo().fingerprint, descriptors=b"new", versions={"orb": 3}))

    second = index.photos.put_photo(newer)

    assert second == first
    assert index.photos.photo(b"h1") == replace(newer, pixel_hash=b"pp")


def test_a_photo_stays_judged_until_its_hashes_change(index: Index, values) -> None:
    photo = values.photo()
    index.photos.put_photo(photo)
    index.photos.set_judged(b"h1", 3)

    index.photos.put_photo(photo)
    same = index.photos.judged_version(b"h1")
    index.photos.put_photo(replace(photo, fingerprint=replace(photo.fingerprint, phashes=bytes(64))))

    assert (same, index.photos.judged_version(b"h1")) == (3, None)


def test_a_photo_that_cannot_be_decoded_any_more_loses_its_fingerprint(index: Index, values) -> None:
    index.photos.put_photo(values.photo())

    index.photos.put_photo(values.photo(state=PhotoState.UNDECODABLE, reason="r", metadata=None, fingerprint=None))

    assert list(index.entries.all(1)) == []
    assert index.photos.photo(b"h1").fingerprint is None


def test_fingerprints_come_in_the_order_of_the_ids(index: Index, values) -> None:
    ids = [index.photos.put_photo(values.photo(name)) for name in (b"h9", b"h1", b"h5")]
    index.photos.put_photo(values.photo(b"h0", state=PhotoState.UNDECODABLE, metadata=None, fingerprint=None))

    found = list(index.entries.all(1))

    assert found == [(photo_id, bytes(range(64)), b"") for photo_id in ids]


def test_entries_come_with_the_fingerprints_if_they_are_of_the_version_asked_for(index: Index, values) -> None:
    for number in (1, 2, 3):
        index.photos.put_photo(values.photo(b"h%d" % number))
    index.entries.put(b"h1", b"old", 1)
    index.entries.put(b"h2", b"new", 2)

    found = [entries for _, _, entries in index.entries.all(2)]

    assert found == [b"", b"new", b""]
    assert [index.entries.version(b"h%d" % number) for number in (1, 2, 3, 4)] == [1, 2, None, None]


def test_entries_are_replaced(index: Index, values) -> None:
    index.photos.put_photo(values.photo())
    index.entries.put(b"h1", b"old", 1)

    index.entries.put(b"h1", b"new", 2)

    assert [entries for _, _, entries in index.entries.all(2)] == [b"new"]


def test_entries_go_with_the_features_they_were_computed_from(index: Index, values) -> None:
    index.photos.put_photo(values.photo())
    index.entries.put(b"h1", b"entries", 1)

    index.photos.put_photo(values.photo())

    assert index.entries.version(b"h1") is None


def test_entries_go_with_the_photo(index: Index, values) -> None:
    index.photos.put_photo(values.photo())
    index.entries.put(b"h1", b"entries", 1)

    index.prune(0.0)
    index.prune(1e9)

    assert index._connection.value("SELECT COUNT(*) FROM entries") == 0


def test_a_photo_with_features_of_another_version_is_to_be_judged_again(index: Index, values) -> None:
    photo = values.photo()
    index.photos.put_photo(photo)
    index.photos.set_judged(b"h1", 3)

    index.photos.put_photo(replace(photo, fingerprint=replace(photo.fingerprint, versions={"phash": 1, "orb": 3})))

    assert index.photos.judged_version(b"h1") is None


def test_ids_are_never_used_twice(index: Index, values) -> None:
    first = index.photos.put_photo(values.photo(b"h1"))
    index.prune(0.0)
    index.prune(1e9)

    assert index.photos.put_photo(values.photo(b"h2")) > first


def test_an_empty_fingerprint_is_still_one(index: Index) -> None:
    photo = Photo(
        content_hash=b"h1",
        size_bytes=0,
        state=PhotoState.DECODED,
        fingerprint=Fingerprint(phashes=b"", keypoints=b"", descriptors=b"", detail=0.0, versions={}),
    )

    index.photos.put_photo(photo)

    assert index.photos.photo(b"h1") == photo


def test_an_unknown_id_is_an_error_where_one_is_required(index: Index) -> None:
    with pytest.raises(LookupError, match="6831"):
        index.photos.require_id(b"h1")
