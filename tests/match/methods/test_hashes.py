"""The hashes of imagehash: what it gives, and what it gave when this was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image

from pictrace.match.methods import Method, MethodSettings, Sight, chosen, sight_of

Photo = Callable[..., Path]
ORIGINALS = {
    "ahash": imagehash.average_hash,
    "phash": imagehash.phash,
    "dhash": imagehash.dhash,
    "whash": imagehash.whash,
    "colorhash": imagehash.colorhash,
    "crop-resistant": imagehash.crop_resistant_hash,
}


def method_of(name: str) -> Method:
    (method,) = chosen([name], MethodSettings())
    return method


@pytest.mark.parametrize("name", ORIGINALS)
@pytest.mark.parametrize("size", [(320, 240), (101, 333), (9, 2)])
def test_a_hash_is_that_of_imagehash(name: str, size: tuple[int, int], photo: Photo) -> None:
    path = photo("a.png", seed=4, size=size)
    with Image.open(path) as image:
        original = ORIGINALS[name](image)

    assert str(method_of(name).describe(sight_of(path))) == str(original)


@pytest.mark.parametrize("name", set(ORIGINALS) - {"crop-resistant"})
def test_the_distance_is_that_of_imagehash(name: str, photo: Photo) -> None:
    a, b = photo("a.png", seed=4), photo("b.png", seed=5)
    with Image.open(a) as first, Image.open(b) as second:
        original = ORIGINALS[name](first) - ORIGINALS[name](second)
    method = method_of(name)

    found = method.compare(*(method.describe(sight_of(path)) for path in (a, b)))

    assert found.values == {"distance": original}
    assert original > 0


GOLDEN = {
    "ahash": "0002c3c30058f8ff",
    "phash": "e035ca52b5ec374a",
    "dhash": "aaaab6a6aaaaa3ab",
    "whash": "0053c7c70078f9ff",
    "colorhash": "00000010040",
    "crop-resistant": ("f3f3f3f3f3f3f2f3,ffffffffffffffff,fffffefcf9e1c939,aaaaa3a1a3a1abaa,aaaab62696aaa3a1"),
}


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_hash_stays_what_it_was(name: str) -> None:
    y, x = np.mgrid[:96, :160]
    waves = np.stack([x * 7 % 251, y * 5 % 241, (x + 2 * y) % 239], axis=-1).astype(np.uint8)
    waves[20:60, 30:120] = (200, 60, 20)
    waves[70:90, 100:150] = (20, 90, 230)

    assert str(method_of(name).describe(Sight(path=Path("drawn.png"), rgb=waves))) == GOLDEN[name]


def test_a_last_dark_region_that_imagehash_leaves_out_is_left_out() -> None:
    rgb = np.full((300, 300, 3), 200, np.uint8)
    rgb[200:230, 50:80] = np.linspace(0, 60, 30, dtype=np.uint8)[None, :, None]
    method = method_of("crop-resistant")

    found = method.describe(Sight(path=Path("drawn.png"), rgb=rgb))

    assert str(found) == str(imagehash.crop_resistant_hash(Image.fromarray(rgb)))
    assert len(found.segment_hashes) == 1


def test_a_large_picture_has_its_wavelets_from_a_smaller_square() -> None:
    # Noise, whose means are so near each other that the square decides some bits.
    noise = np.random.default_rng(0).integers(0, 256, (2048, 2100), np.uint8)
    large = np.repeat(noise[..., None], 3, axis=2)

    found = method_of("whash").describe(Sight(path=Path("drawn.png"), rgb=large))

    assert found == imagehash.whash(Image.fromarray(large), image_scale=1024)
