from __future__ import annotations

import hashlib

import numpy as np
import pytest
from PIL import Image

from pictrace.errors import UndecodableError
from pictrace.imaging import pixel_hash, read_photo


@pytest.fixture
def drawn(photo):
    with Image.open(photo("drawn.png", seed=6)) as image:
        return image.copy()


def test_it_is_a_stored_format(stored, quarters):
    path = stored(Image.fromarray(quarters), "png")

    assert pixel_hash(path) == hashlib.sha256(b"60x40x3:" + quarters.tobytes()).digest()


@pytest.mark.parametrize("data_format", ["tiff", "bmp", "webp"])
def test_the_container_does_not_matter(stored, drawn, data_format):
    assert pixel_hash(stored(drawn, data_format, lossless=True)) == pixel_hash(stored(drawn, "png"))


def test_a_jpeg_equals_the_png_of_its_decoded_pixels(stored, drawn):
    jpeg = stored(drawn, "jpeg", quality=70)

    assert pixel_hash(stored(Image.fromarray(read_photo(jpeg).rgb), "png")) == pixel_hash(jpeg)


def test_one_changed_value_changes_it(stored, quarters):
    before = pixel_hash(stored(Image.fromarray(quarters), "png"))
    quarters[39, 59, 2] += 1

    assert pixel_hash(stored(Image.fromarray(quarters), "png")) != before


def test_the_same_values_in_another_shape_differ(stored):
    pixels = np.zeros((40, 60, 3), np.uint8)

    assert pixel_hash(stored(Image.fromarray(pixels), "png")) != pixel_hash(
        stored(Image.fromarray(pixels.reshape(60, 40, 3)), "bmp")
    )


def test_gray_and_palette_are_what_they_look_like(stored):
    levels = Image.fromarray(np.arange(240, dtype=np.uint8).reshape(12, 20))

    hashes = {pixel_hash(stored(levels.convert(mode), "png")) for mode in ("L", "RGB", "P")}

    assert len(hashes) == 1


def test_metadata_and_color_profiles_do_not_matter(stored, drawn):
    exif = Image.Exif()
    exif[0x010F] = "Maker"

    assert pixel_hash(stored(drawn, "png", exif=exif, icc_profile=b"x" * 200)) == pixel_hash(stored(drawn, "bmp"))


def test_alpha_counts_only_where_it_hides_something(stored, drawn):
    opaque, hiding = drawn.convert("RGBA"), drawn.convert("RGBA")
    hiding.putpixel((100, 100), (*drawn.getpixel((100, 100)), 254))

    assert pixel_hash(stored(opaque, "png")) == pixel_hash(stored(drawn, "bmp"))
    assert pixel_hash(stored(hiding, "png")) != pixel_hash(stored(drawn, "bmp"))


def test_pictures_beyond_one_band_are_hashed_whole(stored, monkeypatch, drawn):
    whole = pixel_hash(stored(drawn, "png"))
    monkeypatch.setitem(pixel_hash.__globals__, "_BAND_PIXELS", 1000)

    assert pixel_hash(stored(drawn, "png")) == whole


def test_one_hidden_pixel_counts_in_whichever_band_it_lies(stored, monkeypatch, drawn):
    hiding = drawn.convert("RGBA")
    hiding.putpixel((100, 100), (*drawn.getpixel((100, 100)), 254))
    whole = pixel_hash(stored(hiding, "png"))
    monkeypatch.setitem(pixel_hash.__globals__, "_BAND_PIXELS", 1000)

    assert pixel_hash(stored(hiding, "png")) == whole
    assert whole != pixel_hash(stored(drawn, "png"))


def test_more_than_eight_bits_prove_nothing(stored):
    deep = Image.fromarray(np.full((20, 30), 51400, np.uint16))

    assert pixel_hash(stored(deep, "png")) is None
    assert pixel_hash(stored(deep, "tiff")) is None


def test_deep_color_proves_nothing(tmp_path, corpus):
    assert pixel_hash(corpus / "formats" / "tiff_16bit_rgb.tiff") is None
    assert pixel_hash(corpus / "formats" / "heif_rgb10.heif") is None
    assert pixel_hash(corpus / "formats" / "avif_10bit_hdr.avif") is None
    assert pixel_hash(corpus / "formats" / "avif_8bit.avif") is not None


@pytest.mark.parametrize("data_format", ["gif", "webp", "png", "tiff"])
def test_the_first_of_several_frames_proves_nothing(stored, data_format):
    frames = [Image.new("RGB", (40, 30), color) for color in ("red", "green")]

    assert pixel_hash(stored(frames[0], data_format, save_all=True, append_images=frames[1:])) is None


def test_what_cannot_be_decoded_has_none(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 nothing")

    with pytest.raises(UndecodableError):
        pixel_hash(path)
