"""What becomes of a file that the workers gave up on."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pictrace.errors import ChangedError, UndecodableError
from pictrace.fingerprint import hash_file
from pictrace.model import Photo, PhotoState, StatKey
from pictrace.pipeline import intake as intake_module
from pictrace.pipeline.asking import TakenIn, take_in


class Decoder:
    """Stands in for `take_in`: gives up while it is ``crashing``."""

    def __init__(self) -> None:
        self.calls = 0
        self.is_crashing = True

    def __call__(self, path: Path, content_hash: bytes, key: StatKey) -> TakenIn:
        self.calls += 1
        if self.is_crashing:
            raise UndecodableError(path, "the decoder crashed (SIGSEGV)")
        return take_in(path, content_hash, key)


@pytest.fixture
def decoder(monkeypatch: pytest.MonkeyPatch) -> Decoder:
    decoder = Decoder()
    monkeypatch.setattr(intake_module, "take_in", decoder)
    return decoder


def state(line: Any, name: str) -> Photo:
    photo = line.index.photos.photo(line.hash(name))
    assert photo is not None
    return photo


def test_a_photo_that_crashes_decoders_is_left_alone(line: Any, decoder: Decoder, photographs: Any) -> None:
    line.land("a.jpg", photographs["cat"])
    for _ in range(3):
        line.land("a.jpg")
        line.restart()
    line.land("a.jpg")

    assert decoder.calls == 1
    assert state(line, "a.jpg").state is PhotoState.UNDECODABLE
    assert state(line, "a.jpg").reason == "the decoder crashed (SIGSEGV)"


def test_it_is_tried_again_when_it_was_touched(line: Any, decoder: Decoder, photographs: Any) -> None:
    line.land("a.jpg", photographs["cat"])
    decoder.is_crashing = False
    os.utime(line.folder / "a.jpg", (1, 1))
    line.land("a.jpg")

    assert state(line, "a.jpg").state is PhotoState.DECODED


def test_a_touched_photo_that_crashes_again_is_tried_once(line: Any, decoder: Decoder, photographs: Any) -> None:
    line.land("a.jpg", photographs["cat"])
    os.utime(line.folder / "a.jpg", (1, 1))
    line.land("a.jpg")
    line.land("a.jpg")
    line.restart()
    line.land("a.jpg")

    assert decoder.calls == 2
    assert state(line, "a.jpg").state is PhotoState.UNDECODABLE


def test_a_touched_photo_that_is_whole_is_not_described_again(line: Any, decoder: Decoder, photographs: Any) -> None:
    decoder.is_crashing = False
    line.land("a.jpg", photographs["cat"])
    os.utime(line.folder / "a.jpg", (1, 1))
    line.land("a.jpg")

    assert decoder.calls == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"content_hash": bytes(32)},
        {"phashes": b"short"},
        {"descriptors": bytes(31)},
        {"keypoints": b""},
        {"detail": float("nan")},
    ],
)
def test_an_answer_that_does_not_fit_is_not_stored(
    line: Any, monkeypatch: pytest.MonkeyPatch, photographs: Any, forged: dict[str, Any]
) -> None:
    def lie(path: Path, content_hash: bytes, key: StatKey) -> TakenIn:
        taken = take_in(path, content_hash, key)
        if "content_hash" in forged:
            return replace(taken, photo=replace(taken.photo, **forged))
        assert taken.photo.fingerprint is not None
        return replace(taken, photo=replace(taken.photo, fingerprint=replace(taken.photo.fingerprint, **forged)))

    monkeypatch.setattr(intake_module, "take_in", lie)
    line.land("a.jpg", photographs["cat"])

    assert state(line, "a.jpg").state is PhotoState.UNDECODABLE
    assert "does not fit together" in (state(line, "a.jpg").reason or "")
    assert line.index.photos.photo(bytes(32)) is None


def test_a_pair_that_crashes_the_matcher_is_not_compared_at_each_start(
    line: Any, comparer: Any, photographs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(file: Path, other: Path) -> None:
        comparer.asked.append((file.name, other.name))
        raise UndecodableError(file, "the decoder crashed (SIGSEGV)")

    monkeypatch.setattr("pictrace.pipeline.judge.compare", crash)
    line.land("a.jpg", photographs["cat"])
    line.land("b.jpg", photographs["cat"], quality=60)
    for _ in range(3):
        line.restart()
        line.land("b.jpg")

    assert comparer.asked == [("b.jpg", "a.jpg")]
    assert line.judged[-1].name == "b.jpg"
    assert line.findings("b.jpg") == {}


def test_a_worker_that_says_changed_of_an_unchanged_file_is_not_believed(
    line: Any, monkeypatch: pytest.MonkeyPatch, photographs: Any
) -> None:
    calls = []

    def lie(path: Path, content_hash: bytes, key: StatKey) -> TakenIn:
        calls.append(path)
        raise ChangedError(path, "changed while it was decoded")

    monkeypatch.setattr(intake_module, "take_in", lie)
    for _ in range(3):
        line.land("a.jpg", photographs["cat"] if not calls else None)

    assert len(calls) == 1
    assert state(line, "a.jpg").state is PhotoState.UNDECODABLE
    assert "the file is what it was" in (state(line, "a.jpg").reason or "")


@pytest.mark.parametrize("is_key_forged", [False, True])
def test_a_hash_of_a_change_that_nobody_else_sees_is_not_believed(
    line: Any, monkeypatch: pytest.MonkeyPatch, photographs: Any, is_key_forged: bool
) -> None:
    def lie(path: Path) -> tuple[bytes, StatKey]:
        if is_key_forged:
            content_hash, key = hash_file(path)
            return content_hash, replace(key, ctime_ns=key.ctime_ns + 1)
        raise ChangedError(path, "changed while it was read")

    monkeypatch.setattr(intake_module, "hash_file", lie)
    line.land("a.jpg", photographs["cat"])

    assert line.unreadable == [line.folder / "a.jpg"]
    assert line.index.files.file_at(line.folder / "a.jpg") is None


def test_a_file_that_did_change_settles_again(line: Any, monkeypatch: pytest.MonkeyPatch, photographs: Any) -> None:
    changed: list[Path] = []
    monkeypatch.setattr(line, "on_changed", changed.append)

    def touch(path: Path) -> tuple[bytes, StatKey]:
        os.utime(path, (1, 1))
        raise ChangedError(path, "changed while it was read")

    monkeypatch.setattr(intake_module, "hash_file", touch)
    line.land("a.jpg", photographs["cat"])

    assert changed == [line.folder / "a.jpg"]
    assert line.unreadable == []
