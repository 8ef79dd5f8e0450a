"""What a photo says of itself: EXIF and XMP, read with suspicion."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile

from pictrace.imaging.opening import opened
from pictrace.imaging.quality import jpeg_quality
from pictrace.imaging.reading import frame_count, orientation_of, upright_size
from pictrace.model import Metadata

_MOST_CHARACTERS = 200
_LOSSLESS = ("png", "gif", "bmp", "tiff")
_DATE = re.compile(r"^(\d{4}):(\d{2}):(\d{2})[ T](\d{2}:\d{2}:\d{2})$")
_OFFSET = re.compile(r"^[+-]\d{2}:\d{2}$")
_XMP_RATING = re.compile(rb"(?:xmp|xap):Rating\s*(?:=\s*\"|>)\s*(-?\d)")
_XMP_WORDS = (b"dc:subject", b"dc:description", b"photoshop:Headline", b"mwg-rs:RegionList", b"MotionPhoto")


def read_metadata(path: Path) -> Metadata:
    """Read what a file says of itself, without decoding its pixels.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: its header makes no sense.
    """
    with opened(path) as (image, data_format):
        return metadata_of(image, data_format)


def metadata_of(image: Image.Image, data_format: str) -> Metadata:
    """Return the metadata of an opened picture; call it before the pixels are decoded."""
    base = image.getexif()
    exif: Mapping[int, Any] = base.get_ifd(ExifTags.IFD.Exif)
    gps: Mapping[int, Any] = base.get_ifd(ExifTags.IFD.GPSInfo)
    xmp = _xmp(image)
    rating = _rating(base, xmp)
    camera = _camera(base)
    captured_at = _captured_at(base, exif)
    caption = _text(base.get(ExifTags.Base.ImageDescription))
    has_gps = ExifTags.GPS.GPSLatitude in gps
    width_pixels, height_pixels = upright_size(image)
    filled = [camera, captured_at, _text(exif.get(ExifTags.Base.LensModel)), caption, has_gps, rating]
    filled += [exif.get(ExifTags.Base.ExposureTime), image.info.get("icc_profile")]
    filled += [word in xmp for word in _XMP_WORDS]
    return Metadata(
        width_pixels=width_pixels,
        height_pixels=height_pixels,
        format=data_format,
        orientation=orientation_of(image),
        is_lossless=data_format in _LOSSLESS,
        jpeg_quality=jpeg_quality(image.quantization) if isinstance(image, JpegImageFile) else None,
        frames=frame_count(image),
        camera=camera,
        captured_at=captured_at,
        has_gps=has_gps,
        rating=rating,
        has_caption=bool(caption) or b"dc:description" in xmp,
        software=_text(base.get(ExifTags.Base.Software)),
        fields=sum(bool(value) for value in filled),
    )


def _xmp(image: Image.Image) -> bytes:
    """Return the XMP packet as bytes; it is only searched, never parsed: nothing in it can expand or call out."""
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return packet.encode(errors="replace") if isinstance(packet, str) else bytes(packet)[:1_000_000]


def _rating(base: Mapping[int, Any], xmp: bytes) -> int | None:
    found = _XMP_RATING.search(xmp)
    value = int(found.group(1)) if found else base.get(0x4746)
    return value if isinstance(value, int) and -1 <= value <= 5 else None


def _camera(base: Mapping[int, Any]) -> str | None:
    make, model = _text(base.get(ExifTags.Base.Make)), _text(base.get(ExifTags.Base.Model))
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"
    return model or make


def _captured_at(base: Mapping[int, Any], exif: Mapping[int, Any]) -> str | None:
    """Return when the photo was taken, ISO 8601 in the camera's time, with sub-seconds and offset where known."""
    text = _text(exif.get(ExifTags.Base.DateTimeOriginal)) or _text(base.get(ExifTags.Base.DateTime))
    found = _DATE.match(text or "")
    if found is None or found.group(1) == "0000":
        return None
    year, month, day, clock = found.groups()
    subseconds = _text(exif.get(ExifTags.Base.SubsecTimeOriginal)) or ""
    offset = _text(exif.get(ExifTags.Base.OffsetTimeOriginal)) or ""
    fraction = f".{subseconds[:6]}" if subseconds.isdigit() else ""
    return f"{year}-{month}-{day}T{clock}{fraction}{offset if _OFFSET.match(offset) else ''}"


def _text(value: object) -> str | None:
    """Return hostile text clipped, on one line and without control characters."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    text = "".join(c if c.isprintable() else " " for c in value[:_MOST_CHARACTERS])
    return " ".join(text.split()) or None
