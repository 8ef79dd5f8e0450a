from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pictrace.imaging import describe_picture, pixel_hash, read_metadata, read_photo

TURNABLE = ["jpeg", "png", "tiff", "webp", "avif", "heic"]


def corners(rgb):
    return [tuple(int(level > 128) for level in rgb[y, x]) for y, x in ((4, 4), (4, -5), (-5, 4), (-5, -5))]


@pytest.mark.parametrize("data_format", TURNABLE)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_applied_exactly_once(stored, quarters, data_format, orientation):
    path = stored(Image.fromarray(quarters), data_format, orientation=orientation)

    picture, metadata = describe_picture(path, longest_side=640)

    assert corners(picture.rgb) == corners(quarters)
    assert picture.rgb.shape == (40, 60, 3)
    assert (picture.width_pixels, picture.height_pixels) == (60, 40)
    assert (metadata.width_pixels, metadata.height_pixels) == (60, 40)
    assert metadata.orientation == orientation


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_reduced_decode_is_turned_too(stored, quarters, orientation):
    large = Image.fromarray(np.kron(quarters, np.ones((20, 20, 1), np.uint8)))

    picture = read_photo(stored(large, "jpeg", orientation=orientation), longest_side=120)

    assert corners(picture.rgb) == corners(quarters)
    assert picture.rgb.shape == (80, 120, 3)
    assert (picture.width_pixels, picture.height_pixels) == (1200, 800)


@pytest.mark.parametrize("data_format", ["png", "tiff"])
def test_the_pixel_hash_is_that_of_the_upright_picture(stored, quarters, data_format):
    image = Image.fromarray(quarters)

    hashes = {pixel_hash(stored(image, data_format, orientation=orientation)) for orientation in range(1, 9)}

    assert hashes == {pixel_hash(stored(image, "bmp"))}


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_makes_no_sense_turns_nothing(stored, quarters, orientation):
    path = stored(Image.fromarray(quarters), "jpeg", orientation=orientation)

    assert corners(read_photo(path).rgb) == corners(quarters)
    assert read_metadata(path).orientation == 1
