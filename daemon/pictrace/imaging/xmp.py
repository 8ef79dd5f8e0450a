"""The few XMP values we ask for, from a packet or a sidecar that a stranger wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pictrace.imaging.keywords import flat, keyword_path, unified
from pictrace.imaging.texts import clipped_lines, clipped_words

MOST_SIDECAR_BYTES: Final = 16 * 1024 * 1024
_MOST_PACKET_BYTES: Final = 1_000_000
_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_DESCRIPTION: Final = f"{_DC}description"
_LATITUDE: Final = "{http://ns.adobe.com/exif/1.0/}GPSLatitude"
_LONGITUDE: Final = "{http://ns.adobe.com/exif/1.0/}GPSLongitude"
_RATING: Final = "{http://ns.adobe.com/xap/1.0/}Rating"
_TAGS_LIST: Final = "{http://www.digikam.org/ns/1.0/}TagsList"
_HIERARCHICAL: Final = "{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject"
_SIDECAR_FOR: Final = "{http://ns.adobe.com/photoshop/1.0/}SidecarForExtension"
_MWG: Final = "{http://www.metadataworkinggroup.com/schemas/regions/}"
_MICROSOFT: Final = "{http://ns.microsoft.com/photo/1.2/t/Region#}"
# Regions with a name, and those that Windows marks people with.
_NAMES_OF_PEOPLE: Final = (f"{_MWG}Name", f"{_MICROSOFT}PersonDisplayName", f"{_MICROSOFT}Rectangle")
_SIMPLE: Final = (_RATING, _DESCRIPTION, _LATITUDE, _LONGITUDE, _SIDECAR_FOR, f"{_MWG}Type", *_NAMES_OF_PEOPLE)
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
# Degrees, and minutes and seconds where they are said: 53,7.95354N or 53,7,57N.
_ANGLE: Final = re.compile(
    r"(\d{1,3}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,12})?))?(?:,(\d{1,2}(?:\.\d{1,12})?))?([NSEW])", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Xmp:
    """What we ask XMP for.

    ``rating`` is -1 (rejected) to 5. ``keywords``: levels split by ``/``, a ``/`` inside a name written ``|``.
    ``place`` is latitude and longitude in degrees. ``has_regions``: parts of the picture are marked; ``has_faces``:
    as people. ``sidecar_for`` is the ending of the file that a sidecar says it belongs to.
    """

    rating: int | None = None
    caption: str | None = None
    keywords: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    has_regions: bool = False
    has_faces: bool = False
    sidecar_for: str | None = None

    @property
    def has_caption(self) -> bool:
        """Whether it describes the picture in words."""
        return self.caption is not None

    @property
    def names(self) -> set[str]:
        """Its keywords as they stand where there are no levels."""
        return {flat(keyword) for keyword in self.keywords}

    @property
    def has_keywords(self) -> bool:
        """Whether it has any keyword."""
        return bool(self.keywords)


NOTHING: Final = Xmp()


def read_xmp(packet: bytes) -> Xmp:
    """Return what a packet says, `NOTHING` for one that is too large, broken, or declares entities."""
    return parsed_xmp(packet, most_bytes=_MOST_PACKET_BYTES) or NOTHING


def parsed_xmp(packet: bytes, *, most_bytes: int) -> Xmp | None:
    """Return what a packet or a sidecar says; None where it cannot be read.

    Args:
        packet: its bytes; packets may be padded with zeros.
        most_bytes: more are not looked at.
    """
    if not packet.startswith(_BYTE_ORDER_MARKS):
        packet = packet.strip(b"\x00 \r\n\t")
    if not packet or len(packet) > most_bytes:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(packet, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        return None
    return _read(root)


def _read(root: etree._Element) -> Xmp:
    simple = _simple(root)
    paths = [keyword_path(text) for text in _listed(root, _TAGS_LIST)]
    paths += [keyword_path(text, between="|") for text in _listed(root, _HIERARCHICAL)]
    return Xmp(
        rating=_rating(simple[_RATING]),
        caption=_caption(root, simple[_DESCRIPTION]),
        keywords=unified(paths, _listed(root, f"{_DC}subject")),
        place=place_of(_first(simple[_LATITUDE]), _first(simple[_LONGITUDE])),
        has_regions=next(root.iter(f"{_MWG}Regions"), None) is not None,
        has_faces=any(text.strip() == "Face" for text in simple[f"{_MWG}Type"])
        or any(text.strip() for name in _NAMES_OF_PEOPLE for text in simple[name]),
        sidecar_for=clipped_words(_first(simple[_SIDECAR_FOR])),
    )


def _simple(root: etree._Element) -> dict[str, list[str]]:
    """Return every value of the simple properties, written as elements or as attributes."""
    found: dict[str, list[str]] = {name: [] for name in _SIMPLE}
    for element in root.iter("*"):
        if element.tag in found:
            found[element.tag].append(element.text or "")
        for name in found.keys() & element.keys():
            found[name].append(element.get(name) or "")
    return found


def _first(texts: list[str]) -> str | None:
    return next((text for text in texts if text), None)


def _listed(root: etree._Element, name: str) -> list[str]:
    return [item.text or "" for element in root.iter(name) for item in element.iter(f"{_RDF}li")]


def _rating(texts: Iterable[str]) -> int | None:
    for text in texts:
        try:
            rating = int(float(text))
        except (ValueError, OverflowError):
            continue
        if -1 <= rating <= 5:
            return rating
    return None


def _caption(root: etree._Element, texts: Iterable[str]) -> str | None:
    """Return the description in the default language, or in the first one that has any."""
    items = [item for element in root.iter(_DESCRIPTION) for item in element.iter(f"{_RDF}li")]
    items.sort(key=lambda item: item.get(_LANGUAGE) != "x-default")
    texts = (item.text or "" for item in items) if items else texts
    return next((caption for text in texts if (caption := clipped_lines(text))), None)


def place_of(latitude: str | None, longitude: str | None) -> tuple[float, float] | None:
    """Return the degrees that XMP's two words mean; None where they mean no place on earth."""
    first, second = _degrees(latitude, "NS", 90), _degrees(longitude, "EW", 180)
    # Nobody takes photos in the sea off Africa where both are zero: that is a receiver without a signal.
    return None if first is None or second is None or (first == 0 and second == 0) else (first, second)


def _degrees(text: str | None, letters: str, most: int) -> float | None:
    found = _ANGLE.fullmatch((text or "").strip()[:60])
    if found is None or found.group(4) not in letters:
        return None
    degrees, minutes, seconds = (float(part or 0) for part in found.groups()[:3])
    value = degrees + minutes / 60 + seconds / 3600
    if minutes >= 60 or seconds >= 60 or value > most:
        return None
    return -value if found.group(4) == letters[1] and value else value
