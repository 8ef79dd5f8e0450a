from __future__ import annotations

import numpy as np
import pytest

from pictrace.store import Index

ONE = np.array([1.5, -2.0], "<f4").tobytes()


def test_a_vector_is_read_back_by_its_version(index: Index, values) -> None:
    photo_id = index.photos.put_photo(values.photo())

    assert index.vectors.put(b"h1", ONE, 2**47 + 5) == photo_id

    assert index.vectors.vector(b"h1", 2**47 + 5) == ONE
    assert index.vectors.vector(b"h1", 6) is None
    assert list(index.vectors.all(2**47 + 5)) == [(photo_id, ONE)]
    assert list(index.vectors.all(6)) == []


def test_another_version_replaces_a_vector_and_nothing_else(index: Index, values) -> None:
    photo = values.photo()
    index.photos.put_photo(photo)
    index.vectors.put(b"h1", ONE, 1)

    index.vectors.put(b"h1", ONE[:4], 2)

    assert index.vectors.vector(b"h1", 1) is None
    assert index.vectors.vector(b"h1", 2) == ONE[:4]
    assert index.photos.photo(b"h1") == photo


def test_a_photo_with_another_vector_is_judged_again(index: Index, values) -> None:
    index.photos.put_photo(values.photo())
    index.photos.set_judged(b"h1", 9)

    index.vectors.put(b"h1", ONE, 1)

    assert index.photos.judged_version(b"h1") is None


def test_a_vector_stays_when_the_photo_is_described_anew_and_goes_with_it(index: Index, values) -> None:
    photo_id = index.photos.put_photo(values.photo())
    index.vectors.put(b"h1", ONE, 1)

    index.photos.put_photo(values.photo())
    assert index.vectors.vector(b"h1", 1) == ONE

    index._connection.execute("DELETE FROM photos WHERE id = ?", (photo_id,))
    assert list(index.vectors.all(1)) == []


def test_an_unknown_photo_has_no_place_for_a_vector(index: Index) -> None:
    with pytest.raises(LookupError):
        index.vectors.put(b"nobody", ONE, 1)
