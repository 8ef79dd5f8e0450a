"""Where the elements of an XML file begin and end, to the byte, so that something can be put between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from pictrace.errors import ActError

_DEEPEST: Final = 100
_MOST_ELEMENTS: Final = 200_000
# A whole tag: no `>` ends it that stands between quotes.
_TAG: Final = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_SPACE_BEFORE: Final = re.compile(rb"[ \t\r\n]*\Z")
_LONGEST_SPACE: Final = 400


@dataclass(slots=True, eq=False, kw_only=True)
class Element:
    """An element and its place; names are ``{namespace}name``.

    ``tag`` is its name as it is written. ``scope`` is prefix → namespace as declared around it. All places are offsets
    of bytes: of its first one, behind its start tag, of its end tag, and behind all of it. An empty tag (``<a/>``) has
    no end tag: ``inner_end`` is ``end`` then.
    """

    name: str
    tag: str
    attributes: dict[str, str]
    scope: dict[str, str]
    start: int
    inner_start: int
    inner_end: int = 0
    end: int = 0
    texts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written as one tag that ends in ``/>``."""
        return self.inner_end == self.end

    @property
    def text(self) -> str:
        """What stands in it beside its children."""
        return "".join(self.texts)

    @property
    def prefix(self) -> str:
        """What stands before the colon of its tag, with the colon; nothing where there is none."""
        return self.tag[: self.tag.index(":") + 1] if ":" in self.tag else ""

    def prefix_of(self, namespace: str) -> str | None:
        """Return a prefix that means a namespace inside this element; None where none does."""
        return next((prefix for prefix, uri in self.scope.items() if uri == namespace and prefix), None)


def laid_out(content: bytes) -> list[Element]:
    """Return the elements of an XML file in the order of the file, the root first.

    Args:
        content: the file, as UTF-8 whatever it says of itself.

    Raises:
        ActError: it is no XML, or none that we touch: with a DOCTYPE, too deep, or of too many elements.
    """
    return _Reader(content).elements()


def space_before(content: bytes, at: int) -> bytes:
    """Return the white space that ends at a place: how the element there is indented."""
    found = _SPACE_BEFORE.search(content, max(0, at - _LONGEST_SPACE), at)
    return b"" if found is None else found.group()


class _Reader:
    """Follows expat through a file and notes where it is."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._elements: list[Element] = []
        self._open: list[Element] = []
        self._declared: dict[str, str] = {}
        parser = self._parser = expat.ParserCreate("utf-8", " ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._read

    def elements(self) -> list[Element]:
        """Return all elements in the order in which they begin.

        Raises:
            ActError: the content is no XML, or more of it than a sidecar has.
        """
        try:
            self._parser.Parse(self._content, True)
        except expat.ExpatError as error:
            raise ActError(f"the sidecar is no XML that can be read, so it is not touched: {error}") from error
        return self._elements

    def _refuse(self, *_: object) -> None:
        raise ActError("the sidecar holds a DOCTYPE, which no XMP has, so it is not touched")

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        self._declared[prefix or ""] = uri or ""

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= _DEEPEST or len(self._elements) >= _MOST_ELEMENTS:
            raise ActError("the sidecar is nested deeper, or has more elements, than any XMP, so it is not touched")
        start = self._parser.CurrentByteIndex
        found = _TAG.match(self._content, start)
        if found is None:
            raise ActError("the sidecar is written in a way that cannot be followed, so it is not touched")
        outer = self._open[-1].scope if self._open else {}
        expanded, tag = _names(name)
        element = Element(
            name=expanded,
            tag=tag,
            attributes={_names(key)[0]: value for key, value in attributes.items()},
            scope={**outer, **self._declared} if self._declared else outer,
            start=start,
            inner_start=found.end(),
        )
        self._declared = {}
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._elements.append(element)

    def _end(self, _: str) -> None:
        element = self._open.pop()
        if self._content[element.inner_start - 2 : element.inner_start] == b"/>":
            element.inner_end = element.end = element.inner_start
            return
        element.inner_end = self._parser.CurrentByteIndex
        element.end = self._content.index(b">", element.inner_end) + 1

    def _read(self, text: str) -> None:
        self._open[-1].texts.append(text)


def _names(name: str) -> tuple[str, str]:
    """Return a name as ``{namespace}name`` and as it is written, from how expat tells it."""
    match name.split(" "):
        case [uri, local, prefix]:
            return f"{{{uri}}}{local}", f"{prefix}:{local}"
        case [uri, local]:
            return f"{{{uri}}}{local}", local
    return name, name
