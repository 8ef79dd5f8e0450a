"""Every kind of pixels that files hold: palettes, transparency, deep grey, several frames, very many."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pictrace.imaging import gray, read_photo


@pytest.mark.parametrize("data_format", ["jpeg", "png", "tiff", "webp", "avif", "heic", "bmp"])
def test_every_format_gives_rgb(photo, stored, data_format):
    with Image.open(photo("a.png", seed=4)) as drawn:
        path = stored(drawn, data_format)
        expected = np.asarray(drawn, dtype=float)

    picture = read_photo(path)

    assert picture.format == data_format
    assert picture.rgb.dtype == np.uint8
    assert np.abs(picture.rgb - expected).mean() < 8


@pytest.mark.parametrize(
    ("size", "expected"), [((1000, 500), (100, 50)), ((300, 1999), (15, 100)), ((60, 40), (60, 40))]
)
@pytest.mark.parametrize("data_format", ["jpeg", "png"])
def test_the_longest_side_is_kept_to_and_nothing_grows(stored, size, expected, data_format):
    picture = read_photo(stored(Image.new("RGB", size), data_format), longest_side=100)

    assert picture.rgb.shape == (expected[1], expected[0], 3)
    assert (picture.width_pixels, picture.height_pixels) == size


def test_a_reduced_decode_looks_like_the_whole_one(photo):
    path = photo("a.jpg", seed=4, size=(1280, 960))

    small = read_photo(path, longest_side=200).rgb
    whole = Image.fromarray(read_photo(path).rgb).resize((200, 150), Image.Resampling.BOX)

    assert np.abs(small.astype(float) - np.asarray(whole)).mean() < 2


def test_a_very_large_picture_is_shrunk_before_it_becomes_an_array(stored):
    large = Image.new("P", (9000, 6000))
    large.putpalette([10, 20, 30, 250, 240, 230])
    large.paste(1, (4500, 0, 9000, 6000))

    picture = read_photo(stored(large, "png", compress_level=1), longest_side=90)

    assert picture.rgb.shape == (60, 90, 3)
    assert (picture.width_pixels, picture.height_pixels) == (9000, 6000)
    assert picture.rgb[30, 10].tolist() == [10, 20, 30]
    assert picture.rgb[30, 80].tolist() == [250, 240, 230]


@pytest.mark.parametrize("data_format", ["png", "webp", "tiff"])
def test_transparency_is_laid_on_white(stored, data_format):
    image = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 20, 30))

    rgb = read_photo(stored(image, data_format, lossless=True)).rgb

    assert rgb[15, 5].tolist() == [200, 0, 0]
    assert rgb[15, 35].tolist() == [255, 255, 255]


def test_a_transparent_palette_is_laid_on_white(stored):
    image = Image.new("P", (40, 30), 0)
    image.putpalette([0, 0, 0, 0, 120, 0])
    image.paste(1, (0, 0, 20, 30))

    rgb = read_photo(stored(image, "png", transparency=0)).rgb

    assert rgb[15, 5].tolist() == [0, 120, 0]
    assert rgb[15, 35].tolist() == [255, 255, 255]


def test_cmyk_becomes_rgb(stored):
    rgb = read_photo(stored(Image.new("CMYK", (20, 20), (255, 0, 0, 0)), "jpeg", quality=95)).rgb

    assert np.abs(rgb[10, 10].astype(int) - [0, 255, 255]).max() < 6


@pytest.mark.parametrize("data_format", ["png", "tiff"])
def test_sixteen_bit_gray_is_scaled_even_where_it_is_dark(stored, data_format):
    values = np.full((20, 30), 200, np.uint16)
    values[:, 15:] = 51400

    rgb = read_photo(stored(Image.fromarray(values), data_format)).rgb

    assert rgb[5, 5].tolist() == [1, 1, 1]
    assert rgb[5, 25].tolist() == [200, 200, 200]


def test_numbers_between_zero_and_one_are_seen_as_gray(stored):
    rgb = read_photo(stored(Image.fromarray(np.full((20, 30), 0.5, np.float32)), "tiff")).rgb

    assert rgb[5, 5].tolist() == [128, 128, 128]


def test_one_bit_pictures_are_read(stored):
    image = Image.new("1", (40, 30), 0)
    image.paste(1, (0, 0, 20, 30))

    assert gray(read_photo(stored(image, "png")).rgb)[15, [5, 35]].tolist() == [255, 0]


@pytest.mark.parametrize("data_format", ["gif", "webp", "png", "tiff"])
def test_of_an_animation_the_first_picture_is_read(stored, data_format):
    frames = [Image.new("RGB", (40, 30), color) for color in ("red", "green", "blue")]

    picture = read_photo(stored(frames[0], data_format, save_all=True, append_images=frames[1:]))

    assert picture.frames == 3
    assert np.abs(picture.rgb[15, 15].astype(int) - [255, 0, 0]).max() < 8
