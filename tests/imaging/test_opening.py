from __future__ import annotations

import errno
import os
import struct
import sys
import warnings
import zlib

import pytest
from PIL import Image

from pictrace.errors import UndecodableError, UnreadableError
from pictrace.imaging import MOST_PIXELS, opening, pixel_hash, read_metadata, read_photo

ALL_FORMATS = ["jpeg", "png", "tiff", "webp", "avif", "heic", "gif", "bmp"]


def reason_of(path, read=read_photo):
    with pytest.raises(UndecodableError) as caught:
        read(path)
    assert caught.value.path == path
    assert "\n" not in caught.value.reason
    return caught.value.reason


def png_claiming(width, height):
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"\0" * 64)
    chunks = [(chunk[:4], chunk) for chunk in (head, body, b"IEND")]
    packed = (struct.pack(">I", len(whole) - 4) + whole + struct.pack(">I", zlib.crc32(whole)) for _, whole in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.parametrize("data_format", ALL_FORMATS)
@pytest.mark.parametrize("kept", [0.5, 0.97])
@pytest.mark.parametrize("read", [read_photo, pixel_hash, lambda path: read_photo(path, longest_side=64)])
def test_a_truncated_file_is_an_error_that_says_so(photo, stored, data_format, kept, read):
    with Image.open(photo("drawn.png", seed=5)) as drawn:
        path = stored(drawn, data_format)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])

    reason = reason_of(path, read)

    names = {"webp": "WebP"}
    assert reason.startswith(f"truncated {names.get(data_format, data_format.upper())}: ")


@pytest.mark.parametrize("data_format", ALL_FORMATS)
def test_a_header_alone_is_an_error(stored, data_format):
    path = stored(Image.new("RGB", (60, 40)), data_format)
    path.write_bytes(path.read_bytes()[:20])

    assert reason_of(path).startswith(("truncated", "broken"))


def test_more_pixels_than_the_limit_are_refused_before_decoding(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_claiming(20_000, 15_000))

    assert reason_of(path) == "20000 × 15000 pixels: the limits are 65500 a side and 200 million"
    assert MOST_PIXELS == 200_000_000


def test_far_more_pixels_are_refused_too(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_claiming(60_000, 60_000))

    assert reason_of(path).startswith("PNG of more than 400 million pixels")


def test_a_bomb_is_known_by_its_pixels_a_byte(tmp_path):
    path = tmp_path / "bomb.png"
    Image.new("1", (15_000, 12_000)).save(path)
    size = path.stat().st_size

    assert size < 40_000
    assert reason_of(path) == (
        f"180 million pixels in {size} bytes: the limit is 2000 pixels a byte, so this is no photo"
    )


def test_a_blank_page_is_no_bomb(tmp_path):
    path = tmp_path / "page.tif"
    Image.new("1", (4960, 7016), 1).save(path, compression="group4")

    assert path.stat().st_size * 2_000 < 4960 * 7016
    assert read_photo(path, longest_side=64).rgb.mean() == 255


def test_a_side_beyond_the_limit_is_refused(tmp_path):
    path = tmp_path / "strip.png"
    path.write_bytes(png_claiming(70_000, 10))

    assert reason_of(path).startswith("70000 × 10 pixels: ")


def test_a_file_beyond_the_limit_is_refused(tmp_path):
    path = tmp_path / "huge.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    os.truncate(path, 512 * 1024 * 1024 + 1)

    assert reason_of(path) == "file of 536870913 bytes: the limit is 536870912"


def test_an_empty_file_is_named_so(tmp_path):
    path = tmp_path / "zero.jpg"
    path.touch()

    assert reason_of(path) == "empty file: expected a picture, found 0 bytes"


def test_what_is_no_picture_is_told_by_its_first_bytes(tmp_path):
    path = tmp_path / "text.jpg"
    path.write_bytes(b"this is no picture")

    assert reason_of(path) == "no picture we know: it begins with 74 68 69 73 20 69 73 20"


@pytest.mark.parametrize(("head", "name"), [(b"8BPS", "psd"), (b"<html>", "text or html"), (b"\0\0\1\0", "ico")])
def test_formats_we_know_but_do_not_decode_are_named(tmp_path, head, name):
    path = tmp_path / "a.jpg"
    path.write_bytes(head + bytes(100))

    assert reason_of(path) == f"{name} is not decoded"


@pytest.mark.parametrize(
    ("name", "head", "module", "reason"),
    [
        ("a.jxl", b"\xff\x0a", "pillow_jxl", "JPEG XL needs an extra: pip install 'pictrace[jxl]'"),
        ("a.dng", b"II*\x00\x08\x00", "rawpy", "camera RAW needs an extra: pip install 'pictrace[raw]'"),
    ],
)
def test_a_missing_extra_says_what_to_install(tmp_path, monkeypatch, name, head, module, reason):
    monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / name
    path.write_bytes(head + bytes(100))

    assert reason_of(path) == reason


def test_a_raw_file_without_its_sensor_data_is_truncated(corpus):
    pytest.importorskip("rawpy", reason="the extra for camera RAW is not installed")

    assert reason_of(corpus / "formats" / "raw" / "exiftool_dng.dng").startswith(
        "truncated camera RAW: 13662 bytes for"
    )


def test_a_file_that_is_not_there_is_unreadable_and_not_undecodable(tmp_path):
    with pytest.raises(UnreadableError, match="cannot be opened: No such file"):
        read_photo(tmp_path / "gone.jpg")


@pytest.mark.timeout(10)
def test_a_pipe_does_not_hold_us_up(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")

    with pytest.raises(UnreadableError, match="expected a regular file"):
        read_photo(tmp_path / "pipe.jpg")


def test_a_folder_is_unreadable(tmp_path):
    (tmp_path / "folder.jpg").mkdir()

    with pytest.raises(UnreadableError):
        read_photo(tmp_path / "folder.jpg")


def test_trouble_with_the_disk_is_not_held_against_the_picture(photo):
    path = photo("a.jpg")

    with pytest.raises(UnreadableError, match="cannot be read: Input/output error"), opening.opened(path):
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_too_little_memory_is_said_so(photo):
    path = photo("a.jpg")

    with pytest.raises(UndecodableError, match="JPEG: decoding needs more memory"), opening.opened(path):
        raise MemoryError


def test_what_a_decoder_says_is_printed_on_one_line(photo):
    path = photo("a.jpg")

    with pytest.raises(UndecodableError) as caught, opening.opened(path):
        raise ValueError("first\nsecond\x1b[31m" + "x" * 500)

    assert caught.value.reason.startswith("broken JPEG: first second [31mxxx")
    assert len(caught.value.reason) < 200


def test_warnings_of_decoders_stay_inside(photo):
    with opening.opened(photo("a.jpg")):
        warnings.warn("Corrupt EXIF data", stacklevel=1)


def test_broken_exif_does_not_make_a_picture_undecodable(stored):
    path = stored(Image.new("RGB", (64, 48), (10, 200, 30)), "jpeg")
    whole = path.read_bytes()
    for exif in (b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 400, b"XXXXXXXX", b"II"):
        body = b"Exif\0\0" + exif
        path.write_bytes(whole[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + whole[2:])

        assert read_metadata(path).width_pixels == 64
        assert read_photo(path).rgb[5, 5, 1] > 190
