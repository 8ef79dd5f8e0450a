"""What PicTrace writes into sidecars, as XML.

Fields after Adobe's XMP specification, parts 1 and 2 (dc:subject, dc:description, xmp:Rating, exif:GPS…,
xmpMM:DerivedFrom), Lightroom (lr:hierarchicalSubject, levels split by ``|``) and digiKam (digiKam:TagsList, by ``/``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from pictrace.imaging.keywords import flat, piped

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NAMESPACES: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}
# field → (kind of list, how a keyword stands in it)
KEYWORD_FIELDS: Final[dict[str, tuple[str, Callable[[str], str]]]] = {
    "dc:subject": ("Bag", flat),
    "lr:hierarchicalSubject": ("Bag", piped),
    "digiKam:TagsList": ("Seq", str),
}
_REFERENCE: Final = "http://ns.adobe.com/xap/1.0/sType/ResourceRef#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a sidecar is to say, where it does not say it already.

    ``keywords``: levels split by ``/``, a ``/`` inside a name written ``|``. ``own_keywords`` are those in the photo
    itself: they go into a sidecar that has none, because programs that find keywords there look no further.
    ``place``: latitude and longitude in degrees. ``derived_from``: the path of the file that the photo was made from.
    """

    keywords: tuple[str, ...] = ()
    own_keywords: tuple[str, ...] = ()
    rating: int | None = None
    caption: str | None = None
    place: tuple[float, float] | None = None
    derived_from: str | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is to be said; a photo's own keywords alone are no reason to write."""
        return not self.keywords and (self.rating, self.caption, self.place, self.derived_from) == (None,) * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A new element: ``inner`` is its text, escaped, or its children. ``attributes`` begin with a space."""

    tag: str
    attributes: str = ""
    inner: str | tuple[Piece, ...] = ""

    def written(self, step: str) -> str:
        """Return it as XML behind white space; children one space deeper where that has a line break."""
        if isinstance(self.inner, str):
            inner = self.inner
        else:
            inner = "".join(child.written(f"{step} " if "\n" in step else "") for child in self.inner)
            inner += step if "\n" in step else ""
        return f"{step}<{self.tag}{self.attributes}>{inner}</{self.tag}>"


def items(rdf: str, texts: Iterable[str]) -> tuple[Piece, ...]:
    """Return items of a list; ``rdf`` is the prefix, with its colon, that RDF has in the file."""
    return tuple(Piece(tag=f"{rdf}li", inner=escaped(text)) for text in texts)


def simple_properties(wanted: Wanted, rdf: str) -> list[tuple[Piece, ...]]:
    """Return what is no list of keywords, each with the usual prefix of its namespace, not declared yet.

    What stands together is added together or not at all: half a place of another photo would make one that never was.
    """
    found: list[tuple[Piece, ...]] = []
    if wanted.rating is not None:
        found.append((Piece(tag="xmp:Rating", inner=str(wanted.rating)),))
    if wanted.place is not None:
        latitude = Piece(tag="exif:GPSLatitude", inner=_angle(wanted.place[0], "NS"))
        found.append((latitude, Piece(tag="exif:GPSLongitude", inner=_angle(wanted.place[1], "EW"))))
    if wanted.caption is not None:
        text = Piece(tag=f"{rdf}li", attributes=' xml:lang="x-default"', inner=escaped(wanted.caption))
        found.append((Piece(tag="dc:description", inner=(Piece(tag=f"{rdf}Alt", inner=(text,)),)),))
    if wanted.derived_from is not None:
        path = Piece(tag="stRef:filePath", inner=escaped(wanted.derived_from))
        attributes = f' xmlns:stRef="{_REFERENCE}" {rdf}parseType="Resource"'
        found.append((Piece(tag="xmpMM:DerivedFrom", attributes=attributes, inner=(path,)),))
    return found


def expanded(name: str) -> str:
    """Return a property with its usual prefix as ``{namespace}name``."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def escaped(text: str, *, is_attribute: bool = False) -> str:
    """Return text as it stands in XML."""
    return escape(text, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"} if is_attribute else {"\r": "&#13;"})


def _angle(degrees: float, letters: str) -> str:
    """Return degrees as XMP writes them: 53,7.95354000N."""
    whole, minutes = divmod(round(abs(degrees) * 60, 8), 60)
    return f"{int(whole)},{minutes:.8f}{letters[degrees < 0]}"
