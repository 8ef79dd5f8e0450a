from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pictrace.fingerprint import orb
from pictrace.match.index import LocalIndex
from pictrace.match.index.features import DESCRIPTOR_BYTES, KEYPOINT
from pictrace.match.index.linear_local import LinearLocalIndex
from pictrace.match.index.words import TreeVocabulary

STEP = st.tuples(st.integers(0, 12), st.integers(0, 5), st.booleans())


def described(seed: int, *, count: int = 40) -> tuple[bytes, bytes]:
    """Return features of a made-up photo; photos of near seeds share some, and some are there twice."""
    own, shared = np.random.default_rng(seed), np.random.default_rng([seed // 2, 99])
    bits = np.concatenate([made(own, count // 2), made(shared, count // 2)])
    bits[1] = bits[0]
    points = np.zeros(len(bits), KEYPOINT)
    for name in ("x", "y", "angle"):
        points[name] = own.integers(0, 65536, len(bits))
    points["size"] = own.choice([31, 37, 44, 53, 64], len(bits))
    return points.tobytes(), bits.tobytes()


def made(random: np.random.Generator, count: int) -> np.ndarray:
    return random.integers(0, 256, (count, DESCRIPTOR_BYTES), np.uint8)


def asked(keypoints: bytes, descriptors: bytes, mirrored: tuple[bytes, bytes] = (b"", b"")) -> SimpleNamespace:
    return SimpleNamespace(
        keypoints=keypoints,
        descriptors=descriptors,
        mirrored_keypoints=mirrored[0],
        mirrored_descriptors=mirrored[1],
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(STEP, max_size=30), st.integers(0, 6))
def test_index_gives_what_comparing_every_feature_gives(steps: list[tuple[int, int, bool]], seed: int) -> None:
    index, linear = LocalIndex(), LinearLocalIndex()
    for photo_id, content, is_added in steps:
        for one in (index, linear):
            if is_added:
                one.add(photo_id, *described(content))
            else:
                one.remove(photo_id)

    question = asked(*described(seed), mirrored=described(seed + 1))
    assert len(index) == len(linear)
    assert index.query(question, limit=8) == linear.query(question, limit=8)


def test_words_with_many_rows_give_what_comparing_every_feature_gives() -> None:
    random = np.random.default_rng(5)
    few = TreeVocabulary(made(random, 4), made(random, 16).reshape(4, 4, -1), np.arange(64, dtype=np.uint8))
    index, linear = LocalIndex(few), LinearLocalIndex(few)
    photos = [(number, *described(number, count=300)) for number in range(60)]
    index.add_all(photos)
    for photo in photos:
        linear.add(*photo)
    for one in (index, linear):
        one.remove(21)

    question = asked(*described(20, count=300), mirrored=described(5))
    assert index.query(question, limit=40) == linear.query(question, limit=40)
    assert index.query(question, limit=1)[0].photo_id == 20


def test_stored_entries_are_as_good_as_features() -> None:
    index, loaded = LocalIndex(), LocalIndex()
    index.add(4, *described(4))
    loaded.add_entries([(4, index.entries(*described(4))), (5, b"")])

    assert loaded.query(asked(*described(4)), limit=5) == index.query(asked(*described(4)), limit=5)
    assert len(loaded) == 2


def test_adding_one_by_one_and_all_at_once_give_the_same() -> None:
    one_by_one, at_once = LocalIndex(), LocalIndex()
    photos = [(number, *described(number)) for number in range(20)]
    for photo in photos:
        one_by_one.add(*photo)
    at_once.add_all(photos)

    question = asked(*described(7))
    assert one_by_one.query(question, limit=5) == at_once.query(question, limit=5)
    assert at_once.query(question, limit=1)[0].photo_id == 7


def test_photo_given_other_features_is_found_by_these_only() -> None:
    index = LocalIndex()
    index.add(1, *described(0))
    index.add(1, *described(10))

    assert index.query(asked(*described(0)), limit=5) == []
    assert [vote.photo_id for vote in index.query(asked(*described(10)), limit=5)] == [1]


def test_removing_most_photos_frees_memory_and_loses_none() -> None:
    index = LocalIndex()
    index.add_all([(number, *described(number, count=4)) for number in range(0, 6000, 2)])
    before = index.size_bytes
    for number in range(0, 5600, 2):
        index.remove(number)

    assert index.size_bytes < 0.5 * before
    assert [vote.photo_id for vote in index.query(asked(*described(5800, count=4)), limit=5)] == [5800]
    assert index.query(asked(*described(100, count=4)), limit=5) == []


def test_photo_found_in_the_mirror_is_told_so() -> None:
    index = LocalIndex()
    index.add(3, *described(30))

    found = index.query(asked(*described(60), mirrored=described(30)), limit=5)

    assert [(vote.photo_id, vote.is_mirrored) for vote in found] == [(3, True)]


def test_features_that_turn_every_way_count_less_than_those_that_agree() -> None:
    points, bits = described(8)
    turned = np.frombuffer(points, KEYPOINT).copy()
    turned["angle"] += np.linspace(0, 65535, len(turned)).astype(np.uint16)
    index = LocalIndex()
    index.add(1, turned.tobytes(), bits)
    index.add(2, points, bits)

    first, second = index.query(asked(points, bits), limit=5)

    assert first.photo_id == 2
    assert second.votes < 0.5 * first.votes


@pytest.mark.parametrize("question", [asked(b"", b""), asked(*described(1))])
def test_empty_index_finds_nothing(question: SimpleNamespace) -> None:
    assert LocalIndex().query(question, limit=5) == []


def test_photo_without_features_is_known_and_never_found() -> None:
    index = LocalIndex()
    index.add(1, b"", b"")

    assert len(index) == 1
    assert index.query(asked(*described(1)), limit=5) == []


def test_a_photo_takes_at_most_sixteen_kilobytes() -> None:
    index = LocalIndex()
    index.add_all([(number, *described(number, count=500)) for number in range(100)])

    assert index.size_bytes / 100 <= 16_000


def test_features_are_read_as_the_fingerprint_packs_them() -> None:
    assert KEYPOINT == orb.KEYPOINT
    assert DESCRIPTOR_BYTES == orb.DESCRIPTOR_BYTES
