"""Puts bytes between the bytes of a sidecar, and proves that all that was there is still there."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pictrace.act.xml_layout import laid_out
from pictrace.errors import ActError
from pictrace.imaging.xmp import MOST_SIDECAR_BYTES

_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED: Final = re.compile(rb"""\A<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Bytes to be put in at a place of a sidecar; what lies before ``until`` is replaced."""

    at: int
    until: int
    text: bytes

    @classmethod
    def insertion(cls, at: int, text: bytes) -> Edit:
        """Return an edit that replaces nothing."""
        return cls(at=at, until=at, text=text)


def require_utf8(content: bytes) -> None:
    """Refuse what is not UTF-8: exiftool and exiv2 read no sidecar in UTF-16 either, so nobody would see the keywords.

    Raises:
        ActError: it is in another encoding, or too large.
    """
    if len(content) > MOST_SIDECAR_BYTES:
        raise ActError(f"the sidecar has {len(content)} bytes; the limit is {MOST_SIDECAR_BYTES}")
    declared = _DECLARED.match(content.removeprefix(codecs.BOM_UTF8))
    name = "utf-16" if content.startswith(_UTF16_MARKS) else declared.group(1).decode("ascii") if declared else "utf-8"
    if name.lower() != "utf-8":
        raise ActError(f"the sidecar is written in {name}, where PicTrace writes UTF-8, so it is not touched")


def spliced(content: bytes, edits: Sequence[Edit]) -> bytes:
    """Return a sidecar with edits made, once it is proved that only elements were added.

    Args:
        content: the sidecar.
        edits: what to put in; they do not overlap.

    Raises:
        ActError: without what was added it would not say what it said before; nothing is to be written.
    """
    after = _applied(content, edits)
    if _without(after, _added(after, edits)) != _canonical(_parsed(content)):
        raise ActError("the sidecar is written in a way in which nothing can be added safely, so it is not touched")
    return after


def _applied(content: bytes, edits: Sequence[Edit]) -> bytes:
    parts, done = [], 0
    for edit in sorted(edits, key=lambda one: one.at):
        parts += [content[done : edit.at], edit.text]
        done = edit.until
    return b"".join([*parts, content[done:]])


def _added(after: bytes, edits: Sequence[Edit]) -> set[int]:
    """Return which elements begin in what was put in, by their number in the order of the file."""
    spans, shift = [], 0
    for edit in sorted(edits, key=lambda one: one.at):
        spans.append(range(edit.at + shift, edit.at + shift + len(edit.text)))
        shift += len(edit.text) - (edit.until - edit.at)
    return {number for number, element in enumerate(laid_out(after)) if any(element.start in span for span in spans)}


def _without(content: bytes, added: set[int]) -> bytes:
    tree = _parsed(content)
    for number, element in enumerate(list(tree.getroot().iter("*"))):
        parent = element.getparent()
        if number in added and parent is not None:
            parent.remove(element)
    return _canonical(tree)


def _canonical(tree: etree._ElementTree) -> bytes:
    # White space around elements is told apart from nothing: what was put in has its own.
    written = etree.tostring(tree, method="c14n2", strip_text=True)  # type: ignore[call-overload]  # not in the stubs
    return bytes(written)


def _parsed(content: bytes) -> etree._ElementTree:
    """Parse with another parser than the one that found the places."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.ElementTree(etree.fromstring(content, parser))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ActError(f"the sidecar is no XML that can be read, so it is not touched: {error}") from error
