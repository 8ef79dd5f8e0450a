"""Files as cameras, phones and messengers write them, made of drawn or real pictures."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps
from tests.conftest import draw_photo  # type: ignore[import-not-found]

_TAKEN = 1_600_000_000  # when originals were written; copies were made later
_COPIED = 1_700_000_000
_LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class File:
    """What a file holds, when it was written, and who may read it."""

    content: bytes
    written: int = _TAKEN
    mode: int = 0o640

    def later(self, seconds: int = _COPIED - _TAKEN) -> File:
        """Return a copy of the file, byte for byte, that was made some time after."""
        return replace(self, written=self.written + seconds)


Tree = dict[str, File]


@cache
def drawn(seed: int) -> Image.Image:
    """Return a drawn picture; every seed another."""
    return draw_photo(seed, 480, 360)


def real(path: Path) -> Image.Image:
    """Return a real photograph, small enough for a quick test."""
    with Image.open(path) as photo:
        image = ImageOps.exif_transpose(photo).convert("RGB")
    image.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
    return image


def camera(image: Image.Image, *, at: str = "12:00:00") -> File:
    """Return a photo as a camera stores it: little compressed, with what the camera knows."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Camera One"
    exif[0x8769] = {0x9003: f"2020:09:13 {at}"}
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 7.0), 3: "E", 4: (13.0, 24.0, 37.0)}
    return File(content=jpeg(image, quality=92, exif=exif.tobytes()))


def sent(image: Image.Image, *, longest: int = 400, quality: int = 60) -> File:
    """Return a photo as a messenger hands it on: smaller, much compressed, and nothing said of where it comes from."""
    small = image.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return File(content=jpeg(small, quality=quality), written=_COPIED)


def turned(image: Image.Image) -> File:
    """Return a photo that somebody turned by a quarter and stored again."""
    return File(content=jpeg(image.transpose(Image.Transpose.ROTATE_90), quality=88), written=_COPIED)


def recolored(image: Image.Image, *, quality: int = 90) -> File:
    """Return a photo that somebody worked on: warmer, with more contrast."""
    worked_on = ImageEnhance.Color(ImageEnhance.Contrast(image).enhance(1.25)).enhance(1.4)
    return File(content=jpeg(worked_on, quality=quality), written=_COPIED)


def cropped(image: Image.Image) -> File:
    """Return a photo of which somebody kept the better part."""
    width, height = image.size
    part = image.crop((width // 10, height // 8, width * 9 // 10, height * 7 // 8))
    return File(content=jpeg(part, quality=90), written=_COPIED)


def scribbled(image: Image.Image) -> File:
    """Return a photo on which somebody drew before sending it on."""
    drawn_on = image.copy()
    pen = ImageDraw.Draw(drawn_on)
    width, height = image.size
    pen.line(
        (width * 0.2, height * 0.7, width * 0.5, height * 0.3, width * 0.8, height * 0.6), fill=(255, 0, 60), width=14
    )
    return File(content=jpeg(drawn_on, quality=80), written=_COPIED)


def screenshot(image: Image.Image) -> File:
    """Return what a phone shows of a photo in its gallery: bars with a clock above, buttons below."""
    screen = Image.new("RGB", (540, 1170), (18, 18, 20))
    shown = image.copy()
    shown.thumbnail((540, 900), Image.Resampling.LANCZOS)
    screen.paste(shown, (0, (1170 - shown.height) // 2))
    pen = ImageDraw.Draw(screen)
    pen.text((24, 14), "12:34", fill=(230, 230, 230))
    pen.rectangle((450, 16, 500, 30), outline=(230, 230, 230))
    for number in range(4):
        pen.ellipse((60 + 120 * number, 1090, 90 + 120 * number, 1120), outline=(200, 200, 200), width=3)
    buffer = io.BytesIO()
    screen.save(buffer, "PNG")
    return File(content=buffer.getvalue(), written=_COPIED)


def next_exposure(image: Image.Image) -> Image.Image:
    """Return the picture of a moment later: the hand moved a little, somebody in it a little more, and other noise."""
    random = np.random.default_rng(image.width)
    moved = image.transform(
        image.size, Image.Transform.AFFINE, (1.004, 0.003, -3.4, -0.002, 1.003, 2.7), Image.Resampling.BICUBIC
    )
    width, height = image.size
    somebody = (width // 3, height // 4, width // 3 + width // 5, height // 4 + height // 3)
    mask = Image.new("L", (somebody[2] - somebody[0], somebody[3] - somebody[1]))
    ImageDraw.Draw(mask).ellipse((0, 0, *mask.size), fill=255)
    moved.paste(image.crop(somebody), (somebody[0] + 9, somebody[1] - 4), mask)
    noisy = np.asarray(moved) + random.normal(0, 4, (height, width, 1))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def with_packet(photo: File, fields: str) -> File:
    """Return a JPEG with an XMP packet more: the picture is the same to the last bit."""
    packet = (
        "http://ns.adobe.com/xap/1.0/\0"
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">{fields}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()
    segment = b"\xff\xe1" + (len(packet) + 2).to_bytes(2, "big") + packet
    return replace(photo, content=photo.content[:2] + segment + photo.content[2:])


def without_metadata(photo: File) -> File:
    """Return a JPEG without what the camera said of it: the picture is the same to the last bit."""
    assert photo.content[20:24] == b"\xff\xe1" + photo.content[22:24], "expected JFIF, then EXIF"
    length = int.from_bytes(photo.content[22:24], "big")
    return File(content=photo.content[:20] + photo.content[22 + length :], written=_COPIED)


def rated(photo: File, stars: int) -> File:
    """Return a JPEG to which a photo manager gave stars."""
    return with_packet(photo, f"<xmp:Rating>{stars}</xmp:Rating>")


def with_keyword(photo: File, keyword: str) -> File:
    """Return a JPEG to which a photo manager gave a keyword."""
    bag = f"<rdf:Bag><rdf:li>{keyword}</rdf:li></rdf:Bag>"
    return with_packet(photo, f'<dc:subject xmlns:dc="http://purl.org/dc/elements/1.1/">{bag}</dc:subject>')


def text(words: str) -> File:
    """Return a text file, such as a sidecar."""
    return File(content=words.encode(), written=_COPIED)


def jpeg(image: Image.Image, *, quality: int, exif: bytes = b"") -> bytes:
    """Return the bytes of a JPEG."""
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=quality, exif=exif)
    return buffer.getvalue()
