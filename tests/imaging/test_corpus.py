"""Real files of every format, and broken ones: each is read, or refused with one line."""

from __future__ import annotations

import pytest

from pictrace.errors import PhotoError
from pictrace.imaging import describe_picture

BROKEN = {
    "zero.jpg": "empty file",
    "truncated_half.jpg": "truncated JPEG: ",
    "truncated_tail.jpg": "truncated JPEG: ",
    "truncated_sharp.png": "truncated PNG: ",
    "truncated.heic": "truncated HEIC: 587136 of 880703 bytes are missing",
    "header_only.jpg": "truncated JPEG: ",
    "corrupt_crc.png": "broken PNG: ",
    "bomb_zero_width.png": "broken PNG: ",
    "bomb_claims_60000x60000.png": "PNG of more than 400 million pixels",
    "corrupted_pillow_heif.heic": "broken HEIC: ",
    "html_named.jpg": "text or html is not decoded",
    "text_named.jpg": "no picture we know",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_with_a_reason(corpus, name):
    with pytest.raises(PhotoError) as caught:
        describe_picture(corpus / "broken" / name, longest_side=640)

    assert caught.value.reason.startswith(BROKEN[name])


@pytest.mark.parametrize(("name", "found"), [("heic_named.jpg", "heic"), ("jpeg_named.png", "jpeg")])
def test_misnamed_files_are_read_as_what_they_are(corpus, name, found):
    picture, metadata = describe_picture(corpus / "broken" / name, longest_side=640)

    assert picture.format == metadata.format == found


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize(("shape", "size"), [("landscape", (1800, 1200)), ("portrait", (1200, 1800))])
def test_the_eight_orientation_samples_look_alike(corpus, shape, size, number):
    picture, metadata = describe_picture(corpus / "formats" / f"exif_{shape}_{number}.jpg", longest_side=64)
    first, _ = describe_picture(corpus / "formats" / f"exif_{shape}_1.jpg", longest_side=64)

    assert (picture.width_pixels, picture.height_pixels) == size
    assert metadata.orientation == number
    # The number of the orientation is painted into the picture; a wrong turn would differ by 40 levels and more.
    assert abs(picture.rgb.astype(int) - first.rgb).mean() < 4


@pytest.mark.parametrize(
    ("name", "size"), [("heic_rotated_text.HEIC", (3024, 4032)), ("heic_mirror_rotate.HEIC", (1209, 1547))]
)
def test_turned_heic_is_turned_once(corpus, name, size):
    picture, metadata = describe_picture(corpus / "formats" / name, longest_side=64)

    assert (metadata.width_pixels, metadata.height_pixels) == size
    assert picture.rgb.shape[0] == 64
