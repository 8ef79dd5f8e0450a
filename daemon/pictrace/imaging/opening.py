"""Opens a picture file: limits first, then the one decoder its format calls for."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from pictrace.errors import UndecodableError, UnreadableError
from pictrace.imaging.formats import HEAD_BYTES, sniff

MOST_PIXELS: Final = 200_000_000
MOST_SIDE_PIXELS: Final = 65_500
MOST_FILE_BYTES: Final = 512 * 1024 * 1024
# What is not among these is not handed to any decoder: few formats, the best tested ones.
_PILLOW_FORMATS: Final = {
    "jpeg": ("JPEG",),  # and MPO, which is opened as JPEG
    "png": ("PNG",),
    "webp": ("WEBP",),
    "gif": ("GIF",),
    "bmp": ("BMP",),
    "tiff": ("TIFF",),
    "avif": ("AVIF",),
    "heic": ("HEIF",),
}
# What decoders raise when bytes make no sense: the list is long because they are many.
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

pillow_heif.register_heif_opener()
# Our own limit comes first; this one stands behind it.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Image.Image, str]]:
    """Give a picture, not decoded yet, and its format; every decoder error inside becomes an `UndecodableError`.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: it is too large, of a format we do not decode, or broken; says which and where.
    """
    data_format = _format_of(path)
    with decoder_errors(path, data_format), _open(path, data_format) as image:
        _check_size(path, *image.size)
        yield image, data_format


@contextmanager
def decoder_errors(path: Path, data_format: str) -> Iterator[None]:
    """Turn what a decoder raises into an `UndecodableError` with one line."""
    try:
        yield
    except MemoryError as error:
        raise UndecodableError(path, f"{data_format}: decoding needs more memory than a worker may use") from error
    except UnidentifiedImageError as error:
        raise UndecodableError(path, f"broken {data_format}: its header makes no sense") from error
    except _DECODER_ERRORS as error:
        raise UndecodableError(path, _reason(data_format, error)) from error


def upright(image: Image.Image) -> Image.Image:
    """Return a picture turned as its EXIF orientation says, once."""
    return ImageOps.exif_transpose(image)


def _format_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size_bytes = os.fstat(file.fileno()).st_size
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableError(path, f"cannot be opened: {error.strerror}") from error
    if not head:
        raise UndecodableError(path, "empty file: expected a picture, found 0 bytes")
    if size_bytes > MOST_FILE_BYTES:
        raise UndecodableError(path, f"file of {size_bytes} bytes: the limit is {MOST_FILE_BYTES}")
    found = sniff(head, path)
    if found is None:
        raise UndecodableError(path, f"no picture we know: it begins with {head[:8].hex(' ')}")
    if found not in _PILLOW_FORMATS and found not in ("jxl", "raw"):
        raise UndecodableError(path, f"{found} is not decoded")
    return found


def _open(path: Path, data_format: str) -> Image.Image:
    if data_format == "jxl":
        _need(path, "pillow_jxl", "jxl", "JPEG XL")
        return Image.open(path, formats=("JXL",))
    if data_format == "raw":
        return _open_raw(path)
    return Image.open(path, formats=_PILLOW_FORMATS[data_format])


def _open_raw(path: Path) -> Image.Image:
    """Open the preview that cameras put into a RAW file; the sensor's own data only where there is none."""
    rawpy = _need(path, "rawpy", "raw", "camera RAW")
    try:
        with rawpy.imread(os.fspath(path)) as raw:
            _check_size(path, raw.sizes.width, raw.sizes.height)
            try:
                thumbnail = raw.extract_thumb()
            except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
                return Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True))
    except rawpy.LibRawError as error:
        raise UndecodableError(path, f"broken camera RAW: {error}") from error
    if thumbnail.format == rawpy.ThumbFormat.JPEG:
        return Image.open(io.BytesIO(thumbnail.data), formats=("JPEG",))
    return Image.fromarray(thumbnail.data)


def _need(path: Path, module: str, extra: str, name: str) -> Any:  # Any: a module without types
    try:
        return import_module(module)
    except ImportError as error:
        raise UndecodableError(path, f"{name} needs an extra: pip install 'pictrace[{extra}]'") from error


def _check_size(path: Path, width_pixels: int, height_pixels: int) -> None:
    if width_pixels < 1 or height_pixels < 1:
        raise UndecodableError(path, f"{width_pixels} × {height_pixels} pixels: there is nothing to see")
    if max(width_pixels, height_pixels) > MOST_SIDE_PIXELS or width_pixels * height_pixels > MOST_PIXELS:
        raise UndecodableError(
            path,
            f"{width_pixels} × {height_pixels} pixels: the limits are {MOST_SIDE_PIXELS} a side "
            f"and {MOST_PIXELS // 1_000_000} million",
        )


def _reason(data_format: str, error: BaseException) -> str:
    text = " ".join(str(error).split())[:160] or type(error).__name__
    is_truncated = any(word in text.lower() for word in ("truncated", "unexpected end", "end of file", "not enough"))
    return f"{'truncated' if is_truncated else 'broken'} {data_format}: {text}"
