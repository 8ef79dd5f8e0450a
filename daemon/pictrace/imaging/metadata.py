"""What a photo says of itself: EXIF, XMP and IPTC, read with suspicion."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from pictrace.imaging.apple import content_identifier
from pictrace.imaging.keywords import unified
from pictrace.imaging.opening import DECODER_ERRORS, opened
from pictrace.imaging.orientation import stated_orientation, upright_size
from pictrace.imaging.quality import jpeg_quality
from pictrace.imaging.reading import frame_count
from pictrace.imaging.texts import clipped_lines, clipped_words
from pictrace.imaging.xmp import place_of, read_xmp
from pictrace.model import METADATA_VERSION, Metadata

_MOST_CHARACTERS: Final = 200
_MOST_CAPTION_BYTES: Final = 8000
_MOST_VALUES: Final = 1000
_LOSSLESS: Final = ("png", "gif", "bmp", "tiff")
_LOSSY_TIFF_COMPRESSIONS: Final = ("jpeg", "tiff_jpeg", "webp")
_OFFSET: Final = re.compile(r"[+-]\d{2}:\d{2}")
_IPTC_CAPTION: Final = (2, 120)
_IPTC_KEYWORDS: Final = (2, 25)
# Microsoft's own tag, written by Windows and some cameras.
_EXIF_RATING: Final = 0x4746
# What cameras write into every picture says nothing about this one.
_EMPTY_CAPTIONS: Final = ("OLYMPUS DIGITAL CAMERA", "SONY DSC", "MINOLTA DIGITAL CAMERA", "DCIM", "SAMSUNG")

Tags = Mapping[int, Any]  # Any: what a stranger wrote


def read_metadata(path: Path) -> Metadata:
    """Read what a file says of itself; pixels are decoded only for PNG, which may say it behind them.

    Raises:
        UnreadableError: the file cannot be opened or read.
        UndecodableError: its header makes no sense.
    """
    with opened(path) as (image, data_format):
        return metadata_of(image, data_format)


def metadata_of(image: Image.Image, data_format: str) -> Metadata:
    """Return the metadata of an opened picture; call it before the pixels are decoded.

    Broken metadata is missing metadata: the picture itself may be whole.
    """
    if isinstance(image, PngImageFile):
        image.load()
    base, exif, gps = _exif(image)
    xmp = read_xmp(_xmp_packet(image))
    iptc = _iptc(image)
    rating = xmp.rating if xmp.rating is not None else _exif_rating(base)
    caption = xmp.caption or next(iter(_iptc_texts(iptc, _IPTC_CAPTION)), None) or _exif_caption(base)
    camera, captured_at = _camera(base), _captured_at(exif)
    place = _place(gps) or xmp.place
    has_gps = place is not None or ExifTags.GPS.GPSLatitude in gps
    keywords = unified(xmp.keywords, _iptc_texts(iptc, _IPTC_KEYWORDS))
    filled = [camera, captured_at, has_gps, rating, caption, xmp.has_regions or xmp.has_faces, keywords]
    filled += [image.info.get("icc_profile")]
    filled += [_text(exif.get(ExifTags.Base.LensModel)), exif.get(ExifTags.Base.ExposureTime)]
    return replace(
        _of_picture(image, data_format),
        camera=camera,
        captured_at=captured_at,
        exposure=_exposure(exif),
        has_gps=has_gps,
        rating=rating,
        has_caption=caption is not None,
        software=_text(base.get(ExifTags.Base.Software)),
        fields=sum(bool(value) for value in filled),
        keywords=keywords,
        has_faces=xmp.has_faces,
        caption=caption,
        place=place,
        content_identifier=_text(content_identifier(exif.get(ExifTags.Base.MakerNote))),
    )


def _of_picture(image: Image.Image, data_format: str) -> Metadata:
    """Return what the picture shows of itself, whatever its tags say."""
    width_pixels, height_pixels = upright_size(image)
    return Metadata(
        width_pixels=width_pixels,
        height_pixels=height_pixels,
        format=data_format,
        orientation=stated_orientation(image),
        is_lossless=data_format in _LOSSLESS and image.info.get("compression") not in _LOSSY_TIFF_COMPRESSIONS,
        jpeg_quality=jpeg_quality(image.quantization) if isinstance(image, JpegImageFile) else None,
        frames=frame_count(image),
        version=METADATA_VERSION,
    )


def _exif(image: Image.Image) -> tuple[Tags, Tags, Tags]:
    """Return the base, Exif and GPS tags; what is broken is empty."""
    try:
        base = image.getexif()
        return base, base.get_ifd(ExifTags.IFD.Exif), base.get_ifd(ExifTags.IFD.GPSInfo)
    except DECODER_ERRORS:
        return {}, {}, {}


def _xmp_packet(image: Image.Image) -> bytes:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if isinstance(packet, str):
        return packet.encode(errors="replace")
    return packet if isinstance(packet, bytes) else b""


def _iptc(image: Image.Image) -> Mapping[tuple[int, int], Any]:
    if not isinstance(image, ImageFile.ImageFile):
        return {}
    try:
        return IptcImagePlugin.getiptcinfo(image) or {}
    except DECODER_ERRORS:
        return {}


def _exif_rating(base: Tags) -> int | None:
    value = base.get(_EXIF_RATING)
    return value if isinstance(value, int) and 0 < value <= 5 else None


def _iptc_texts(iptc: Mapping[tuple[int, int], Any], name: tuple[int, int]) -> list[str]:
    """Return the values of an IPTC field, one or many; they are UTF-8 or, in old files, Latin-1."""
    values = iptc.get(name) or []
    texts = []
    for value in (values if isinstance(values, list) else [values])[:_MOST_VALUES]:
        if isinstance(value, bytes):
            try:
                text = clipped_lines(value.decode())
            except UnicodeDecodeError:
                text = clipped_lines(value.decode("latin-1"))
            texts += [] if text is None else [text]
    return texts


def _exif_caption(base: Tags) -> str | None:
    value = base.get(ExifTags.Base.ImageDescription)
    if isinstance(value, bytes):
        value = value[:_MOST_CAPTION_BYTES].decode("utf-8", "replace")
    text = clipped_lines(value) if isinstance(value, str) else None
    return None if text is None or text.upper() in _EMPTY_CAPTIONS else text


def _place(gps: Tags) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees; None where they are missing, or no place on earth."""
    latitude = _angle(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef))
    longitude = _angle(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef))
    return place_of(latitude, longitude)


