from __future__ import annotations

import dataclasses
import os
import pickle
import random

import pytest
from PIL import Image

from pictrace.errors import ChangedError, UnreadableError
from pictrace.fingerprint import describe, describe_and_ask, features_of, hash_file, is_current
from pictrace.model import PhotoState


def described(path):
    return describe(path, *hash_file(path))


def test_a_photo_is_described_whole(photo):
    path = photo("a.jpg", seed=9)

    known = described(path)

    assert known.state is PhotoState.DECODED
    assert known.content_hash == hash_file(path)[0]
    assert known.size_bytes == path.stat().st_size
    assert (known.metadata.width_pixels, known.metadata.height_pixels) == (320, 240)
    assert len(known.fingerprint.phashes) == 64
    assert known.fingerprint.keypoints
    assert known.fingerprint.detail == 1
    assert known.reason is None
    assert is_current(known)


def test_a_photo_can_be_sent_between_processes(photo):
    known = described(photo("a.jpg"))

    assert pickle.loads(pickle.dumps(known)) == known


def test_a_photo_is_described_with_what_it_asks_from_one_decoding(photo):
    path = photo("a.jpg", seed=9)

    known = describe_and_ask(path, *hash_file(path))

    assert known.photo == described(path)
    assert known.features.keypoints == known.photo.fingerprint.keypoints
    assert known.features.mirrored_descriptors
    assert pickle.loads(pickle.dumps(known)) == known


def test_what_a_photo_asks_is_computed_again_from_its_file(photo):
    path = photo("a.jpg", seed=9)
    known = describe_and_ask(path, *hash_file(path))

    assert features_of(path, known.photo.fingerprint) == known.features
    deep = features_of(path, known.photo.fingerprint, is_deep=True)
    assert len(deep.descriptors) > len(known.features.descriptors)


def test_a_broken_picture_asks_nothing(tmp_path):
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 and no more")

    known = describe_and_ask(path, *hash_file(path))

    assert known.photo.state is PhotoState.UNDECODABLE
    assert known.features is None


def test_a_fingerprint_of_another_version_is_not_current(photo):
    known = described(photo("a.jpg"))
    old = dataclasses.replace(known.fingerprint, versions=known.fingerprint.versions | {"orb": 0})

    assert not is_current(dataclasses.replace(known, fingerprint=old))


def test_a_broken_picture_is_a_photo_with_a_reason(tmp_path):
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 and no more")

    known = described(path)

    assert known.state is PhotoState.UNDECODABLE
    assert known.reason
    assert "\n" not in known.reason
    assert known.fingerprint is None
    assert known.metadata is None


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (2, 2), (33, 17), (40, 40)])
def test_odd_sizes_are_described(tmp_path, size):
    Image.new("RGB", size, (9, 80, 7)).save(tmp_path / "odd.png")

    known = described(tmp_path / "odd.png")

    assert known.state is PhotoState.DECODED
    assert (known.metadata.width_pixels, known.metadata.height_pixels) == size


def test_a_file_that_changed_since_it_was_hashed_is_not_described(photo):
    path = photo("a.jpg", seed=1)
    content_hash, key = hash_file(path)
    photo("a.jpg", seed=2)

    with pytest.raises(ChangedError):
        describe(path, content_hash, key)


def test_a_broken_file_that_changed_is_not_called_broken(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    content_hash, key = hash_file(path)
    path.write_bytes(b"\xff\xd8\xff\xe0 more of it")

    with pytest.raises(ChangedError):
        describe(path, content_hash, key)


def test_a_file_that_is_gone_is_not_called_broken(photo):
    path = photo("a.jpg")
    content_hash, key = hash_file(path)
    path.unlink()

    with pytest.raises((ChangedError, UnreadableError)):
        describe(path, content_hash, key)


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp", "avif", "heic", "gif", "bmp"])
def test_mutated_files_never_raise(tmp_path, photo, suffix):
    chance = random.Random(suffix)
    whole = photo(f"whole.{suffix}", size=(64, 48)).read_bytes()
    path = tmp_path / f"mutated.{suffix}"
    for _ in range(60):
        mutated = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            mutated[chance.randrange(min(len(mutated), chance.choice((100, 600, 10**6))))] = chance.randrange(256)
        path.write_bytes(mutated[: chance.choice((len(mutated), chance.randrange(1, len(mutated))))])

        known = described(path)

        assert known.state is PhotoState.DECODED or known.reason


def test_names_that_are_no_text_are_described(photo, tmp_path):
    path = photo("a.jpg").rename(tmp_path / os.fsdecode(b"caf\xe9\n\xff.jpg"))

    assert described(path).state is PhotoState.DECODED
