"""Opens a picture file: limits first, then the one decoder its format calls for."""

from __future__ import annotations

import errno
import io
import os
import stat
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final

import pillow_heif
from PIL import Image, UnidentifiedImageError

from pictrace.errors import OutOfMemoryError, UndecodableError, UnreadableError
from pictrace.imaging.formats import HEAD_BYTES, sniff
from pictrace.imaging.memory import may_have_lacked
from pictrace.imaging.wholeness import missing_bytes

MOST_PIXELS: Final = 200_000_000
MOST_SIDE_PIXELS: Final = 65_500
MOST_FILE_BYTES: Final = 512 * 1024 * 1024
# A bomb: much to decode from nothing. Photos have 30 pixels a byte at most, blank pages some thousands; what is not
# larger than a camera's picture costs no more than one, however few bytes it has.
MOST_PIXELS_PER_BYTE: Final = 2_000
_CAMERA_PIXELS: Final = 50_000_000
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
_SHOWN: Final = {"webp": "WebP", "raw": "camera RAW", "jxl": "JPEG XL"}
# What decoders raise when bytes make no sense: the list is long because they are many.
DECODER_ERRORS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
# Real cameras need 0.3 and more. LibRaw fills what is missing with whatever the memory held.
_LEAST_RAW_BYTES_PER_PIXEL: Final = 0.05
_TRUNCATED: Final = ("truncated", "unexpected end", "end of file", "not enough")
_PILLOW_TRUNCATED: Final = ("image file is truncated", "truncated file read")

pillow_heif.register_heif_opener()
# Our own limit comes first; this one stands behind it.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@contextmanager
def opened(path: Path) -> Iterator[tuple[Image.Image, str]]:
    """Give a picture, not decoded yet, and its format; every decoder error inside becomes an `UndecodableError`.

    Raises:
        UnreadableError: the file cannot be opened or read.
        UndecodableError: it is too large, of a format we do not decode, or broken; says which and where.
        OutOfMemoryError: so it seems, but there was too little memory to be sure.
    """
    with _file(path) as file, warnings.catch_warnings():
        # Decoders warn about what a stranger wrote; what matters of it becomes an error.
        warnings.simplefilter("ignore")
        data_format = _format_of(path, file)
        with _decoder_errors(path, data_format), _open(path, file, data_format) as image:
            _check_size(path, *image.size)
            _check_density(path, image.width * image.height, os.fstat(file.fileno()).st_size)
            with _decoder_errors(path, data_format, pixels=image.width * image.height):
                yield image, data_format


@contextmanager
def _file(path: Path) -> Iterator[BinaryIO]:
    try:
        # O_NONBLOCK: a pipe or a device that took the name must not hold us up.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError(path, f"cannot be opened: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError(path, "expected a regular file, found something else")
    with os.fdopen(descriptor, "rb") as file:
        yield file


@contextmanager
def _decoder_errors(path: Path, data_format: str, *, pixels: int | None = None) -> Iterator[None]:
    """Turn what a decoder raises into an `UndecodableError` with one line, but trouble with the disk into another."""
    try:
        yield
    except MemoryError as error:
        raise OutOfMemoryError(
            path, f"{_name(data_format)}: decoding needs more memory than a worker may use"
        ) from error
    except UnidentifiedImageError as error:
        raise UndecodableError(path, f"broken {_name(data_format)}: its header makes no sense") from error
    except Image.DecompressionBombError as error:
        most = MOST_PIXELS // 1_000_000
        reason = f"{_name(data_format)} of more than {2 * most} million pixels: the limit is {most} million"
        raise UndecodableError(path, reason) from error
    except DECODER_ERRORS as error:
        # Decoders raise OSError too, but only the system gives it a number. The bytes may be whole then.
        if isinstance(error, OSError) and error.errno not in (None, errno.ENOMEM):
            raise UnreadableError(path, f"cannot be read: {error.strerror}") from error
        kind = OutOfMemoryError if may_have_lacked(pixels, str(error)) else UndecodableError
        raise kind(path, _reason(data_format, error)) from error


def _format_of(path: Path, file: BinaryIO) -> str:
    try:
        size_bytes = os.fstat(file.fileno()).st_size
        head = file.read(HEAD_BYTES)
        found = _known_format(path, head, size_bytes)
        missing = missing_bytes(file, found, size_bytes)
        file.seek(0)
    except OSError as error:
        raise UnreadableError(path, f"cannot be read: {error.strerror}") from error
    except struct.error as error:
        raise UndecodableError(path, f"truncated {_name(found)}: there is a header and nothing else") from error
    if missing:
        raise UndecodableError(path, f"truncated {_name(found)}: {missing} of {size_bytes + missing} bytes are missing")
    return found


def _known_format(path: Path, head: bytes, size_bytes: int) -> str:
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


def _open(path: Path, file: BinaryIO, data_format: str) -> Image.Image:
    if data_format == "jxl":
        _need(path, "pillow_jxl", "jxl", "JPEG XL")
        return Image.open(file, formats=("JXL",))
    if data_format == "raw":
        return _open_raw(path, file)
    return Image.open(file, formats=_PILLOW_FORMATS[data_format])


def _open_raw(path: Path, file: BinaryIO) -> Image.Image:
    """Open the preview that cameras put into a RAW file; the sensor's own data only where there is none."""
    rawpy = _need(path, "rawpy", "raw", "camera RAW")
    try:
        with rawpy.imread(file) as raw:
            _check_size(path, raw.sizes.width, raw.sizes.height)
            try:
                thumbnail = raw.extract_thumb()
            except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
                _require_sensor_data(path, file, raw.sizes.raw_width * raw.sizes.raw_height)
                return Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True))
    except rawpy.LibRawError as error:
        detail = error.args[0] if error.args else ""
        words = detail.decode("ascii", "replace") if isinstance(detail, bytes) else str(detail)
        raise UndecodableError(path, f"broken camera RAW: {words}") from error
    if thumbnail.format == rawpy.ThumbFormat.JPEG:
        return Image.open(io.BytesIO(thumbnail.data), formats=("JPEG",))
    return Image.fromarray(thumbnail.data)


def _require_sensor_data(path: Path, file: BinaryIO, sensor_pixels: int) -> None:
    size_bytes = os.fstat(file.fileno()).st_size
    if size_bytes < sensor_pixels * _LEAST_RAW_BYTES_PER_PIXEL:
        raise UndecodableError(path, f"truncated camera RAW: {size_bytes} bytes for {sensor_pixels} pixels")


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


def _check_density(path: Path, pixels: int, size_bytes: int) -> None:
    if pixels > max(_CAMERA_PIXELS, MOST_PIXELS_PER_BYTE * size_bytes):
        raise UndecodableError(
            path,
            f"{pixels // 1_000_000} million pixels in {size_bytes} bytes: "
            f"the limit is {MOST_PIXELS_PER_BYTE} pixels a byte, so this is no photo",
        )


def _name(data_format: str) -> str:
    return _SHOWN.get(data_format, data_format.upper())


def _reason(data_format: str, error: BaseException) -> str:
    text = _one_line(error)
    is_truncated = any(word in text.lower() for word in _TRUNCATED)
    if text.lower().startswith(_PILLOW_TRUNCATED):
        text = "the file ends before the picture does"  # the bytes Pillow counts are those left over, not those missing
    return f"{'truncated' if is_truncated else 'broken'} {_name(data_format)}: {text}"


def _one_line(error: BaseException) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in str(error)).split())[:160] or type(error).__name__
