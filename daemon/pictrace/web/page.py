"""Finds the pictures that a page shows; its bytes are a stranger's, so this runs in a worker process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import urldefrag, urljoin

from lxml import etree

from pictrace.web.targets import as_linked

# Of a picture whose page does not say how large it is: before icons that do, behind what is larger than a thumbnail.
_UNKNOWN_AREA: Final = 300 * 300
# No page for people has more; it costs a second or so.
_MOST_LOOKED_AT: Final = 20_000
_LAZY: Final = ("data-src", "data-original", "data-lazy-src")
_ANNOUNCED: Final = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image")
_WEB: Final = ("http://", "https://")


def picture_urls(path: Path, base_url: str, charset: str | None, most: int) -> list[str]:
    """Return the URLs of the pictures on a page, those that say to be the largest first, each once.

    One URL for each ``<img>`` or ``<picture>``: that of its largest version. What a page says of itself
    (``og:image``) comes first. Nothing is loaded.

    Args:
        path: the page.
        base_url: where it came from; ``<base href>`` counts before it.
        charset: as the server told it; None: as the page says.
        most: so many at most.
    """
    tree = _tree(path.read_bytes(), charset)
    if tree is None:
        return []
    said = next((place for element in tree.iter("base") if (place := element.get("href"))), "")
    base = _joined(base_url, said) or base_url
    areas: dict[str, float] = {}
    for place, area in (*_announced(tree), *_shown(tree)):
        url = place if place.lower().startswith("data:image/") else _joined(base, place)
        if url is not None:
            areas[url] = max(area, areas.get(url, 0.0))
    return sorted(areas, key=lambda url: -areas[url])[:most]


def _tree(content: bytes, charset: str | None) -> etree._Element | None:
    try:
        parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, encoding=charset)
    except (LookupError, ValueError):  # a charset that nobody knows
        parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _announced(tree: etree._Element) -> Iterator[tuple[str, float]]:
    for element in tree.iter("meta"):
        place = element.get("content")
        if place and (element.get("property") or element.get("name")) in _ANNOUNCED:
            yield place, float("inf")


def _shown(tree: etree._Element) -> Iterator[tuple[str, float]]:
    # Of a `<picture>`, however many `<img>` it holds: its versions are read once.
    of_pictures: dict[etree._Element, list[tuple[str, float]]] = {}
    for image in islice(tree.iter("img"), _MOST_LOOKED_AT):
        versions = list(_versions(image))
        # Not its parent: the parser takes a `<source>` for an element that holds what follows.
        around = next(image.iterancestors("picture"), None)
        if around is not None:
            if around not in of_pictures:
                of_pictures[around] = _largest(version for one in around.iter("source") for version in _versions(one))
            versions = of_pictures[around] + versions
        plain = next((place for name in (*_LAZY, "src") if (place := image.get(name))), None)
        if versions:
            place = _largest(versions)[0][0]
        elif plain is not None:
            place = plain
        else:
            continue
        yield place, _area(image)


def _largest(versions: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the largest version alone, none of none."""
    largest = max(versions, key=lambda version: version[1], default=None)
    return [] if largest is None else [largest]


def _versions(element: etree._Element) -> Iterator[tuple[str, float]]:
    """Yield the URLs of a ``srcset`` with the width or the density that stands beside each."""
    for name in ("data-srcset", "srcset"):
        # It never goes back over what it has read: a stranger writes what it reads.
        for place, size in re.findall(r"([^\s,]\S*)(?:(?<!,)\s+([\d.]+)[wx](?=[\s,]|$))?", element.get(name) or ""):
            yield place.rstrip(","), _number(size) or 1.0


def _area(image: etree._Element) -> float:
    sides = [_number(re.sub(r"px$", "", (image.get(name) or "").strip())) for name in ("width", "height")]
    known = [side for side in sides if side is not None]
    return _UNKNOWN_AREA if not known else min(known) * max(known)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) else None


def _joined(base: str, place: str) -> str | None:
    try:
        url = urldefrag(urljoin(base, as_linked(place))).url
    except ValueError:
        return None
    return url if url.lower().startswith(_WEB) else None
