from __future__ import annotations

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
