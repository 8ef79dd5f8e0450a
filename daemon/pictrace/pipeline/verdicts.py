"""A person's verdicts: on which contents, and as a text file to be read and kept."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pictrace.errors import UndecodableError, UsageError, shown
from pictrace.fingerprint import WorkerPool, hash_file
from pictrace.model import PhotoState, Verdict, Word
from pictrace.pipeline.library import Library
from pictrace.pipeline.lookup import describe_in
from pictrace.store import Index, Journal

_VERSION = "# PicTrace verdicts, version 1:"
_HEAD = (
    f"{_VERSION} two SHA-256 hashes, what was said, when, and the names the photos had then.\n"
    "# `pictrace verdicts import FILE` takes it in; lines may be removed, and put in any order.\n"
)
_HASH_CHARACTERS = 64
_BETWEEN_NAMES = " | "


def content_of(index: Index, path: Path) -> bytes:
    """Return the content hash of a file: as it is known, or read now.

    Raises:
        PhotoError: the file is not known and cannot be read.
    """
    row = index.files.file_at(path)
    return row.content_hash if row is not None and Library.known(index).is_living(row) else hash_file(path)[0]


def photo_of(index: Index, journal: Journal, path: Path) -> bytes:
    """Return the content hash of a photo, by where it is, or by where it was before it was put into quarantine.

    Raises:
        UsageError: neither.
        PhotoError: it cannot be read, or it is not known and no picture.
    """
    if not path.is_file():
        put_away = [change for change in journal.quarantined() if change.source == path]
        if not put_away:
            raise UsageError(f"{shown(path)}: expected a picture, found no file, and none from there in quarantine")
        return put_away[-1].content_hash
    if index.files.file_at(path) is not None:
        return content_of(index, path)
    pool = WorkerPool(1)
    try:
        photo = describe_in(pool, path)
    finally:
        pool.close()
    if photo.state is PhotoState.UNDECODABLE:
        raise UndecodableError(path, f"expected a picture: {photo.reason or 'it is none'}")
    return photo.content_hash


def verdicts_on(word: Word, photos: Sequence[tuple[Path, bytes]], *, now: float) -> list[Verdict]:
    """Return what is said of every two of some photos.

    Args:
        word: what a person says.
        photos: two or more, each with its content hash.
        now: wall-clock seconds since 1970.

    Raises:
        UsageError: two of them are equal to the last byte, and the word makes no sense of these.
    """
    for (first, a), (second, b) in itertools.combinations(photos, 2):
        if a == b and word is not Word.KEEP_BOTH:
            raise UsageError(
                f"{shown(first)} and {shown(second)}: equal to the last byte, so they are one photo in two files, and "
                f"`{word}` would be said of the photo and itself; `pictrace keep-both` leaves both files where they are"
            )
    named = [(content_hash, f"{path.parent.name}/{path.name}") for path, content_hash in photos]
    return [Verdict.of(word, a, b, made_at=now) for a, b in itertools.combinations(named, 2)]


def as_text(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Yield the lines of a file that `from_text` reads."""
    yield _HEAD
    for one in verdicts:
        at = datetime.datetime.fromtimestamp(one.made_at, tz=datetime.UTC).isoformat(timespec="seconds")
        names = shown(_BETWEEN_NAMES.join((one.first_name, one.second_name)))
        yield f"{one.first_hash.hex()} {one.second_hash.hex()} {one.word} {at}  # {names}\n"


def from_text(lines: Iterable[str], file: Path) -> Iterator[Verdict]:
    """Yield the verdicts that a file holds.

    Raises:
        UsageError: names the line and what was expected there; the first one says which version it is.
    """
    rest = iter(lines)
    head = next(rest, "")
    if not head.startswith(_VERSION):
        found = shown(head.strip()) or "nothing"
        raise UsageError(f"{shown(file)}:1: expected a line that begins with `{_VERSION}`, found {found}")
    for number, line in enumerate(rest, start=2):
        told, _, names = line.partition("#")
        if told.strip():
            yield _read(told.split(), names.strip(), f"{shown(file)}:{number}")


def _read(words: list[str], names: str, place: str) -> Verdict:
    if len(words) != 4:
        raise UsageError(f"{place}: expected two hashes, a word and a time, found {len(words)} words")
    first, second = (_content_hash(word, place) for word in words[:2])
    if words[2] not in tuple(Word):
        raise UsageError(f"{place}: expected one of {', '.join(Word)}, found {shown(words[2])}")
    word = Word(words[2])
    if first == second and word is not Word.KEEP_BOTH:
        raise UsageError(f"{place}: expected two different hashes: `{word}` cannot be said of a photo and itself")
    try:
        at = datetime.datetime.fromisoformat(words[3])
    except ValueError:
        raise UsageError(
            f"{place}: expected a time such as 2026-11-21T20:15:00+00:00, found {shown(words[3])}"
        ) from None
    a, _, b = names.partition(_BETWEEN_NAMES)
    return Verdict.of(word, (first, a), (second, b), made_at=at.timestamp())


def _content_hash(text: str, place: str) -> bytes:
    try:
        value = bytes.fromhex(text)
    except ValueError:
        value = b""
    if 2 * len(value) != _HASH_CHARACTERS or len(text) != _HASH_CHARACTERS:
        raise UsageError(f"{place}: expected a SHA-256 of {_HASH_CHARACTERS} hexadecimal letters, found {shown(text)}")
    return value
