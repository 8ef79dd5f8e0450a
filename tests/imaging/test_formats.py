from __future__ import annotations

from pathlib import PurePath

import pytest

from pictrace.imaging import sniff


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", None),
        (b"GIF89a", "gif"),
        (b"BM\x36\x00", "bmp"),
        (b"II*\x00\x08\x00\x00\x00", "tiff"),
        (b"MM\x00*\x00\x00\x00\x08", "tiff"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "raw"),
        (b"FUJIFILMCCD-RAW 0201", "raw"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif", "avif"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1miaf", "avif"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", "raw"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", "video"),
        (b"\xff\x0a\xfa\x7f", "jxl"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
        (b"<!DOCTYPE html>", "text or html"),
        (b"random words", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell_the_format(head, found):
    assert sniff(head) == found


def test_the_name_decides_only_between_tiff_and_raw():
    assert sniff(b"II*\x00\x08\x00\x00\x00", PurePath("a.DNG")) == "raw"
    assert sniff(b"II*\x00\x08\x00\x00\x00", PurePath("a.tif")) == "tiff"
    assert sniff(b"\xff\xd8\xff\xe0", PurePath("a.nef")) == "jpeg"
    assert sniff(b"\x89PNG\r\n\x1a\n", PurePath("a.jpg")) == "png"
