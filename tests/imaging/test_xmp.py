from __future__ import annotations

import pytest

from pictrace.imaging.xmp import NOTHING, parsed_xmp, read_xmp

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


DIGIKAM = (
    '<rdf:Description xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/">'
    "<digiKam:TagsList><rdf:Seq><rdf:li>Places/Rome</rdf:li></rdf:Seq></digiKam:TagsList>"
    "<lr:hierarchicalSubject><rdf:Bag><rdf:li>Music|AC/DC</rdf:li></rdf:Bag></lr:hierarchicalSubject>"
    "<dc:subject><rdf:Bag><rdf:li>Rome</rdf:li><rdf:li>boat</rdf:li></rdf:Bag></dc:subject></rdf:Description>"
)


def test_keywords_of_all_three_fields_are_read_once():
    assert read_xmp(packet(DIGIKAM)).keywords == ("Places/Rome", "Music/AC|DC", "boat")


def test_the_caption_in_the_default_language_is_read_without_control_characters():
    body = (
        '<rdf:Description><dc:description><rdf:Alt><rdf:li xml:lang="de">Am Meer</rdf:li>'
        '<rdf:li xml:lang="x-default"> At sea\n\tat dawn&#x202e; </rdf:li></rdf:Alt></dc:description></rdf:Description>'
    )

    assert read_xmp(packet(body)).caption == "At sea\nat dawn"


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        ("53,7.95354N", "8,43.15176E", (53.132559, 8.719196)),
        ("33,51,24.42S", "151,12,55W", (-33.856783, -151.215278)),
        ("90,0N", "180,0E", (90.0, 180.0)),
        ("0,0N", "0,0E", None),
        ("91,0N", "8,0E", None),
        ("53,60N", "8,0E", None),
        ("53,7E", "8,0N", None),
        ("nan", "8,0E", None),
        ("٥٣,7N", "8,0E", None),
        ("1" * 500 + "N", "8,0E", None),
    ],
)
def test_a_place_is_one_on_earth(latitude, longitude, place):
    body = (
        f'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="{latitude}">'
        f"<exif:GPSLongitude>{longitude}</exif:GPSLongitude></rdf:Description>"
    )

    found = read_xmp(packet(body)).place

    assert found == (None if place is None else pytest.approx(place, abs=1e-6))


MP = 'xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"'


@pytest.mark.parametrize(
    ("region", "has_faces"),
    [
        ('<rdf:li mwg:Type="Face"/>', True),
        ("<rdf:li><rdf:Description><mwg:Type>Face</mwg:Type></rdf:Description></rdf:li>", True),
        ('<rdf:li mwg:Type="Pet" mwg:Name="Rex"/>', True),
        ('<rdf:li mwg:Type="Focus"/>', False),
        ('<rdf:li mwg:Type="Focus" mwg:Name=" "/>', False),
        (f'<rdf:li {MP} MPReg:Rectangle="0.1, 0.2, 0.3, 0.4"/>', True),
        (f"<rdf:li {MP}><MPReg:PersonDisplayName>Ann</MPReg:PersonDisplayName></rdf:li>", True),
        ("<rdf:li/>", False),
    ],
)
def test_regions_of_people_are_faces(region, has_faces):
    body = f"<rdf:Description><mwg:Regions><rdf:Bag>{region}</rdf:Bag></mwg:Regions></rdf:Description>"

    assert read_xmp(packet(body)).has_faces is has_faces


def test_a_sidecar_may_be_in_utf_16_and_larger_than_a_packet():
    text = packet('<rdf:Description xmp:Rating="3"/>').decode() + " " * 2_000_000

    found = parsed_xmp(text.encode("utf-16"), most_bytes=10_000_000)

    assert found is not None
    assert found.rating == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_not_looked_at_in_any_encoding(encoding):
    text = '<!DOCTYPE a [<!ENTITY b "c">]>' + HEAD + '<rdf:Description xmp:Rating="3"/>' + TAIL

    assert parsed_xmp(text.encode(encoding), most_bytes=10_000_000) is None
