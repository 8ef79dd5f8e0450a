"""The candidate index on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pictrace.match import CandidateIndex
from pictrace.match.index import LocalIndex, linear, local, saved
from pictrace.match.index.features import DESCRIPTOR_BYTES, KEYPOINT

STEP = st.tuples(st.integers(1, 30), st.integers(0, 9), st.sampled_from(["add", "remove", "save", "load"]))


def features(seed: int) -> tuple[bytes, bytes]:
    random = np.random.default_rng(seed)
    points = np.zeros(40, KEYPOINT)
    for name in ("x", "y", "angle"):
        points[name] = random.integers(0, 65536, len(points))
    points["size"] = 31
    return points.tobytes(), random.integers(0, 256, (len(points), DESCRIPTOR_BYTES), np.uint8).tobytes()


def entry(photo_id: int, seed: int) -> tuple[int, bytes, bytes]:
    hashes = np.random.default_rng(seed).integers(0, 256, 64, np.uint8).tobytes()
    return photo_id, hashes, LocalIndex().entries(*features(seed))


def answers(index: CandidateIndex) -> list[object]:
    """Return what an index answers to questions after each of the photos."""
    found: list[object] = [len(index)]
    for seed in range(10):
        points, bits = features(seed)
        question = SimpleNamespace(keypoints=points, descriptors=bits, mirrored_keypoints=b"", mirrored_descriptors=b"")
        found.append(index.query(entry(1, seed)[1], question, limit=8))
    return found


@pytest.fixture
def filled() -> CandidateIndex:
    index = CandidateIndex()
    index.add_stored(entry(number, number) for number in range(8))
    return index


@pytest.fixture(scope="module")
def small_capacity() -> Iterator[None]:
    """Have tables grow, and gaps closed, with a few photos."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "_FIRST_CAPACITY", 4)
        patch.setattr(linear, "_FIRST_CAPACITY", 4)
        yield


@settings(max_examples=30, deadline=None)
@given(st.lists(STEP, max_size=30))
def test_a_saved_index_answers_like_one_in_memory(
    tmp_path_factory: pytest.TempPathFactory, small_capacity: None, steps: list[tuple[int, int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("saved")
    plain, kept = CandidateIndex(), CandidateIndex()
    for photo_id, seed, what in steps:
        if what in ("add", "remove"):
            for index in (plain, kept):
                index.add_stored([entry(photo_id, seed)]) if what == "add" else index.remove(photo_id)
        else:
            kept.save(folder, "token")
            if what == "load":
                loaded = CandidateIndex.load(folder, "token")
                assert loaded is not None
                kept = loaded

    assert answers(kept) == answers(plain)


def test_what_is_saved_is_written_once_and_what_is_not_needed_goes(tmp_path: Path, filled: CandidateIndex) -> None:
    filled.save(tmp_path, "one")
    before = {path.name: path.stat().st_ino for path in tmp_path.glob("*.postings")}
    (tmp_path / "left-over.postings").write_bytes(b"of a save that was cut off")

    filled.save(tmp_path, "two")

    assert {path.name: path.stat().st_ino for path in tmp_path.glob("*.postings")} == before
    assert len(list(tmp_path.iterdir())) == len(before) + 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_only_what_has_the_token_and_the_version_is_taken(
    tmp_path: Path, filled: CandidateIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.save(tmp_path, "one")

    assert CandidateIndex.load(tmp_path, "two") is None
    assert CandidateIndex.load(tmp_path / "elsewhere", "one") is None
    monkeypatch.setattr("pictrace.match.candidates.ENTRIES_VERSION", 99)
    assert CandidateIndex.load(tmp_path, "one") is None


def spoil_segment(folder: Path) -> None:
    path = next(folder.glob("*.postings"))
    os.truncate(path, path.stat().st_size - 16)


def turn_bit_of_tables(folder: Path) -> None:
    path = next(folder.glob("*.tables"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def cut_tables(folder: Path) -> None:
    path = next(folder.glob("*.tables"))
    os.truncate(path, path.stat().st_size // 2)


def empty_tables(folder: Path) -> None:
    next(folder.glob("*.tables")).write_bytes(b"")


def forget_tables(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["tables"]
    (folder / "manifest.json").write_text(json.dumps(manifest))


def spoil_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")


def drop_segment(folder: Path) -> None:
    next(folder.glob("*.postings")).unlink()


def name_something_else(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"segments": 7}))


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_segment,
        turn_bit_of_tables,
        cut_tables,
        empty_tables,
        forget_tables,
        spoil_manifest,
        drop_segment,
        name_something_else,
    ],
)
def test_what_is_not_whole_is_not_taken(tmp_path: Path, filled: CandidateIndex, spoil) -> None:
    filled.save(tmp_path, "one")
    spoil(tmp_path)

    assert CandidateIndex.load(tmp_path, "one") is None


@pytest.mark.parametrize("seed", range(20))
def test_turned_bits_do_no_more_than_give_other_candidates(tmp_path: Path, filled: CandidateIndex, seed: int) -> None:
    filled.save(tmp_path, "one")
    random = np.random.default_rng(seed)
    for path in tmp_path.glob("*.postings"):
        spoilt = np.frombuffer(path.read_bytes(), np.uint8).copy()
        spoilt[random.integers(0, len(spoilt), 40)] ^= random.integers(1, 256, 40, np.uint8)
        path.write_bytes(spoilt.tobytes())
    index = CandidateIndex.load(tmp_path, "one", is_checked=False)

    assert index is not None
    assert answers(index)[0] == 8
    assert CandidateIndex.load(tmp_path, "one") is None


def test_a_save_that_fails_leaves_what_was_saved_before(
    tmp_path: Path, filled: CandidateIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.save(tmp_path, "one")
    before = answers(filled)
    filled.add_stored([entry(40, 4)])
    after = answers(filled)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    names = {path.name for path in tmp_path.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(saved.Path, "rename", full)
        with pytest.raises(OSError, match="No space"):
            filled.save(tmp_path, "two")
    again = CandidateIndex.load(tmp_path, "one")

    assert {path.name for path in tmp_path.iterdir()} == names
    assert answers(filled) == after
    assert again is not None
    assert answers(again) == before
