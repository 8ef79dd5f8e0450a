"""Pictures read upright, small, and within limits; the drawn ones are asymmetric, so no turn can pass unseen."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from pictrace.errors import UndecodableError, UnreadableError
from pictrace.imaging import ORIENTATIONS, oriented, pixel_hash, read_metadata, read_photo, resized, sniff

Photo = Callable[..., Path]
_ORIENTATION = 0x0112


def store(path: Path, image: Image.Image, **how: object) -> Path:
    image.save(path, **how)
    return path


@pytest.fixture
def picture(photo: Photo) -> Image.Image:
    with Image.open(photo("drawn.png", seed=5)) as image:
        return image.convert("RGB")


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "gif", "bmp", "tiff", "heic", "avif"])
def test_every_format_is_read_as_what_it_is(tmp_path: Path, picture: Image.Image, suffix: str) -> None:
    path = store(tmp_path / f"a.{suffix}", picture)

    read = read_photo(path)

    assert read.format == {"jpg": "jpeg"}.get(suffix, suffix)
    assert read.rgb.shape == (240, 320, 3)
    difference = np.abs(read.rgb.astype(int) - np.asarray(picture).astype(int))
    assert difference.mean() < 12


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_the_exif_orientation_is_applied_once(
    tmp_path: Path, picture: Image.Image, orientation: int, suffix: str
) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    path = store(tmp_path / f"turned.{suffix}", picture, exif=exif)
    with Image.open(path) as image:
        wanted = ImageOps.exif_transpose(image).convert("RGB")

    read = read_photo(path)

    assert (read.width_pixels, read.height_pixels) == wanted.size
    assert np.abs(read.rgb.astype(int) - np.asarray(wanted).astype(int)).mean() < 1
    metadata = read_metadata(path)
    assert metadata.orientation == orientation
    assert (metadata.width_pixels, metadata.height_pixels) == wanted.size


def test_a_small_reading_keeps_shape_and_full_size(photo: Photo) -> None:
    path = photo("large.jpg", size=(2000, 1500))

    read = read_photo(path, longest_side=320)

    assert read.rgb.shape == (240, 320, 3)
    assert (read.width_pixels, read.height_pixels) == (2000, 1500)


def test_a_picture_is_never_enlarged(photo: Photo) -> None:
    assert read_photo(photo("a.jpg"), longest_side=5000).rgb.shape == (240, 320, 3)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "1", "I;16"])
def test_every_mode_becomes_rgb(tmp_path: Path, picture: Image.Image, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    else:
        image = picture.convert(mode)
    path = store(tmp_path / ("a.tiff" if mode == "CMYK" else "a.png"), image)

    read = read_photo(path)

    assert read.rgb.dtype == np.uint8
    assert read.rgb.shape == (240, 320, 3)
    assert read.rgb.std() > 20


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    path = store(tmp_path / "a.png", Image.new("RGBA", (40, 40), (255, 0, 0, 0)))

    assert (read_photo(path).rgb == 255).all()


def test_a_jpeg_and_the_png_of_its_pixels_have_one_pixel_hash(tmp_path: Path, photo: Photo) -> None:
    jpeg = photo("a.jpg")
    with Image.open(jpeg) as image:
        png = store(tmp_path / "b.png", image.convert("RGB"))

    assert pixel_hash(jpeg) == pixel_hash(png)


def test_turned_pixels_with_the_flag_have_the_same_pixel_hash(tmp_path: Path, picture: Image.Image) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    plain = store(tmp_path / "a.png", picture)
    flagged = store(tmp_path / "b.png", picture.transpose(Image.Transpose.ROTATE_90), exif=exif)

    assert pixel_hash(plain) == pixel_hash(flagged)


def test_one_pixel_changes_the_pixel_hash(tmp_path: Path, picture: Image.Image) -> None:
    first = store(tmp_path / "a.png", picture)
    picture.putpixel((3, 4), (1, 2, 3))
    second = store(tmp_path / "b.png", picture)

    assert pixel_hash(first) != pixel_hash(second)


def test_deep_and_animated_pictures_have_no_pixel_hash(tmp_path: Path, picture: Image.Image) -> None:
    deep = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 256 + 7)
    animated = tmp_path / "a.gif"
    picture.save(animated, save_all=True, append_images=[picture.rotate(90)])

    assert pixel_hash(store(tmp_path / "deep.png", deep)) is None
    assert pixel_hash(animated) is None
    assert read_photo(animated).frames == 2


def _png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)) + b"\x00" * 30


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b"no picture at all, only words", "no picture we know"),
        (b"<html><body>not found</body></html>", "text or html is not decoded"),
        (_png_header(60_000, 60_000), "PNG"),
        (_png_header(0, 10), "PNG"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 100, "JPEG"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n" + b"\x00" * 40, "jxl|JPEG XL"),
        (b"8BPS" + b"\x00" * 40, "psd is not decoded"),
    ],
)
def test_broken_files_say_why_in_one_line(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(content)

    with pytest.raises(UndecodableError, match=reason) as caught:
        read_photo(path)
    assert "\n" not in caught.value.reason
    assert caught.value.path == path


def test_half_a_file_is_truncated(photo: Photo) -> None:
    path = photo("a.jpg")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(UndecodableError, match="truncated JPEG"):
        read_photo(path)


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be opened"):
        read_photo(tmp_path / "nothing.jpg")


def test_the_name_does_not_decide(tmp_path: Path, picture: Image.Image) -> None:
    path = tmp_path / "really-a-png.jpg"
    picture.save(path, "PNG")

    assert read_photo(path).format == "png"


def test_raw_files_that_look_like_tiff_are_known_by_name() -> None:
    assert sniff(b"II*\x00" + b"\x00" * 60, Path("a.nef")) == "raw"
    assert sniff(b"II*\x00" + b"\x00" * 60, Path("a.tif")) == "tiff"


def test_the_eight_orientations_are_eight_pictures(picture: Image.Image) -> None:
    small = resized(np.asarray(picture), 30, 20)
    turned = [oriented(small, n) for n in range(len(ORIENTATIONS))]

    assert len({(t.shape, t.tobytes()) for t in turned}) == 8
    assert (turned[1] == np.rot90(small, -1)).all()
    assert (turned[4] == small[:, ::-1]).all()


def test_metadata_is_clipped_and_on_one_line(tmp_path: Path, picture: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker\nInc " + "x" * 1000
    exif[0x0110] = "Model"
    exif[0x0131] = "Editor 1.0"
    exif.get_ifd(0x8769)[0x9003] = "2024:05:31 10:20:30"
    exif.get_ifd(0x8769)[0x9291] = "123"
    path = store(tmp_path / "a.jpg", picture, exif=exif, quality=77)

    known = read_metadata(path)

    assert known.camera is not None
    assert "\n" not in known.camera
    assert len(known.camera) < 250
    assert known.captured_at == "2024-05-31T10:20:30.123"
    assert known.software == "Editor 1.0"
    assert known.jpeg_quality is not None
    assert abs(known.jpeg_quality - 77) <= 1
