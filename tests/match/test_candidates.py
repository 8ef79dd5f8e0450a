from __future__ import annotations

from pictrace.match import Candidate, CandidateIndex


def fingerprint(*values: int) -> bytes:
    return b"".join(value.to_bytes(8, "big") for value in values)


def test_turned_photo_is_found_with_the_orientation_that_fits() -> None:
    index = CandidateIndex()
    index.add(7, fingerprint(0xFF00FF00FF00FF00, *([0] * 7)))

    found = index.query(fingerprint(0, 0, 0xFF00FF00FF00FF01, 0, 0, 0, 0, 0), limit=5)

    assert found == [Candidate(photo_id=7, distance=1, orientations=(2,))]


def test_removed_photo_is_not_found() -> None:
    index = CandidateIndex()
    index.add(7, fingerprint(*range(8)))
    index.remove(7)
    index.remove(7)

    assert index.query(fingerprint(*range(8)), limit=5) == []
    assert len(index) == 0


def test_farther_than_the_limit_is_not_found() -> None:
    index = CandidateIndex()
    index.add(1, fingerprint(*([0] * 8)))

    assert index.query(fingerprint(*([2**13 - 1] * 8)), limit=5) == []
