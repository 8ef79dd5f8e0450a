"""One set of checks over every perceptual hash; a new one only adds its golden values."""

from __future__ import annotations

import io

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from pictrace.fingerprint.hashes import ALL, phash
from pictrace.imaging import gray, oriented, resized

Y, X = np.mgrid[0:90, 0:130]
DRAWN = {
    "ramp": ((X * 5 + Y * 3) % 256).astype(np.uint8),
    "blobs": (127 + 60 * np.sin(X / 9.0) + 60 * np.cos((X + 3 * Y) / 17.0)).astype(np.uint8),
    "steps": (((X // 13) * 37 + (Y // 11) * 91) % 256).astype(np.uint8),
}
# A hash is a stored format. Who changes one of these raises the VERSION of the hash.
GOLDEN = {
    ("phash", "ramp"): (
        "d2a90357a8ae555799c71dc71d42e117d70357fd5d0400fcc4ee44ee48e8b4ae"
        "d7fc57025df3510091b911b919bde0f8d25602a9a87955fbcc934c934c17b573"
    ),
    ("phash", "blobs"): (
        "f8b01fb41fb5e04883d683a9fc297c29ad1d4a1e4a1fb5e0d67cd603a9836993"
        "ade24ae14ae0b51f83298356fcd63cc6f84a1f4a1f4ae0b5d683d6fca93c282c"
    ),
    ("phash", "steps"): (
        "c51e4a1d031bb577d7f4561321563dc894b01fa356b3e18d825f03b974fc6962"
        "944f1f5c564ce172d70a56ec21a93c37c1e54af603e6b49a82a1035774d36d9f"
    ),
}

every_hash = pytest.mark.parametrize("method", ALL, ids=lambda method: method.NAME)


def parts(eight):
    return [eight[at : at + 8] for at in range(0, 64, 8)]


def distance(a, b):
    return (int.from_bytes(a) ^ int.from_bytes(b)).bit_count()


def luma_of(path):
    with Image.open(path) as image:
        return gray(np.asarray(image.convert("RGB")))


@every_hash
@pytest.mark.parametrize("name", DRAWN)
def test_golden_values_do_not_change(method, name):
    assert method.eight(DRAWN[name]).hex() == GOLDEN[method.NAME, name]


@every_hash
def test_names_and_versions_are_told(method):
    assert method.NAME.isidentifier()
    assert method.VERSION >= 1
    assert len({other.NAME for other in ALL}) == len(ALL)


@every_hash
def test_eight_times_eight_bytes_all_different(method, photo):
    eight = method.eight(luma_of(photo("a.png", seed=7)))

    assert len(eight) == 64
    assert len(set(parts(eight))) == 8


@every_hash
@pytest.mark.parametrize("index", range(8))
def test_each_orientation_is_the_upright_hash_of_the_turned_picture(method, photo, index):
    small = resized(luma_of(photo("a.png", seed=7)), 32, 32)

    assert parts(method.eight(small))[index] == parts(method.eight(oriented(small, index)))[0]


@every_hash
def test_stored_again_or_smaller_it_stays_near(method, photo):
    with Image.open(photo("a.png", seed=7)) as image:
        file = io.BytesIO()
        image.resize((160, 120)).save(file, "JPEG", quality=50)
        upright = parts(method.eight(gray(np.asarray(image))))[0]

    with Image.open(file) as again:
        assert distance(upright, parts(method.eight(gray(np.asarray(again))))[0]) <= 6


@every_hash
def test_other_photos_are_far(method, photo):
    hashes = [parts(method.eight(luma_of(photo(f"{seed}.png", seed=seed))))[0] for seed in range(6)]

    assert min(distance(a, b) for a in hashes for b in hashes if a is not b) >= 14


@every_hash
@pytest.mark.parametrize("shape", [(1, 1), (1, 640), (640, 1), (2, 3), (32, 32), (480, 640)])
def test_every_shape_has_a_hash(method, shape):
    assert len(method.eight(np.full(shape, 90, np.uint8))) == 64


@settings(deadline=None, max_examples=150)
@given(arrays(np.uint8, (32, 32), elements=st.integers(0, 255)))
def test_all_eight_are_bit_for_bit_those_of_imagehash(small):
    expected = [imagehash.phash(Image.fromarray(oriented(small, index))).hash for index in range(8)]

    assert phash.eight(small) == b"".join(np.packbits(bits).tobytes() for bits in expected)


def test_all_eight_are_those_of_imagehash_on_photographs(corpus):
    for path in sorted((corpus / "photos").iterdir())[::12]:
        small = resized(luma_of(path), 32, 32)
        expected = [imagehash.phash(Image.fromarray(oriented(small, index))).hash for index in range(8)]

        assert phash.eight(small) == b"".join(np.packbits(bits).tobytes() for bits in expected)


def test_detail_tells_a_flat_picture_from_a_photo(photo):
    assert phash.detail(np.full((60, 80), 128, np.uint8)) == 0
    assert phash.detail(luma_of(photo("a.png", seed=7))) == 1
