"""What sidecars say counts for the rules."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pictrace.match import MATCHER_VERSION
from pictrace.model import METADATA_VERSION, Certainty, Match, Metadata, Relation
from pictrace.patience import StalledError
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.sidecars import said_beside, tags_of, with_sidecar
from pictrace.store import Journal

SHEET = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5" exif:GPSLatitude="41,54N" exif:GPSLongitude="12,30E">
<dc:subject><rdf:Bag><rdf:li>Rome</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"""
MATCH = Match(
    relation=Relation.RENDITION, certainty=Certainty.VERIFIED, similarity=0.99, matcher_version=MATCHER_VERSION
)
PLAIN = Metadata(width_pixels=1, height_pixels=1, format="jpeg", fields=2, version=METADATA_VERSION)


class Local:
    """A library on a disk that answers at once, or not at all."""

    def __init__(self, *, is_stalled: bool = False) -> None:
        self._is_stalled = is_stalled

    def look(self, path, call):
        if self._is_stalled:
            raise StalledError(str(path))
        return call()


def test_rules_see_what_the_sidecar_says(line, photo, tmp_path) -> None:
    first = photo("a.jpg", seed=1, folder=line.folder)
    second = line.folder / "b.jpg"
    second.write_bytes(first.read_bytes())
    (line.folder / "a.jpg.xmp").write_text(SHEET)
    for path in (first, second):
        line.land(path.name)
    file = line.index.files.file_at(second)

    with Journal.open(tmp_path / "journal") as journal:
        findings = Findings(library=line.library, index=line.index, journal=journal)
        [finding] = findings.of_file(file)
        facts = findings.facts(finding, now=0.0, is_backlog_allowed=True)

    assert facts.file.tags == ()
    assert facts.other.tags == ("Rome",)
    assert facts.other.metadata.rating == 5
    assert facts.other.metadata.has_gps
    assert not facts.file.metadata.has_gps
    assert facts.other.metadata.fields == facts.file.metadata.fields + 2


def test_keywords_that_a_rule_wrote_make_no_keeper(tmp_path) -> None:
    (tmp_path / "a.jpg.xmp").write_text(SHEET.replace('xmp:Rating="5"', "").replace("GPS", "Other"))

    changed = with_sidecar(PLAIN, said_beside(Local(), tmp_path / "a.jpg"))

    assert changed is not None
    assert changed.fields == PLAIN.fields


@pytest.mark.parametrize("embedded", [None, 0, 3])
def test_a_rating_of_none_in_the_sidecar_takes_none_away(embedded, tmp_path) -> None:
    (tmp_path / "a.jpg.xmp").write_text(SHEET.replace('Rating="5"', 'Rating="0"'))
    metadata = Metadata(width_pixels=1, height_pixels=1, format="jpeg", rating=embedded, version=METADATA_VERSION)

    changed = with_sidecar(metadata, said_beside(Local(), tmp_path / "a.jpg"))

    assert changed is not None
    assert changed.rating == (embedded or 0)


def _broken(sidecar: Path) -> None:
    sidecar.write_text("no xml")


def _large(sidecar: Path) -> None:
    sidecar.write_text(SHEET + " " * 5_000_000)


def _pipe(sidecar: Path) -> None:
    os.mkfifo(sidecar)


def _link(sidecar: Path) -> None:
    sidecar.with_name("elsewhere").write_text(SHEET)
    sidecar.symlink_to(sidecar.with_name("elsewhere"))


@pytest.mark.parametrize("make", [_broken, _large, _pipe, _link])
def test_what_a_sidecar_that_cannot_be_read_says_cannot_be_told(tmp_path, make) -> None:
    make(tmp_path / "a.jpg.xmp")

    said = said_beside(Local(), tmp_path / "a.jpg")

    assert said is None
    assert tags_of(PLAIN, said) is None
    assert with_sidecar(PLAIN, said) == PLAIN


