from __future__ import annotations

import pickle

import numpy as np
import pytest
from PIL import Image

from pictrace.fingerprint import orb
from pictrace.imaging import gray


@pytest.fixture
def luma(photo):
    with Image.open(photo("a.png", seed=8, size=(640, 480))) as image:
        return gray(np.asarray(image))


def test_each_keypoint_has_a_descriptor(luma):
    keypoints, descriptors = orb.described(luma)

    count = len(keypoints) // orb.KEYPOINT.itemsize
    assert 300 <= count <= orb.KEYPOINTS
    assert len(descriptors) == count * orb.DESCRIPTOR_BYTES


def test_a_photo_takes_at_most_twenty_kilobytes(luma):
    assert sum(map(len, orb.described(luma))) <= 20_000


def test_the_same_picture_gives_the_same_bytes(luma):
    assert orb.described(luma) == orb.described(luma.copy())


def test_keypoints_lie_where_something_is():
    luma = np.full((400, 600), 128, np.uint8)
    luma[60:120, 420:540] = np.random.default_rng(1).integers(0, 256, (60, 120))

    points = np.frombuffer(orb.described(luma)[0], orb.KEYPOINT)

    assert len(points) > 20
    assert 400 / 600 < points["x"].min() / 65535 < points["x"].max() / 65535 < 560 / 600
    assert 40 / 400 < points["y"].min() / 65535 < points["y"].max() / 65535 < 140 / 400


@pytest.mark.parametrize("shape", [(1, 1), (1, 640), (640, 1), (33, 640), (32, 32), (100, 100)])
def test_a_picture_without_corners_has_none(shape):
    assert orb.described(np.full(shape, 90, np.uint8)) == (b"", b"")


def test_mirrored_features_are_those_of_the_mirrored_picture(luma):
    flipped = np.ascontiguousarray(luma[:, ::-1])
    keypoints, descriptors = orb.described(flipped)

    asked = orb.query_features(luma, *orb.described(luma))

    between = distances(asked.mirrored_descriptors, descriptors)
    is_same, row = between.min(axis=1) == 0, between.argmin(axis=1)
    assert is_same.mean() > 0.4  # the others are corners that FAST finds on one side only
    mine, theirs = (np.frombuffer(packed, orb.KEYPOINT) for packed in (asked.mirrored_keypoints, keypoints))
    mine, theirs = mine[is_same], theirs[row[is_same]]
    assert np.median(np.abs(mine["x"].astype(int) - theirs["x"])) < 65535 / 640
    turn = (mine["angle"].astype(int) - theirs["angle"] + 32768) % 65536 - 32768
    assert np.median(np.abs(turn)) < 200


def test_query_features_keep_the_stored_ones_and_are_small(luma):
    stored = orb.described(luma)

    asked = orb.query_features(luma, *stored)

    assert (asked.keypoints, asked.descriptors) == stored
    assert pickle.loads(pickle.dumps(asked)) == asked
    assert len(pickle.dumps(asked)) < 50_000


def test_flat_picture_has_no_query_features():
    asked = orb.query_features(np.full((100, 100), 90, np.uint8), b"", b"")

    assert asked == orb.QueryFeatures(keypoints=b"", descriptors=b"", mirrored_keypoints=b"", mirrored_descriptors=b"")


def distances(first: bytes, second: bytes) -> np.ndarray:
    rows = [np.frombuffer(one, np.uint64).reshape(-1, 4) for one in (first, second)]
    return np.bitwise_count(rows[0][:, None] ^ rows[1][None]).sum(axis=2)
