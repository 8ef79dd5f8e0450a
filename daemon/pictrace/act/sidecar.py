"""XMP sidecars: where something is added to them; everything else in the file stays as it is, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pictrace.act.splicing import Edit, require_utf8, spliced
from pictrace.act.xml_layout import Element, laid_out, space_before
from pictrace.act.xmp_values import (
    KEYWORD_FIELDS,
    NAMESPACES,
    RDF,
    Piece,
    Wanted,
    escaped,
    expanded,
    items,
    simple_properties,
)
from pictrace.errors import ActError
from pictrace.imaging.keywords import flat
from pictrace.imaging.xmp import MOST_SIDECAR_BYTES, parsed_xmp

_LISTS = tuple(f"{{{RDF}}}{kind}" for kind in ("Bag", "Seq", "Alt"))
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="PicTrace">\n'
    f' <rdf:RDF xmlns:rdf="{RDF}">\n  <rdf:Description rdf:about="">\n  </rdf:Description>\n </rdf:RDF>\n'
    "</x:xmpmeta>\n"
).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A sidecar with all that was wanted, and the names of the properties that were there already and stayed."""

    content: bytes | None
    left: tuple[str, ...] = ()


def merged(content: bytes | None, wanted: Wanted) -> Merged:
    """Return a sidecar to which what is wanted was added; the very same bytes where it says it all.

    Args:
        content: the sidecar as it is, None where there is none.
        wanted: what it is to say.

    Raises:
        ActError: it is no XMP that can be read, or written in a way in which nothing can be added; it is not touched.
    """
    if wanted.is_nothing:
        return Merged(content=content)
    before = _EMPTY if content is None else content
    sheet = _Sheet(before)
    left = sheet.add(wanted)
    edits = sheet.edits()
    if not edits:
        return Merged(content=content, left=left)
    after = spliced(before, edits)
    said = parsed_xmp(after, most_bytes=2 * MOST_SIDECAR_BYTES)
    if said is None or not {flat(keyword) for keyword in wanted.keywords} <= said.names:
        raise ActError("the sidecar would not say what was added to it, so it is not touched")
    return Merged(content=after, left=left)


