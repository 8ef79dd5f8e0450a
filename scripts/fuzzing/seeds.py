"""The pictures that are spoilt: small ones drawn here in every format we read, and those of the corpus."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()
_SIZE = (160, 120)
# Larger ones are spoilt as well by small ones, and ten thousand of them take a disk.
_MOST_BYTES = 400_000
_REPOSITORY = Path(__file__).resolve().parents[2]
_TIFF = ("raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "jpeg")
Kept = tuple[Image.Image, str, dict[str, Any]]  # how a picture is stored: as what, in which format, with which options


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A whole picture."""

    name: str
    suffix: str
    data: bytes


def seeds() -> list[Seed]:
    """Return all pictures, always in the same order."""
    return [*_drawn(), *_corpus()]


def _drawn() -> Iterator[Seed]:
    """Draw a picture for each format: copies of one would all be compared with each other by the daemon."""
    for number, (name, make) in enumerate(_tables().items()):
        image, data_format, how = make(_picture(number))
        stream = io.BytesIO()
        image.save(stream, data_format, **how)
        yield Seed(name=name, suffix=Path(name).suffix, data=stream.getvalue())


def _tables() -> dict[str, Callable[[Image.Image], Kept]]:
    """Return how to store a picture, by name."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    exif.get_ifd(0x8769)[0x9003] = "2024:01:02 03:04:05"
    tables: dict[str, Callable[[Image.Image], Kept]] = {
        "baseline.jpg": lambda rgb: (rgb, "JPEG", {"quality": 85, "exif": exif}),
        "progressive.jpg": lambda rgb: (rgb, "JPEG", {"quality": 85, "progressive": True, "subsampling": 0}),
        "cmyk.jpg": lambda rgb: (rgb.convert("CMYK"), "JPEG", {"quality": 80}),
        "rgb.png": lambda rgb: (rgb, "PNG", {"exif": exif}),
        "alpha.png": lambda rgb: (_clear(rgb), "PNG", {}),
        "palette.png": lambda rgb: (rgb.quantize(64), "PNG", {"transparency": 3}),
        "deep.png": lambda rgb: (_deep(rgb), "PNG", {}),
        "bits.png": lambda rgb: (rgb.convert("1"), "PNG", {}),
        "animated.png": lambda rgb: (rgb, "PNG", _frames(rgb)),
        "lossy.webp": lambda rgb: (rgb, "WEBP", {"quality": 80, "exif": exif}),
        "lossless.webp": lambda rgb: (_clear(rgb), "WEBP", {"lossless": True}),
        "animated.webp": lambda rgb: (rgb, "WEBP", {**_frames(rgb), "duration": 40}),
        "still.gif": lambda rgb: (rgb, "GIF", {}),
        "animated.gif": lambda rgb: (rgb, "GIF", {**_frames(rgb), "duration": 40}),
        "rgb.bmp": lambda rgb: (rgb, "BMP", {}),
        "palette.bmp": lambda rgb: (rgb.quantize(16), "BMP", {}),
        **{f"{way}.tif": partial(_tiff, way) for way in _TIFF},
        "group4.tif": lambda rgb: (rgb.convert("1"), "TIFF", {"compression": "group4"}),
        "deep.tif": lambda rgb: (_deep(rgb), "TIFF", {"compression": "tiff_lzw"}),
        "pages.tif": lambda rgb: (rgb, "TIFF", _frames(rgb)),
        "still.heic": lambda rgb: (rgb, "HEIF", {"quality": 70, "exif": exif.tobytes()}),
        "alpha.heic": lambda rgb: (_clear(rgb), "HEIF", {"quality": 70}),
        "still.avif": lambda rgb: (rgb, "AVIF", {"speed": 10, "exif": exif.tobytes()}),
        "animated.avif": lambda rgb: (rgb, "AVIF", {"speed": 10, **_frames(rgb)}),
    }
    if find_spec("pillow_jxl") is not None:
        import pillow_jxl  # noqa: F401, PLC0415 – registers itself; an extra

        tables["lossy.jxl"] = lambda rgb: (rgb, "JXL", {"quality": 80})
        tables["lossless.jxl"] = lambda rgb: (_clear(rgb), "JXL", {"lossless": True})
    return tables


def _tiff(way: str, rgb: Image.Image) -> Kept:
    return rgb, "TIFF", {"compression": way}


def _frames(rgb: Image.Image) -> dict[str, Any]:
    return {"save_all": True, "append_images": [rgb.rotate(90), rgb.rotate(180)]}


def _deep(rgb: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(rgb.convert("L")).astype(np.uint16) * 257)


def _clear(rgb: Image.Image) -> Image.Image:
    clear = rgb.convert("RGBA")
    clear.putalpha(rgb.convert("L"))
    return clear


def _picture(number: int) -> Image.Image:
    dice = np.random.default_rng((5, number))
    image = Image.fromarray(dice.integers(0, 256, (6, 8, 3), dtype=np.uint8)).resize(_SIZE, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    for _ in range(12):
        x, y, side = (int(value) for value in dice.integers(5, 100, 3))
        pen.ellipse((x, y, x + side // 3 + 4, y + side // 4 + 4), fill=tuple(int(v) for v in dice.integers(0, 256, 3)))
    return image


def _corpus() -> Iterator[Seed]:
    for place in (os.environ.get("PICTRACE_CORPUS"), _REPOSITORY.parent / "shared" / "corpus"):
        for folder in ("formats", "broken"):
            if not place or not (Path(place) / folder).is_dir():
                continue
            for path in sorted((Path(place) / folder).rglob("*")):
                if path.is_file() and path.stat().st_size <= _MOST_BYTES:
                    yield Seed(name=f"{folder}/{path.name}", suffix=path.suffix.lower(), data=path.read_bytes())
        if place and (Path(place) / "formats").is_dir():
            return
