"""What a video says of the photo it belongs to: read in bounds, whatever a stranger wrote."""

from __future__ import annotations

import os
import struct

import pytest

from pictrace.imaging import VideoFacts, read_video_facts

KEY = b"com.apple.quicktime.content.identifier"


def box(kind: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def meta(*, is_full: bool = False, identifier: bytes = b"C0FFEE-1") -> bytes:
    keys = box(b"keys", struct.pack(">II", 0, 2), box(b"mdta", b"com.apple.quicktime.make"), box(b"mdta", KEY))
    values = (box(b"data", struct.pack(">II", 1, 0), text) for text in (b"Apple", identifier))
    items = box(b"ilst", *(box(struct.pack(">I", number), value) for number, value in enumerate(values, start=1)))
    return box(b"meta", bytes(4) if is_full else b"", box(b"hdlr", bytes(24)), keys, items)


def header(seconds: int) -> bytes:
    return box(b"mvhd", bytes(4), struct.pack(">II", seconds, seconds), bytes(88))


@pytest.fixture
def facts(tmp_path):
    def read(content: bytes) -> VideoFacts:
        path = tmp_path / "a.mov"
        path.write_bytes(content)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            return read_video_facts(descriptor)
        finally:
            os.close(descriptor)

    return read


@pytest.mark.parametrize("is_full", [False, True])
def test_identifier_and_time_are_read_wherever_the_head_lies(facts, is_full) -> None:
    head = box(b"moov", header(2_082_844_800 + 1_600_000_000), box(b"trak", bytes(99)), meta(is_full=is_full))

    for content in (box(b"ftyp", b"qt  ") + head, box(b"mdat", bytes(5000)) + head):
        assert facts(content) == VideoFacts(content_identifier="C0FFEE-1", made_at=1_600_000_000)


def test_a_large_box_with_a_long_size_is_stepped_over(facts) -> None:
    far = struct.pack(">I4sQ", 1, b"mdat", 16 + 100) + bytes(100)

    assert facts(far + box(b"moov", meta())).content_identifier == "C0FFEE-1"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        b"no video at all, only words",
        box(b"moov", header(0)),
        box(b"moov", box(b"meta", b"\xff" * 100)),
        box(b"moov", meta(identifier=b"x" * 5000)),
        box(b"moov", box(b"meta", bytes(300_000))),
        struct.pack(">I4s", 2**32 - 1, b"moov"),
        struct.pack(">I4sQ", 1, b"moov", 3),
        struct.pack(">I4s", 4, b"free") * 1000 + box(b"moov", meta()),
        box(b"free") * 1000 + box(b"moov", meta()),
    ],
)
def test_a_broken_or_hostile_video_says_nothing(facts, content) -> None:
    assert facts(content) == VideoFacts()


def test_every_truncation_of_a_video_is_survived(facts) -> None:
    whole = box(b"ftyp", b"qt  ") + box(b"moov", header(2_082_844_801), meta())

    for length in range(len(whole)):
        assert facts(whole[:length]).content_identifier is None
