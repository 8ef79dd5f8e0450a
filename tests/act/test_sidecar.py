"""What is put into sidecars, and that all else in them stays."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from pictrace.act.sidecar import merged
from pictrace.act.xmp_values import Wanted
from pictrace.errors import ActError
from pictrace.imaging.xmp import parsed_xmp

from .sheets import CAMERA_RAW, DARKTABLE, sheet

TAGS = Wanted(keywords=("pictrace/copy", "AC|DC", "Zürich <&>"))
ALL = Wanted(keywords=TAGS.keywords, rating=4, caption="By the sea,\nat dawn", place=(-33.856784, 151.215297))


def _tagged(content: bytes | None, wanted: Wanted = TAGS) -> bytes:
    after = merged(content, wanted).content
    assert after is not None
    return after


def _added_lines(after: bytes, before: bytes) -> list[bytes]:
    """Return the lines that were put in, once all the old ones are seen to be there, in order and unchanged."""
    added, rest = [], before.splitlines(keepends=True)
    for line in after.splitlines(keepends=True):
        if rest and line == rest[0]:
            rest.pop(0)
        else:
            added.append(line)
    assert rest == []
    return added


@pytest.fixture(params=["exiftool", "exiv2"])
def read_by(request: pytest.FixtureRequest, tmp_path: Path):
    """Return a function that has another program read the three keyword fields of a sidecar."""
    program = request.param
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: nobody but PicTrace read what PicTrace wrote")

    def read(content: bytes) -> list[list[str]]:
        path = tmp_path / "photo.jpg.xmp"
        path.write_bytes(content)
        return _by_exiftool(path) if program == "exiftool" else _by_exiv2(path)

    return read


def _by_exiftool(path: Path) -> list[list[str]]:
    names = ("Subject", "HierarchicalSubject", "TagsList")
    command = ["exiftool", "-j", *(f"-XMP:{name}" for name in names), str(path)]
    [found] = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    return [[str(one) for one in (found[name] if isinstance(found[name], list) else [found[name]])] for name in names]


def _by_exiv2(path: Path) -> list[list[str]]:
    keys = ("Xmp.dc.subject", "Xmp.lr.hierarchicalSubject", "Xmp.digiKam.TagsList")
    found = []
    for key in keys:
        command = ["exiv2", "-q", "-K", key, "-Pt", str(path)]
        out = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
        found.append(out.strip().split(", "))
    return found


@pytest.mark.parametrize("before", [None, DARKTABLE, CAMERA_RAW], ids=["new", "darktable", "Camera Raw"])
def test_other_programs_read_the_keywords_in_all_three_fields(read_by, before) -> None:
    had = [["heron"], ["birds|heron"], []] if before is DARKTABLE else [[], [], []]

    fields = read_by(_tagged(before))

    assert fields == [
        [*had[0], "pictrace/copy", "AC/DC", "Zürich <&>"],
        [*had[1], "pictrace|copy", "AC/DC", "Zürich <&>"],
        [*had[2], "pictrace/copy", "AC|DC", "Zürich <&>"],
    ]


def test_other_programs_read_what_was_merged(tmp_path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed: nobody but PicTrace read what PicTrace wrote")
    path = tmp_path / "photo.jpg.xmp"
    path.write_bytes(
        _tagged(None, Wanted(rating=ALL.rating, caption=ALL.caption, place=ALL.place, derived_from="a.jpg"))
    )
    names = ("Rating", "Description", "GPSLatitude", "GPSLongitude", "DerivedFromFilePath")

    out = subprocess.run(
        ["exiftool", "-n", "-j", *(f"-XMP:{name}" for name in names), str(path)],
        capture_output=True,
        check=True,
        timeout=60,
    )

    [found] = json.loads(out.stdout)
    assert [found[name] for name in names] == [4, ALL.caption, -33.856784, 151.215297, "a.jpg"]


def test_a_darktable_sidecar_that_is_merged_twice_keeps_its_history_byte_for_byte() -> None:
    once = _tagged(DARKTABLE)
    twice = _tagged(once, Wanted(keywords=("another",), caption="a heron"))

    added = b"".join(_added_lines(twice, DARKTABLE))
    assert twice.startswith(DARKTABLE[: DARKTABLE.index(b"   <dc:subject>")])
    assert added.count(b"<rdf:li>") == 3 * 3 + 3
    assert b"darktable" not in added


def test_a_real_sidecar_that_is_merged_twice_keeps_every_line(corpus) -> None:
    before = (corpus / "formats/pairs/xmp_digikam.xmp").read_bytes()

    after = _tagged(_tagged(before))

    assert len(_added_lines(after, before)) == 3 * len(TAGS.keywords)


@pytest.mark.parametrize("name", ["cyclamen.xmp", "silver_fir.jpg.xmp"])
def test_a_sidecar_that_no_other_program_reads_is_refused(corpus, name) -> None:
    with pytest.raises(ActError, match="written in utf-16"):
        merged((corpus / "formats/pairs" / name).read_bytes(), TAGS)


@pytest.mark.parametrize("before", [None, DARKTABLE, CAMERA_RAW], ids=["new", "darktable", "Camera Raw"])
def test_what_is_there_already_is_not_added_again(before) -> None:
    after = _tagged(before, ALL)

    assert merged(after, ALL).content == after


def test_a_single_tag_stays_whole_and_gets_one_beside_it() -> None:
    after = _tagged(CAMERA_RAW)

    head, tail = CAMERA_RAW.split(b"\r\n </rdf:RDF>")
    assert after.startswith(head + b'\r\n  <rdf:Description rdf:about="uuid:1">\r\n   <dc:subject ')
    assert after.endswith(b"\r\n </rdf:RDF>" + tail)


def test_an_empty_list_written_as_one_tag_is_filled() -> None:
    before = sheet('<rdf:Description rdf:about=""><dc:subject><rdf:Bag /></dc:subject></rdf:Description>')

    after = _tagged(before, Wanted(keywords=("x",)))

    assert b"<dc:subject><rdf:Bag ><rdf:li>x</rdf:li></rdf:Bag></dc:subject>" in after


def test_new_items_are_indented_like_those_before_them() -> None:
    after = _tagged(DARKTABLE, Wanted(keywords=("x",)))

    assert b"     <rdf:li>heron</rdf:li>\n     <rdf:li>x</rdf:li>\n    </rdf:Bag>" in after


def test_what_is_said_already_is_never_said_otherwise() -> None:
    result = merged(DARKTABLE, Wanted(rating=5, derived_from="a.jpg", caption="a heron"))

    assert result.left == ("xmp:Rating", "xmpMM:DerivedFrom")
    said = parsed_xmp(result.content or b"", most_bytes=100_000)
    assert said is not None
    assert (said.rating, said.caption) == (1, "a heron")


def test_a_new_sidecar_holds_the_photos_own_keywords_too() -> None:
    said = parsed_xmp(_tagged(None, Wanted(keywords=("new",), own_keywords=("Rome", "new"))), most_bytes=100_000)

    assert said is not None
    assert said.keywords == ("Rome", "new")


def test_a_sidecar_with_keywords_is_not_given_the_photos_own() -> None:
    after = _tagged(DARKTABLE, Wanted(keywords=("new",), own_keywords=("removed by a person",)))

    assert b"removed by a person" not in after


def test_nothing_wanted_makes_no_sidecar() -> None:
    assert merged(None, Wanted(own_keywords=("Rome",))).content is None


DEEP = b"<a>" * 99 + sheet('<rdf:Description rdf:about=""/>') + b"</a>" * 99
HOSTILE = {
    "no XML": b"no xml",
    "nothing": b"",
    "entities": b'<!DOCTYPE a [<!ENTITY b "c">]>' + sheet('<rdf:Description rdf:about="">&b;</rdf:Description>'),
    "a DTD": b'<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd">' + sheet('<rdf:Description rdf:about=""/>'),
    "deep": DEEP,
    "many": sheet("<rdf:Description rdf:about=''>" + "<dc:a/>" * 200_001 + "</rdf:Description>"),
    "large": sheet(f"<rdf:Description rdf:about=''>{' ' * (16 * 1024 * 1024)}</rdf:Description>"),
    "Latin-1": b'<?xml version="1.0" encoding="iso-8859-1"?>' + sheet('<rdf:Description rdf:about=""/>'),
    "no description": sheet(""),
    "two photos": sheet('<rdf:Description rdf:about="a"/><rdf:Description rdf:about="b"/>'),
    "a named node": sheet('<rdf:Description rdf:nodeID="a"/>'),
    "an attribute": sheet('<rdf:Description rdf:about="" dc:subject="x"/>'),
    "plain text": sheet('<rdf:Description rdf:about=""><dc:subject>x</dc:subject></rdf:Description>'),
    "a struct": sheet('<rdf:Description rdf:about=""><dc:subject rdf:parseType="Resource"/></rdf:Description>'),
    "twice": sheet('<rdf:Description rdf:about=""><dc:subject/><dc:subject/></rdf:Description>'),
    "numbered items": sheet(
        '<rdf:Description rdf:about=""><dc:subject><rdf:Bag><rdf:_1>x</rdf:_1></rdf:Bag></dc:subject></rdf:Description>'
    ),
    "words between": sheet('<rdf:Description rdf:about="">words</rdf:Description>'),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_sidecar_that_is_not_understood_is_refused(content) -> None:
    with pytest.raises(ActError, match="sidecar"):
        merged(content, TAGS)
