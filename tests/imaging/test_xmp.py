from __future__ import annotations

import pytest

from pictrace.imaging.xmp import NOTHING, read_xmp

HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:mwg="http://www.metadataworkinggroup.com/schemas/regions/">'
)
TAIL = "</rdf:RDF></x:xmpmeta>"


def packet(body):
    return f'<?xpacket begin="" id="W5M0"?>{HEAD}{body}{TAIL}<?xpacket end="w"?>'.encode()


@pytest.mark.parametrize(
    ("body", "rating"),
    [
        ('<rdf:Description xmp:Rating="3"/>', 3),
        ("<rdf:Description><xmp:Rating>5</xmp:Rating></rdf:Description>", 5),
        ('<rdf:Description xmp:Rating="-1"/>', -1),
        ('<rdf:Description xmp:Rating="4.0"/>', 4),
        ('<rdf:Description xmp:Rating="99"/>', None),
        ('<rdf:Description xmp:Rating="inf"/>', None),
        ('<rdf:Description xmp:Rating="many"/>', None),
        ("<rdf:Description/>", None),
    ],
)
def test_ratings_are_read_however_they_are_written(body, rating):
    assert read_xmp(packet(body)).rating == rating


def test_the_prefix_does_not_matter():
    body = '<rdf:Description xmlns:other="http://ns.adobe.com/xap/1.0/" other:Rating="2"/>'

    assert read_xmp(packet(body)).rating == 2


def test_caption_keywords_and_regions_are_seen():
    body = (
        '<rdf:Description><dc:description><rdf:Alt><rdf:li xml:lang="x-default">At sea</rdf:li></rdf:Alt>'
        "</dc:description><dc:subject><rdf:Bag><rdf:li>boat</rdf:li></rdf:Bag></dc:subject>"
        "<mwg:Regions/></rdf:Description>"
    )

    found = read_xmp(packet(body))

    assert found.has_caption
    assert found.has_keywords
    assert found.has_regions


def test_an_empty_caption_is_none():
    body = "<rdf:Description><dc:description><rdf:Alt><rdf:li> </rdf:li></rdf:Alt></dc:description></rdf:Description>"

    assert not read_xmp(packet(body)).has_caption


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x00\x00",
        b"no xml",
        b"<open>",
        b"\xff\xfe\x00",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>',
        packet('<rdf:Description xmp:Rating="3"/>') + b" " * 1_000_001 + b"<",
        b"<a>" * 100_000,
    ],
)
def test_a_hostile_packet_says_nothing(hostile):
    assert read_xmp(hostile) == NOTHING


def test_trailing_zeros_are_padding():
    assert read_xmp(packet('<rdf:Description xmp:Rating="3"/>') + b"\0\0").rating == 3
