"""XMP sidecars: keywords in the three fields that photo managers read; everything else in the file stays.

Fields after Adobe's XMP specification, part 2 (dc:subject), Lightroom (lr:hierarchicalSubject, levels split by ``|``)
and digiKam (digiKam:TagsList, levels split by ``/``).
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from pictrace.errors import ActError

MOST_SIDECAR_BYTES = 16 * 1024 * 1024
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": _RDF,
    "dc": "http://purl.org/dc/elements/1.1/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
}
# field → (list type, what stands between the levels of a keyword)
_FIELDS = {"dc:subject": ("Bag", "/"), "lr:hierarchicalSubject": ("Bag", "|"), "digiKam:TagsList": ("Seq", "/")}
_EMPTY = (
    f'<x:xmpmeta xmlns:x="{_NAMESPACES["x"]}" x:xmptk="PicTrace"><rdf:RDF xmlns:rdf="{_RDF}">'
    f'<rdf:Description rdf:about=""/></rdf:RDF></x:xmpmeta>'
).encode()


def with_tags(content: bytes | None, tags: Sequence[str]) -> bytes:
    """Return a sidecar with keywords added; unchanged bytes where it holds them all.

    Args:
        content: the sidecar as it is, None where there is none.
        tags: keywords; levels are split by ``/``.

    Raises:
        ActError: it is no XMP that can be read, and so is not touched.
    """
    tree = _parsed(_EMPTY if content is None else content)
    description = tree.find(".//rdf:Description", _NAMESPACES)
    if description is None:
        raise ActError("the sidecar holds no rdf:Description, so nothing is added to it")
    added = [
        _add(tree, description, field, [tag.strip("/ ").replace("/", between) for tag in tags], kind)
        for field, (kind, between) in _FIELDS.items()
    ]
    if content is not None and not any(added):
        return content
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _parsed(content: bytes) -> etree._ElementTree:
    if len(content) > MOST_SIDECAR_BYTES:
        raise ActError(f"the sidecar has {len(content)} bytes; the limit is {MOST_SIDECAR_BYTES}")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.ElementTree(etree.fromstring(content, parser))
    except etree.XMLSyntaxError as error:
        raise ActError(f"the sidecar is no XML that can be read, so it is not touched: {error}") from error
    if tree.docinfo.internalDTD is not None or tree.docinfo.root_name is None:
        raise ActError("the sidecar holds a DOCTYPE, which no XMP has, so it is not touched")
    return tree


def _add(
    tree: etree._ElementTree,
    description: etree._Element,
    field: str,
    keywords: Sequence[str],
    kind: str,
) -> bool:
    """Add keywords to a field; returns whether any was missing."""
    prefix, name = field.split(":")
    uri = _NAMESPACES[prefix]
    element = tree.find(f".//{{{uri}}}{name}")
    if element is None:
        element = etree.SubElement(description, f"{{{uri}}}{name}", nsmap={prefix: uri})
    listed = next(iter(element), None)
    if listed is None:
        listed = etree.SubElement(element, f"{{{_RDF}}}{kind}")
    known = {item.text for item in listed}
    missing = [keyword for keyword in keywords if keyword not in known]
    for keyword in missing:
        etree.SubElement(listed, f"{{{_RDF}}}li").text = keyword
    return bool(missing)
