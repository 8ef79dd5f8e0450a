"""The few XMP values we ask for, from a packet that a stranger wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

_MOST_PACKET_BYTES: Final = 1_000_000
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RATING: Final = "{http://ns.adobe.com/xap/1.0/}Rating"
_REGIONS: Final = "{http://www.metadataworkinggroup.com/schemas/regions/}Regions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Xmp:
    """What we ask an XMP packet for; ``rating`` is -1 (rejected) to 5."""

    rating: int | None = None
    has_caption: bool = False
    has_keywords: bool = False
    has_regions: bool = False


NOTHING: Final = Xmp()


def read_xmp(packet: bytes) -> Xmp:
    """Return what a packet says, `NOTHING` for one that is too large, broken, or declares entities."""
    packet = packet.strip(b"\x00 \r\n\t")
    if not packet or len(packet) > _MOST_PACKET_BYTES or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return NOTHING
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(packet, parser)
    except (etree.XMLSyntaxError, ValueError):
        return NOTHING
    return Xmp(
        rating=_rating(root),
        has_caption=_has_words(root, f"{_DC}description"),
        has_keywords=_has_words(root, f"{_DC}subject"),
        has_regions=next(root.iter(_REGIONS), None) is not None,
    )


def _rating(root: etree._Element) -> int | None:
    texts = [element.text for element in root.iter(_RATING)]
    texts += [value for element in root.iter(f"{_RDF}Description") if (value := element.get(_RATING))]
    for text in texts:
        try:
            rating = int(float(text or ""))
        except (ValueError, OverflowError):
            continue
        if -1 <= rating <= 5:
            return rating
    return None


def _has_words(root: etree._Element, tag: str) -> bool:
    return any((item.text or "").strip() for element in root.iter(tag) for item in element.iter(f"{_RDF}li"))
