from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from pictrace.match import Candidate, CandidateIndex
from pictrace.match.candidates import MOST_BY_VECTOR
from pictrace.match.index.features import DESCRIPTOR_BYTES, KEYPOINT
from pictrace.model import Fingerprint


def hashes(*values: int) -> bytes:
    return b"".join(value.to_bytes(8, "big") for value in values)


def fingerprint(phashes: bytes, *, seed: int | None = None) -> Fingerprint:
    keypoints, descriptors = (b"", b"") if seed is None else features(seed)
    return Fingerprint(phashes=phashes, keypoints=keypoints, descriptors=descriptors, detail=1.0, versions={})


def features(seed: int) -> tuple[bytes, bytes]:
    random = np.random.default_rng(seed)
    points = np.zeros(50, KEYPOINT)
    points["angle"], points["size"] = random.integers(0, 65536, 50), 31
    return points.tobytes(), random.integers(0, 256, (50, DESCRIPTOR_BYTES), np.uint8).tobytes()


def vector(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


def asked(seed: int, mirrored_seed: int | None = None) -> SimpleNamespace:
    keypoints, descriptors = features(seed)
    mirrored = (b"", b"") if mirrored_seed is None else features(mirrored_seed)
    return SimpleNamespace(
        keypoints=keypoints,
        descriptors=descriptors,
        mirrored_keypoints=mirrored[0],
        mirrored_descriptors=mirrored[1],
    )


def test_turned_photo_is_found_with_the_orientation_that_fits() -> None:
    index = CandidateIndex()
    index.add(7, fingerprint(hashes(0xFF00FF00FF00FF00, *([0] * 7))))

    found = index.query(hashes(0, 0, 0xFF00FF00FF00FF01, 0, 0, 0, 0, 0), None, limit=5)

    assert found == [Candidate(photo_id=7, distance=1)]


def test_removed_photo_is_not_found() -> None:
    index = CandidateIndex()
    index.add(7, fingerprint(hashes(*range(8)), seed=1))
    index.remove(7)
    index.remove(7)

    assert index.query(hashes(*range(8)), asked(1), limit=5) == []
    assert len(index) == 0


def test_farther_than_the_limit_is_not_found() -> None:
    index = CandidateIndex()
    index.add(1, fingerprint(hashes(*([0] * 8))))

    assert index.query(hashes(*([2**13 - 1] * 8)), None, limit=5) == []


def test_part_of_a_photo_is_found_though_its_hash_is_far() -> None:
    index = CandidateIndex()
    index.add(1, fingerprint(hashes(*([0] * 8)), seed=1))
    index.add(2, fingerprint(hashes(*([0] * 8)), seed=2))

    (found,) = index.query(hashes(*([2**64 - 1] * 8)), asked(9, mirrored_seed=2), limit=5)

    assert (found.photo_id, found.distance, found.is_mirrored) == (2, None, True)
    assert found.votes > 10


def test_nearly_equal_hash_comes_first_and_votes_come_before_a_hash_that_is_only_near() -> None:
    index = CandidateIndex()
    index.add(1, fingerprint(hashes(*([0b1111111111] * 8))))
    index.add(2, fingerprint(hashes(*([2**64 - 1] * 8)), seed=2))
    index.add(3, fingerprint(hashes(*([0b11] * 8))))
    index.add_stored([(4, hashes(*([0b1] * 8)), b"")])

    found = index.query(hashes(*([0] * 8)), asked(2), limit=5)

    assert [candidate.photo_id for candidate in found] == [4, 3, 2, 1]
    assert [candidate.distance for candidate in found] == [1, 2, None, 10]
    assert index.query(hashes(*([0] * 8)), asked(2), limit=2) == found[:2]


def test_stored_entries_are_found_as_the_fingerprint_is() -> None:
    index, loaded = CandidateIndex(), CandidateIndex()
    photo = fingerprint(hashes(*([5] * 8)), seed=3)
    index.add(1, photo)
    loaded.add_stored([(1, photo.phashes, index.entries(photo))])

    question = (hashes(*([2**64 - 1] * 8)), asked(3))
    assert loaded.query(*question, limit=5) == index.query(*question, limit=5) != []


def test_a_lead_is_looked_for_as_far_as_asked_and_the_nearest_comes_first() -> None:
    index = CandidateIndex()
    for photo_id, bits in ((1, 20), (2, 3), (3, 16), (4, 17)):
        index.add(photo_id, fingerprint(hashes(*([(1 << bits) - 1] * 8))))

    found = index.near(hashes(*([0] * 8)), 17, limit=2)

    assert found == [Candidate(photo_id=2, distance=3), Candidate(photo_id=3, distance=16)]


def test_vectors_bring_what_nothing_else_does_and_come_last() -> None:
    index = CandidateIndex()
    index.add(1, fingerprint(hashes(*([0] * 8))))
    index.add(2, fingerprint(hashes(*([2**64 - 1] * 8))))
    index.add_vectors([(1, vector(0, 1)), (2, vector(1, 1))])

    found = index.query(hashes(*([0] * 8)), None, limit=1, vector=vector(1, 1))

    assert found == [
        Candidate(photo_id=1, distance=0, cosine=pytest.approx(0.5**0.5)),
        Candidate(photo_id=2, distance=None, cosine=pytest.approx(1.0)),
    ]
    assert index.query(hashes(*([0] * 8)), None, limit=1) == [Candidate(photo_id=1, distance=0)]


def test_vectors_bring_few() -> None:
    index = CandidateIndex()
    index.add_vectors((photo_id, vector(photo_id, 1)) for photo_id in range(3 * MOST_BY_VECTOR))

    assert len(index.query(hashes(*([0] * 8)), None, limit=100, vector=vector(1, 1))) == MOST_BY_VECTOR


def test_a_removed_photo_is_not_found_by_its_vector() -> None:
    index = CandidateIndex()
    index.add_vectors([(1, vector(0, 1))])
    index.remove(1)

    assert index.query(hashes(*([0] * 8)), None, limit=5, vector=vector(0, 1)) == []