@pytest.mark.parametrize("beside", ["a.jpg_original", "a.txt", "a.m4v", "a.arp"])
@pytest.mark.parametrize("name", ["a.xmp", "a.jpg.XMP", "a.Xmp"])
def test_what_is_no_photo_takes_a_photo_no_sidecar_away(tmp_path, name, beside) -> None:
    for other in ("a.jpg", beside):
        (tmp_path / other).write_text("not looked at")
    (tmp_path / name).write_text(SHEET)

    assert tags_of(PLAIN, said_beside(Local(), tmp_path / "a.jpg")) == ("Rome",)


def _shared(sidecar: Path) -> None:
    sidecar.with_suffix(".cr2").write_text("another photo")
    sidecar.write_text(SHEET)


@pytest.mark.parametrize("make", [_broken, _large, _pipe, _link, _shared])
def test_what_a_sidecar_named_after_the_stem_says_cannot_be_told(tmp_path, make) -> None:
    (tmp_path / "a.jpg").write_text("not looked at")
    make(tmp_path / "a.xmp")

    said = said_beside(Local(), tmp_path / "a.jpg")

    assert said is None
    assert tags_of(PLAIN, said) is None


def test_five_hundred_looks_at_one_large_sidecar_cost_less_than_half_a_second(tmp_path) -> None:
    (tmp_path / "a.jpg").write_text("not looked at")
    (tmp_path / "a.xmp").write_text(SHEET + "<!-- a mask -->" * 100_000)

    began = time.process_time()
    for _ in range(500):
        assert said_beside(Local(), tmp_path / "a.jpg") is not None

    assert time.process_time() - began < 0.5


def test_a_share_that_does_not_answer_says_nothing_about_keywords(tmp_path) -> None:
    assert said_beside(Local(is_stalled=True), tmp_path / "a.jpg") is None


def test_a_sidecar_that_changes_is_read_again(tmp_path) -> None:
    sidecar = tmp_path / "a.jpg.xmp"
    sidecar.write_text(SHEET)
    before = tags_of(PLAIN, said_beside(Local(), tmp_path / "a.jpg"))
    sidecar.write_text(SHEET.replace("Rome", "Paris"))

    assert (before, tags_of(PLAIN, said_beside(Local(), tmp_path / "a.jpg"))) == (("Rome",), ("Paris",))


def test_ten_thousand_photos_without_a_sidecar_cost_less_than_a_second(tmp_path) -> None:
    names = [tmp_path / f"{number}.jpg" for number in range(10_000)]
    library = Local()

    began = time.process_time()
    for name in names:
        said_beside(library, name)

    assert time.process_time() - began < 1


def test_keywords_that_an_older_version_did_not_read_are_read_when_the_photo_lands_again(line, photo) -> None:
    path = photo("a.jpg", seed=1, folder=line.folder)
    line.land("a.jpg")
    file = line.index.files.file_at(path)
    old = Metadata(width_pixels=320, height_pixels=240, format="jpeg")
    line.index.photos.set_metadata(file.content_hash, old)
    assert tags_of(line.index.photos.metadata(file.content_hash), said_beside(line.library, path)) is None

    line.tasks()
    line.land("a.jpg")

    assert line.tasks() == ["read_metadata"]
    now = line.index.photos.metadata(file.content_hash)
    assert now.version == METADATA_VERSION
    assert tags_of(now, said_beside(line.library, path)) == ()


def test_what_a_photo_comes_from_is_read_again_with_it(line, photo) -> None:
    hashes = []
    for number, name in enumerate(["a.jpg", "b.jpg", "unrelated.jpg"]):
        photo(name, seed=number, folder=line.folder)
        line.land(name)
        hashes.append(line.hash(name))
        line.index.photos.set_metadata(hashes[-1], Metadata(width_pixels=1, height_pixels=1, format="jpeg"))
    line.index.findings.put_finding(hashes[1], hashes[0], MATCH)
    line.tasks()

    line.land("b.jpg")

    versions = [line.index.photos.metadata(one).version for one in hashes]
    assert line.tasks() == ["read_metadata", "read_metadata"]
    assert versions == [METADATA_VERSION, METADATA_VERSION, 1]


def test_a_photo_that_is_known_is_not_read_again(line, photo) -> None:
    photo("a.jpg", seed=1, folder=line.folder)
    line.land("a.jpg")
    line.tasks()

    line.land("a.jpg")

    assert line.tasks() == []
