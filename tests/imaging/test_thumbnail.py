"""Small pictures to be shown."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from pictrace.errors import UndecodableError
from pictrace.imaging import thumbnail


def test_a_thumbnail_is_small_upright_and_without_metadata(tmp_path: Path) -> None:
    image = Image.new("RGB", (400, 200), "white")
    image.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn clockwise
    exif[0x010F] = "secret"
    image.save(tmp_path / "a.jpg", exif=exif)

    small = Image.open(io.BytesIO(thumbnail(tmp_path / "a.jpg", 100)))

    assert (small.format, small.size) == ("JPEG", (50, 100))
    top, bottom = small.getpixel((25, 10)), small.getpixel((25, 90))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[1] < 60
    assert bottom[1] > 200
    assert not small.getexif()


def test_what_is_no_picture_has_no_thumbnail(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"nothing")

    with pytest.raises(UndecodableError):
        thumbnail(tmp_path / "a.jpg", 100)