class _Sheet:
    """A sidecar, and what is to be added to it."""

    def __init__(self, content: bytes) -> None:
        require_utf8(content)
        self._content = content
        self._descriptions = _descriptions(laid_out(content))
        self._edits: list[Edit] = []
        self._properties: list[Piece] = []
        # Where new properties go: into what is there, or into one more like it where that is a single tag.
        self._host = next((one for one in self._descriptions if not one.is_empty_tag), self._descriptions[-1])
        if not self._host.prefix or self._host.text.strip():
            raise ActError("the sidecar's rdf:Description is written in a way that PicTrace does not write")

    def add(self, wanted: Wanted) -> tuple[str, ...]:
        """Note what is missing; returns the names of the simple properties that are there already."""
        keywords = wanted.keywords
        lists = {name: self._list(name) for name in KEYWORD_FIELDS} if keywords else {}
        if keywords and not any(lists.values()):
            keywords = tuple(dict.fromkeys([*wanted.own_keywords, *keywords]))
        for name, element in lists.items():
            kind, spelled = KEYWORD_FIELDS[name]
            self._add_items(name, element, kind, [spelled(keyword) for keyword in keywords])
        left: list[str] = []
        for pieces in simple_properties(wanted, self._host.prefix):
            there = [piece.tag for piece in pieces if self._is_there(piece.tag)]
            left += there
            if not there:
                self._properties += map(self._declared, pieces)
        return tuple(left)

    def edits(self) -> list[Edit]:
        """Return what is to be put in."""
        if not self._properties:
            return self._edits
        return [*self._edits, self._in_one_more() if self._host.is_empty_tag else self._in_host()]

    def _list(self, name: str) -> Element | None:
        """Return the element of a keyword field; None where there is none.

        Raises:
            ActError: it is no plain list.
        """
        wanted = expanded(name)
        found = [child for one in self._descriptions for child in one.children if child.name == wanted]
        is_plain = len(found) <= 1 and not any(wanted in one.attributes for one in self._descriptions)
        for element in found:
            is_plain &= not element.attributes and not element.text.strip() and len(element.children) <= 1
            is_plain &= all(_is_plain_list(child) for child in element.children)
        if not is_plain:
            raise ActError(f"the sidecar holds {name} in a form that is no plain list, so it is not touched")
        return found[0] if found else None

    def _is_there(self, name: str) -> bool:
        wanted = expanded(name)
        return any(
            wanted in one.attributes or any(child.name == wanted for child in one.children)
            for one in self._descriptions
        )

    def _add_items(self, name: str, element: Element | None, kind: str, texts: Sequence[str]) -> None:
        """Have a keyword field hold some texts; ``element`` None: there is no such field."""
        listed = element.children[0] if element is not None and element.children else None
        known = set() if listed is None else {item.text.strip() for item in listed.children}
        missing = [text for text in texts if text not in known]
        if not missing:
            return
        if listed is not None:
            self._lengthen(listed, missing)
            return
        rdf = self._host.prefix
        new = Piece(tag=f"{rdf}{kind}", inner=items(rdf, missing))
        if element is None:
            self._properties.append(self._declared(Piece(tag=name, inner=(new,))))
        else:
            self._fill(element, new.written(""))

    def _lengthen(self, listed: Element, texts: Sequence[str]) -> None:
        """Add items to a list, behind its last one and indented like that."""
        last = listed.children[-1] if listed.children else None
        step = "" if last is None else space_before(self._content, last.start).decode()
        new = "".join(item.written(step) for item in items(listed.prefix, texts))
        if last is None:
            self._fill(listed, new)
        else:
            self._edits.append(Edit.insertion(last.end, new.encode()))

    def _fill(self, element: Element, inner: str) -> None:
        """Put something into an element without children; of a single tag, the slash goes to a tag of its own."""
        if element.is_empty_tag:
            text = f">{inner}</{element.tag}>".encode()
            self._edits.append(Edit(at=element.end - len("/>"), until=element.end, text=text))
        else:
            self._edits.append(Edit.insertion(element.inner_start, inner.encode()))

    def _declared(self, piece: Piece) -> Piece:
        """Return a property under the prefix that its namespace has in the file, or with a declaration of its own."""
        prefix, local = piece.tag.split(":")
        there = self._host.prefix_of(NAMESPACES[prefix])
        if there is not None:
            return replace(piece, tag=f"{there}:{local}")
        return replace(piece, attributes=f' xmlns:{prefix}="{NAMESPACES[prefix]}"{piece.attributes}')

    def _in_host(self) -> Edit:
        host = self._host
        last = host.children[-1] if host.children else None
        if last is not None:
            return Edit.insertion(last.end, self._written(space_before(self._content, last.start)))
        return Edit.insertion(host.inner_start, self._written(_deeper(space_before(self._content, host.start))))

    def _in_one_more(self) -> Edit:
        host = self._host
        step = space_before(self._content, host.start)
        about = "".join(
            f' {host.prefix}about="{escaped(value, is_attribute=True)}"'
            for name, value in host.attributes.items()
            if name in (f"{{{RDF}}}about", "about")
        )
        begin, end = step + f"<{host.tag}{about}>".encode(), step + f"</{host.tag}>".encode()
        return Edit.insertion(host.end, begin + self._written(_deeper(step)) + end)

    def _written(self, step: bytes) -> bytes:
        return "".join(piece.written(step.decode()) for piece in self._properties).encode()


def _deeper(step: bytes) -> bytes:
    return step + b" " if b"\n" in step else b""


def _descriptions(elements: Sequence[Element]) -> list[Element]:
    """Return what says something of the photo.

    Raises:
        ActError: there is nothing, or it is of several things.
    """
    frames = [element for element in elements if element.name == f"{{{RDF}}}RDF"]
    found = [child for frame in frames for child in frame.children if child.name == f"{{{RDF}}}Description"]
    if len(frames) != 1 or not found:
        raise ActError("the sidecar holds no rdf:Description, so nothing is added to it")
    subjects = {one.attributes.get(f"{{{RDF}}}about", one.attributes.get("about", "")) for one in found}
    named = {f"{{{RDF}}}{name}" for name in ("ID", "nodeID")}
    if len(subjects) > 1 or any(named & set(one.attributes) for one in found):
        raise ActError("the sidecar is about several things, so it is not touched")
    return found


def _is_plain_list(element: Element) -> bool:
    has_items_only = all(child.name == f"{{{RDF}}}li" for child in element.children)
    return element.name in _LISTS and has_items_only and bool(element.prefix) and not element.text.strip()
