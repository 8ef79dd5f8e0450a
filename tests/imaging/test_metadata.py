from __future__ import annotations

import struct

import pytest
from PIL import Image

from pictrace.imaging import read_metadata

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>"""


@pytest.fixture
def image():
    return Image.new("RGB", (60, 40), (10, 120, 200))


def exif_with(base=None, exif=None, gps=None):
    tags = Image.Exif()
    for number, value in (base or {}).items():
        tags[number] = value
    tags.get_ifd(0x8769).update(exif or {})
    tags.get_ifd(0x8825).update(gps or {})
    return tags


@pytest.mark.parametrize("data_format", ["jpeg", "png", "tiff", "webp", "avif", "heic"])
def test_camera_time_place_and_software_are_read_from_every_format(stored, image, data_format):
    exif = exif_with(
        {0x010F: "Nikon", 0x0110: "D70", 0x0131: "Editor 2"},
        {0x9003: "2021:03:04 05:06:07", 0x9291: "123", 0x9011: "+02:00"},
        {1: "N", 2: (48.0, 8.0, 0.0)},
    )

    metadata = read_metadata(stored(image, data_format, exif=exif))

    assert metadata.format == data_format
    assert (metadata.camera, metadata.software) == ("Nikon D70", "Editor 2")
    assert metadata.captured_at == "2021-03-04T05:06:07.123+02:00"
    assert metadata.has_gps
    assert metadata.fields == 3


def test_a_picture_without_metadata_has_none(stored, image):
    metadata = read_metadata(stored(image, "bmp"))

    assert metadata.camera is None
    assert metadata.captured_at is None
    assert metadata.rating is None
    assert not metadata.has_gps
    assert not metadata.has_caption
    assert metadata.fields == 0
    assert metadata.is_lossless


@pytest.mark.parametrize(
    "text",
    ["0000:00:00 00:00:00", "2021:13:04 05:06:07", "    :  :     :  :  ", "yesterday", "2021:03:04 25:06:07", ""],
)
def test_a_date_that_is_none_is_not_known(stored, image, text):
    assert read_metadata(stored(image, "jpeg", exif=exif_with(exif={0x9003: text}))).captured_at is None


def test_the_date_of_the_last_change_is_not_when_it_was_taken(stored, image):
    exif = exif_with({0x0132: "2022:01:01 00:00:00"})

    assert read_metadata(stored(image, "jpeg", exif=exif)).captured_at is None


def test_the_date_of_scanning_stands_in(stored, image):
    exif = exif_with(exif={0x9004: "2022:01:02 03:04:05", 0x9292: "5"})

    assert read_metadata(stored(image, "jpeg", exif=exif)).captured_at == "2022-01-02T03:04:05.5"


@pytest.mark.parametrize(("fraction", "zone"), [("1a", "02:00"), ("²", "+2"), (" ", "<b>")])
def test_fractions_and_zones_that_make_no_sense_are_left_out(stored, image, fraction, zone):
    exif = exif_with(exif={0x9003: "2021:03:04 05:06:07", 0x9291: fraction, 0x9011: zone})

    assert read_metadata(stored(image, "jpeg", exif=exif)).captured_at == "2021-03-04T05:06:07"


def test_hostile_text_is_one_short_printable_line(stored, image):
    exif = exif_with({0x010F: "A" * 900, 0x0110: "\x1b[2J" + "B" * 900, 0x0131: "one\ntwo\x00three\u202e"})

    metadata = read_metadata(stored(image, "jpeg", exif=exif))

    assert len(metadata.camera) == 200
    assert metadata.camera.isprintable()
    assert metadata.software.isprintable()
    assert metadata.software.startswith("one two")


def test_a_maker_named_in_the_model_is_not_repeated(stored, image):
    exif = exif_with({0x010F: "Canon Inc.", 0x0110: "Canon EOS R6"})

    assert read_metadata(stored(image, "jpeg", exif=exif)).camera == "Canon EOS R6"


def test_what_a_camera_writes_into_every_picture_is_no_caption(stored, image):
    assert read_metadata(stored(image, "jpeg", exif=exif_with({0x010E: "A day at sea"}))).has_caption
    assert not read_metadata(stored(image, "jpeg", exif=exif_with({0x010E: "OLYMPUS DIGITAL CAMERA "}))).has_caption


@pytest.mark.parametrize("data_format", ["jpeg", "webp", "avif", "heic"])
def test_the_rating_in_xmp_goes_before_that_in_exif(stored, image, data_format):
    path = stored(image, data_format, exif=exif_with({0x4746: 2}), xmp=XMP.encode())

    assert read_metadata(path).rating == 4


def test_the_rating_in_exif_is_read(stored, image):
    assert read_metadata(stored(image, "jpeg", exif=exif_with({0x4746: 2}))).rating == 2
    assert read_metadata(stored(image, "jpeg", exif=exif_with({0x4746: 99}))).rating is None


def iptc_block(records):
    data = b"".join(
        b"\x1c" + bytes(number) + struct.pack(">H", len(words)) + words for number, words in records.items()
    )
    body = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)
    segment = b"Photoshop 3.0\0" + body
    return b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment


def test_caption_and_keywords_in_iptc_count(stored, image):
    path = stored(image, "jpeg")
    whole = path.read_bytes()
    path.write_bytes(whole[:2] + iptc_block({(2, 120): b"At sea", (2, 25): b"boat"}) + whole[2:])

    metadata = read_metadata(path)

    assert metadata.has_caption
    assert metadata.fields == 2


def test_broken_iptc_is_no_iptc(stored, image):
    path = stored(image, "jpeg")
    whole = path.read_bytes()
    block = iptc_block({(2, 120): b"At sea"}).replace(b"\x1c", b"\x1d")
    path.write_bytes(whole[:2] + block + whole[2:])

    assert not read_metadata(path).has_caption


def test_jpeg_quality_is_known_for_jpeg_only(stored, image):
    assert read_metadata(stored(image, "jpeg", quality=83)).jpeg_quality == 83
    assert read_metadata(stored(image, "webp", quality=83)).jpeg_quality is None


def test_a_tiff_may_be_lossy(stored, image):
    assert read_metadata(stored(image, "tiff", compression="tiff_lzw")).is_lossless
    assert not read_metadata(stored(image, "tiff", compression="jpeg")).is_lossless


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({0x829A: 1 / 60, 0x829D: 2.8, 0x8827: 100}, "1/60 s f/2.8 ISO 100"),
        ({0x829A: 2.0}, "2 s"),
        ({0x829D: 11.0}, "f/11"),
        ({}, None),
    ],
)
def test_the_exposure_is_said_as_far_as_it_is_known(stored, image, tags, words):
    assert read_metadata(stored(image, "jpeg", exif=exif_with(exif=tags))).exposure == words


def iptc_values(path, *values):
    """Put IPTC keywords into a JPEG."""
    whole = path.read_bytes()
    data = b"".join(b"\x1c\x02\x19" + struct.pack(">H", len(words)) + words for words in values)
    body = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)
    segment = b"Photoshop 3.0\0" + body
    path.write_bytes(whole[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + whole[2:])
    return path


KEYWORDS = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 exif:GPSLatitude="1,30N" exif:GPSLongitude="2,0W"><lr:hierarchicalSubject><rdf:Bag><rdf:li>Places|Rome</rdf:li>
</rdf:Bag></lr:hierarchicalSubject></rdf:Description></rdf:RDF></x:xmpmeta>"""