def _angle(parts: object, letter: object) -> str | None:
    """Return an angle as XMP writes it, so that one function checks all of them."""
    word = _text(letter)
    if not isinstance(parts, tuple) or len(parts) != 3 or word is None:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return f"{degrees + minutes / 60 + seconds / 3600:.9f}{word.upper()}"


def _camera(base: Tags) -> str | None:
    make, model = _text(base.get(ExifTags.Base.Make)), _text(base.get(ExifTags.Base.Model))
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"[:_MOST_CHARACTERS]
    return model or make


def _exposure(exif: Tags) -> str | None:
    """Return shutter time, aperture and sensitivity in words; None where none of them is said."""
    seconds = _number(exif.get(ExifTags.Base.ExposureTime))
    aperture = _number(exif.get(ExifTags.Base.FNumber))
    sensitivity = _number(exif.get(ExifTags.Base.ISOSpeedRatings))
    words = [] if not seconds else [f"{seconds:g} s" if seconds >= 0.5 else f"1/{1 / seconds:.0f} s"]
    words += [] if not aperture else [f"f/{aperture:.2g}"]
    words += [] if not sensitivity else [f"ISO {sensitivity:.0f}"]
    return " ".join(words) or None


def _number(value: object) -> float | None:
    """Return a finite positive number of a tag; tuples, zero denominators and words are none."""
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    try:
        number = float(value)  # type: ignore[arg-type]  # what a stranger wrote: hence the except
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def _captured_at(exif: Tags) -> str | None:
    """Return when the photo was taken, ISO 8601 in the camera's time, with sub-seconds and offset where known.

    The plain DateTime tag is when the file was last changed: two copies of one photo differ in it, so it is not used.
    """
    for date, fraction, offset in (
        (ExifTags.Base.DateTimeOriginal, ExifTags.Base.SubsecTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
        (ExifTags.Base.DateTimeDigitized, ExifTags.Base.SubsecTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
    ):
        taken = _date(_text(exif.get(date)))
        if taken is not None:
            return taken + _fraction(_text(exif.get(fraction))) + _zone(_text(exif.get(offset)))
    return None


def _date(text: str | None) -> str | None:
    try:
        # Without a zone on purpose: the camera's own clock is what EXIF holds.
        taken = datetime.strptime((text or "").replace("T", " "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    return taken.isoformat()


def _fraction(text: str | None) -> str:
    return f".{text[:6]}" if text and text.isascii() and text.isdigit() else ""


def _zone(text: str | None) -> str:
    return text if text and _OFFSET.fullmatch(text) else ""


def _text(value: object) -> str | None:
    """Return hostile text clipped, on one line and without control characters."""
    if isinstance(value, bytes):
        value = value[: 4 * _MOST_CHARACTERS].decode("utf-8", "replace")
    return clipped_words(value) if isinstance(value, str) else None
