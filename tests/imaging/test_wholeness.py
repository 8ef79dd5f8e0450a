from __future__ import annotations

import io

import pytest

from pictrace.imaging.wholeness import missing_bytes


def box(kind, length, body=b""):
    return length.to_bytes(4, "big") + kind + body


def missing(data, data_format="heic", size=None):
    return missing_bytes(io.BytesIO(data), data_format, len(data) if size is None else size)


def test_boxes_that_fit_are_whole():
    assert missing(box(b"ftyp", 16, bytes(8)) + box(b"mdat", 24, bytes(16))) == 0


def test_a_box_that_ends_beyond_the_file_tells_how_much_is_missing():
    assert missing(box(b"ftyp", 16, bytes(8)) + box(b"mdat", 1000, bytes(92))) == 900


def test_a_long_box_is_understood():
    assert missing(box(b"mdat", 1, (5000).to_bytes(8, "big") + bytes(84))) == 4900


def test_a_box_up_to_the_end_of_the_file_is_whole():
    assert missing(box(b"mdat", 0, bytes(50))) == 0


def test_what_phones_append_is_not_looked_at():
    assert missing(box(b"mdat", 16, bytes(8)) + box(b"sefd", 100_000, bytes(10))) == 0


@pytest.mark.parametrize("length", [2, 7])
def test_a_box_shorter_than_its_head_ends_the_walk(length):
    assert missing(box(b"mdat", length, bytes(50))) == 0


def test_a_webp_file_says_its_length():
    data = b"RIFF" + (92).to_bytes(4, "little") + b"WEBP" + bytes(88)

    assert missing(data, "webp") == 0
    assert missing(data[:60], "webp") == 40
    assert missing(data + b"appended", "webp") == 0


def test_of_other_formats_nothing_is_said():
    assert missing(b"\xff\xd8\xff", "jpeg") == 0
