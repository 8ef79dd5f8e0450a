"""The content identifier of a Live Photo's still."""

from __future__ import annotations

import struct

import pytest
from PIL import Image

from pictrace.imaging import read_metadata
from pictrace.imaging.apple import content_identifier

IDENTIFIER = b"0E8A1C3F-7A55-4B9D-9C1E-000000000001"


def maker_note(value: bytes = IDENTIFIER, *, order: str = ">", tag: int = 0x11, length: int | None = None) -> bytes:
    entries = [(0x01, 4, 1, 14), (tag, 2, len(value) + 1 if length is None else length, 14 + 2 + 2 * 12 + 4)]
    head = b"Apple iOS\x00" + b"\x00\x01" + (b"MM" if order == ">" else b"II")
    directory = struct.pack(f"{order}H", len(entries)) + b"".join(
        struct.pack(f"{order}HHII", *entry) for entry in entries
    )
    return head + directory + bytes(4) + value + b"\x00"


@pytest.mark.parametrize("data_format", ["jpeg", "heic"])
def test_the_identifier_of_a_live_photo_is_read(stored, data_format) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x927C] = maker_note()

    metadata = read_metadata(stored(Image.new("RGB", (60, 40), (1, 2, 3)), data_format, exif=exif))

    assert metadata.content_identifier == IDENTIFIER.decode()


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_are_read(order) -> None:
    assert content_identifier(maker_note(order=order)) == IDENTIFIER


@pytest.mark.parametrize(
    "note",
    [
        None,
        "Apple iOS\x00",
        b"",
        b"Apple iOS\x00",
        b"Apple iOS\x00\x00\x01MM\xff\xff",
        b"Nikon\x00" + maker_note()[6:],
        maker_note(tag=0x12),
        maker_note(length=2**31),
        maker_note(length=3),
        maker_note(b""),
    ],
)
def test_a_maker_note_that_is_broken_or_another_says_nothing(note) -> None:
    assert content_identifier(note) is None


def test_every_truncation_of_a_maker_note_is_survived() -> None:
    whole = maker_note()

    for length in range(len(whole)):
        found = content_identifier(whole[:length])
        assert found is None or IDENTIFIER.startswith(found)
