"""Hashes with golden values, and workers that cost only themselves."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image

from pictrace.errors import ChangedError, UndecodableError, UnreadableError
from pictrace.fingerprint import WorkerPool, describe, hash_file, is_current, orb
from pictrace.fingerprint.hashes import ALL, phash
from pictrace.imaging import ORIENTATIONS, oriented
from pictrace.model import PhotoState

Photo = Callable[..., Path]


def gradient() -> np.ndarray:
    """Return an asymmetric picture that no library's random numbers go into."""
    y, x = np.mgrid[0:96, 0:128]
    return ((x * 3 + (y * y) // 16 + 60 * ((x // 24 + y // 31) % 2)) % 256).astype(np.uint8)


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.NAME)
def test_a_hash_is_a_stored_format(module) -> None:
    golden = {("phash", 1): "cac8091a7fb50f1e"}

    assert module.eight(gradient())[:8].hex() == golden[module.NAME, module.VERSION]


def test_the_eight_hashes_are_those_of_the_turned_pictures() -> None:
    small = np.asarray(Image.fromarray(gradient()).resize((32, 32)))
    eight = phash.eight(small)

    for number in range(len(ORIENTATIONS)):
        wanted = imagehash.phash(Image.fromarray(oriented(small, number)))
        assert eight[number * 8 : number * 8 + 8].hex() == str(wanted)


def test_a_flat_picture_has_no_detail() -> None:
    assert phash.detail(np.full((50, 50), 128, np.uint8)) == 0
    assert phash.detail(gradient()) == 1


def test_keypoints_and_descriptors_belong_together(photo: Photo) -> None:
    with Image.open(photo("a.png", size=(640, 480))) as image:
        keypoints, descriptors = orb.described(np.asarray(image.convert("L")))

    count = len(descriptors) // orb.DESCRIPTOR_BYTES
    assert 100 < count <= orb.KEYPOINTS
    assert len(np.frombuffer(keypoints, dtype=orb.KEYPOINT)) == count


def test_a_flat_picture_has_no_keypoints() -> None:
    assert orb.described(np.full((100, 100), 7, np.uint8)) == (b"", b"")


def test_a_photo_is_described(photo: Photo) -> None:
    path = photo("a.jpg")
    content_hash, key = hash_file(path)

    described = describe(path, content_hash, key)

    assert content_hash == hashlib.sha256(path.read_bytes()).digest()
    assert described.state is PhotoState.DECODED
    assert is_current(described)
    assert described.metadata is not None
    assert described.metadata.format == "jpeg"


def test_a_broken_photo_is_undecodable_not_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"no picture")

    described = describe(path, *hash_file(path))

    assert described.state is PhotoState.UNDECODABLE
    assert "no picture we know" in (described.reason or "")


def test_a_photo_that_changed_since_it_was_hashed_is_not_described(photo: Photo) -> None:
    path = photo("a.jpg")
    content_hash, key = hash_file(path)
    photo("a.jpg", seed=9)

    with pytest.raises(ChangedError):
        describe(path, content_hash, key)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/etc/hostname", path)])
def test_only_regular_files_are_read(tmp_path: Path, make) -> None:
    path = tmp_path / "odd.jpg"
    make(path)

    with pytest.raises(UnreadableError):
        hash_file(path)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(1, seconds_per_task=3)
    yield made
    made.close()


def test_a_dying_worker_costs_only_its_photo(pool: WorkerPool, photo: Photo) -> None:
    path = photo("a.jpg")

    with pytest.raises(UndecodableError, match="crashed"):
        pool.submit(os._exit, 3).result(timeout=30)
    assert pool.submit(hash_file, path).result(timeout=30)[0] == hash_file(path)[0]


def test_an_endless_task_is_ended(pool: WorkerPool, photo: Photo) -> None:
    with pytest.raises(UndecodableError, match="longer than 3 s"):
        pool.submit(time.sleep, 60).result(timeout=30)
    assert pool.submit(hash_file, photo("a.jpg")).result(timeout=30)


def test_a_greedy_task_is_refused_its_memory(pool: WorkerPool, photo: Photo) -> None:
    with pytest.raises(UndecodableError, match="memory"):
        pool.submit(bytearray, 3 * 1024**3).result(timeout=30)
    assert pool.submit(hash_file, photo("a.jpg")).result(timeout=30)


def test_trouble_with_a_file_comes_through_as_it_is(pool: WorkerPool, tmp_path: Path) -> None:
    with pytest.raises(ChangedError, match="vanished"):
        pool.submit(hash_file, tmp_path / "nothing.jpg").result(timeout=30)