def test_keywords_come_from_xmp_and_iptc_in_any_letters(stored, image):
    path = stored(image, "jpeg", xmp=KEYWORDS.encode())

    metadata = read_metadata(iptc_values(path, b"Rome", "Zürich".encode(), "Köln".encode("latin-1"), b"a/b\x07"))

    assert metadata.keywords == ("Places/Rome", "Zürich", "Köln", "a/b")


def test_the_words_of_the_caption_are_kept_without_control_characters(stored, image):
    metadata = read_metadata(stored(image, "jpeg", exif=exif_with({0x010E: "A day\nat\x1b[31m sea " + "x" * 9000})))

    assert metadata.caption is not None
    assert metadata.caption.startswith("A day\nat [31m sea xxx")
    assert len(metadata.caption) <= 2000


@pytest.mark.parametrize(
    ("gps", "place"),
    [
        ({1: "S", 2: (33.0, 51.0, 24.42), 3: "E", 4: (151.0, 12.0, 55.0)}, (-33.856783, 151.215278)),
        ({1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (8.0, 0.0, 0.0)}, None),
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, None),
        ({1: "x", 2: (5.0, 0.0, 0.0), 3: "E", 4: (8.0, 0.0, 0.0)}, None),
        ({2: (5.0, 0.0, 0.0), 4: (8.0, 0.0, 0.0)}, None),
        ({1: "N", 2: 5.0, 3: "E", 4: (8.0, 0.0)}, None),
    ],
)
def test_the_place_in_exif_is_read_where_it_is_on_earth(stored, image, gps, place):
    metadata = read_metadata(stored(image, "jpeg", exif=exif_with(gps=gps)))

    assert metadata.place == (None if place is None else pytest.approx(place, abs=1e-5))


def test_the_place_in_xmp_counts_where_exif_has_none(stored, image):
    metadata = read_metadata(stored(image, "jpeg", xmp=KEYWORDS.encode()))

    assert metadata.place == (1.5, -2.0)
    assert metadata.has_gps


def test_a_rating_of_none_is_no_field_that_is_filled(stored, image):
    unrated = XMP.replace('"4"', '"0"').encode()

    assert read_metadata(stored(image, "jpeg", xmp=unrated)).fields == 0
