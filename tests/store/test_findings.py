from __future__ import annotations

from typing import Any

import pytest

from pictrace.model import Certainty, Direction, Edit, EditKind, Evidence, Match, Relation
from pictrace.store import Index

ALL_EDITS = (
    Edit(kind=EditKind.RESIZED, scale=0.5),
    Edit(kind=EditKind.ROTATED, degrees=90.0),
    Edit(kind=EditKind.MIRRORED, axis="horizontal"),
    Edit(kind=EditKind.CROPPED, kept=0.8, box=(0.0, 0.1, 0.9, 1.0)),
    Edit(kind=EditKind.BORDERED, sides=("left", "top"), share=0.1),
)


def a_match(relation: Relation = Relation.RENDITION, **changed: Any) -> Match:
    return Match(**{"relation": relation, "certainty": Certainty.VERIFIED, "similarity": 0.9, **changed})


@pytest.fixture(autouse=True)
def _photos(index: Index, values) -> None:
    for name in (b"h1", b"h2", b"h3", b"h4"):
        index.photos.put_photo(values.photo(name))


def test_a_finding_is_read_back_as_it_was(index: Index) -> None:
    match = a_match(
        direction=Direction.FILE_FROM_OTHER,
        edits=ALL_EDITS,
        evidence=(Evidence(name="inliers", value=143.0, limit=12.0, passed=True),),
        matcher_version=4,
    )

    put = index.findings.put_finding(b"h2", b"h1", match)

    assert put.match == match
    assert index.findings.finding(b"h2", b"h1") == put
    assert index.findings.finding(b"h1", b"h2") == put
    assert list(index.findings.findings()) == [put]


def test_two_photos_have_one_finding_whichever_is_asked_about(index: Index, clock) -> None:
    first = index.findings.put_finding(b"h2", b"h1", a_match())
    clock.now = 2000.0

    second = index.findings.put_finding(b"h1", b"h2", a_match(Relation.EDITED))

    assert (second.id, second.file, second.other) == (first.id, b"h1", b"h2")
    assert list(index.findings.findings()) == [second]
    assert index.status().last_finding_at == 1000.0


@pytest.mark.parametrize("relation", [Relation.UNRELATED, Relation.SAME_BYTES])
def test_what_is_never_stored_is_refused(index: Index, relation: Relation) -> None:
    with pytest.raises(ValueError, match=relation.value):
        index.findings.put_finding(b"h2", b"h1", a_match(relation))


def test_a_photo_has_no_finding_with_itself(index: Index) -> None:
    with pytest.raises(ValueError, match="two photos"):
        index.findings.put_finding(b"h1", b"h1", a_match())


def test_a_finding_of_an_unknown_photo_is_refused(index: Index) -> None:
    with pytest.raises(LookupError):
        index.findings.put_finding(b"h9", b"h1", a_match())

    assert index.findings.finding(b"h9", b"h1") is None


def test_findings_of_a_photo_name_copies_first(index: Index) -> None:
    index.findings.put_finding(b"h4", b"h1", a_match(Relation.BURST, similarity=0.99))
    index.findings.put_finding(b"h4", b"h2", a_match(similarity=0.8))
    index.findings.put_finding(b"h4", b"h3", a_match(similarity=0.9))

    assert [finding.other for finding in index.findings.of_photo(b"h4")] == [b"h3", b"h2", b"h1"]
    assert index.findings.of_photo(b"h1") == []
    assert [finding.file for finding in index.findings.with_photo(b"h1")] == [b"h4"]
    assert [finding.other for finding in index.findings.findings(Relation.BURST)] == [b"h1"]


def test_the_hub_is_the_head_of_the_star(index: Index) -> None:
    index.findings.put_finding(b"h2", b"h1", a_match())
    index.findings.put_finding(b"h3", b"h2", a_match(Relation.EDITED))

    assert [index.findings.hub_of(name) for name in (b"h1", b"h2", b"h3", b"h9")] == [None, b"h1", b"h1", None]


@pytest.mark.parametrize(
    "match",
    [
        a_match(Relation.BURST),
        a_match(Relation.SAME_SCENE),
        a_match(Relation.PART),
        a_match(certainty=Certainty.SUSPECTED),
    ],
)
def test_a_star_grows_over_verified_whole_copies_only(index: Index, match: Match) -> None:
    index.findings.put_finding(b"h2", b"h1", match)

    assert index.findings.hub_of(b"h2") is None


def test_a_ring_of_findings_still_has_an_answer(index: Index) -> None:
    for file, other in ((b"h1", b"h2"), (b"h2", b"h3"), (b"h3", b"h1")):
        index.findings.put_finding(file, other, a_match())

    assert index.findings.hub_of(b"h1") == b"h3"


def test_findings_of_an_older_matcher_can_be_dropped(index: Index) -> None:
    old = index.findings.put_finding(b"h3", b"h1", a_match(matcher_version=1))
    kept = index.findings.put_finding(b"h3", b"h2", a_match(matcher_version=2))
    other = index.findings.put_finding(b"h4", b"h3", a_match(matcher_version=1))

    assert index.findings.older(b"h3", 2) == [old]
    index.findings.drop(old.id)
    assert list(index.findings.findings()) == [kept, other]
