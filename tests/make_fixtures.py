"""Makes the folder that the acceptance lines of the earlier methods are run on.

    python tests/make_fixtures.py F [--corpus CORPUS]

F, which is made and lies outside the repository, holds fifty photos ``a.jpg``, ``b.jpg`` …, the 29 attacks of the
first one ``a.FAMILY.VARIANT.jpg``, ``a.copy.jpg`` (the same bytes), ``a.exif.jpg`` (other metadata, the same pixels),
``a.orientation.png`` (the same pixels on their side, with the flag that turns them back), ``flat.png`` and
``flat.reencode.jpg``, ``truncated.jpg``, ``unrelated.jpg``, ``skyline1.jpg`` and ``skyline2.jpg`` (two photographs of
one scene), ``burst1/`` to ``burst3/`` (frames, a focus stack, a bracket), ``groups1/`` (near copies that are none) and
``groups2/`` (other views), each with its ``groups.csv``. CORPUS has ``photos/`` and ``series/`` with ``groups.csv``; it
is looked for in ``$PICTRACE_CORPUS`` and beside the repository. The same corpus gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import shutil
import string
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from pictrace.bench.copies import ATTACKS, Group, groups_in, make

_REPOSITORY = Path(__file__).resolve().parent.parent
# The kinds of photos that the earlier methods were measured with, half and half.
_SOURCES = ("bsds500__*.jpg", "imagenet-samples__*.jpg")
_PHOTOS_A_SOURCE = 25
_BURSTS = ("fox", "pcb-focus", "hdr-livingroom1")
_NEAR = (*_BURSTS, "drone-seneca-a")
_SKYLINE = "sacre-coeur"
_LONGEST_SIDE_PIXELS = 640
_ORIENTATION, _DESCRIPTION, _MAKE = 0x0112, 0x010E, 0x010F
_ON_ITS_SIDE = 6  # turned clockwise by a quarter, it stands upright


def main() -> None:
    """Read the command line and make the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="is made; outside the repository")
    parser.add_argument("--corpus", type=Path, help="photos/ and series/")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.absolute()
    if folder.resolve().is_relative_to(_REPOSITORY):
        parser.error(f"{folder}: expected a folder outside the repository")
    if folder.exists() and any(folder.iterdir()):
        parser.error(f"{folder}: expected no folder, or an empty one; nothing is overwritten")
    corpus = arguments.corpus or Path(os.environ.get("PICTRACE_CORPUS", _REPOSITORY.parent / "shared" / "corpus"))
    folder.mkdir(parents=True, exist_ok=True)
    make_fixtures(folder, corpus)


def make_fixtures(folder: Path, corpus: Path) -> None:
    """Fill an empty folder."""
    chosen = [_drawn(corpus / "photos", pattern) for pattern in _SOURCES]
    photos = [photo for pair in zip(*(names[:_PHOTOS_A_SOURCE] for names in chosen), strict=True) for photo in pair]
    for name, photo in zip(_names(), photos, strict=False):
        shutil.copyfile(photo, folder / f"{name}.jpg")
    shutil.copyfile(chosen[0][_PHOTOS_A_SOURCE], folder / "unrelated.jpg")
    _copies_of_a(folder, [folder / f"{name}.jpg" for name in "bcd"])
    _odd_ones(folder)
    groups = {group.name: group for group in groups_in(corpus / "series")}
    for number, pair in enumerate(groups[_SKYLINE].files[2:4], start=1):
        _small(pair, folder / f"skyline{number}.jpg")
    for number, name in enumerate(_BURSTS, start=1):
        _burst(groups[name], folder / f"burst{number}")
    _series((groups[name] for name in _NEAR), folder / "groups1")
    _series((group for group in groups.values() if group.name not in _NEAR), folder / "groups2")


def _drawn(photos: Path, pattern: str) -> list[Path]:
    """Return photos of one source in an order of no meaning, always the same."""
    return sorted(photos.glob(pattern), key=lambda photo: hashlib.sha256(photo.name.encode()).digest())


def _names() -> list[str]:
    letters = string.ascii_lowercase
    return [*letters, *(first + second for first in letters for second in letters)]


def _copies_of_a(folder: Path, others: list[Path]) -> None:
    a = folder / "a.jpg"
    for attack in ATTACKS:
        (folder / attack.file_name("a")).write_bytes(make(a, attack.name, tuple(others)).data)
    shutil.copyfile(a, folder / "a.copy.jpg")
    exif = Image.Exif()
    exif[_DESCRIPTION], exif[_MAKE] = "the same pixels", "PicTrace"
    block = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    data = a.read_bytes()
    segment = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
    (folder / "a.exif.jpg").write_bytes(data[:2] + segment + data[2:])
    flag = Image.Exif()
    flag[_ORIENTATION] = _ON_ITS_SIDE
    with Image.open(a) as image:
        image.convert("RGB").transpose(Image.Transpose.ROTATE_90).save(folder / "a.orientation.png", exif=flag)


def _odd_ones(folder: Path) -> None:
    flat = Image.fromarray(np.full((240, 320, 3), (96, 120, 144), np.uint8))
    flat.save(folder / "flat.png")
    flat.save(folder / "flat.reencode.jpg", quality=75)
    data = (folder / "a.jpg").read_bytes()
    (folder / "truncated.jpg").write_bytes(data[: len(data) * 6 // 10])


def _burst(group: Group, folder: Path) -> None:
    """Store the frames of a burst as they are."""
    folder.mkdir()
    for number, file in enumerate(group.files, start=1):
        shutil.copyfile(file, folder / f"{number}{file.suffix.lower()}")


def _series(groups: Iterable[Group], folder: Path) -> None:
    """Store groups small, with their table."""
    folder.mkdir()
    with (folder / "groups.csv").open("w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table)
        writer.writerow(("file", "group", "kind"))
        for group in groups:
            for number, file in enumerate(group.files, start=1):
                name = f"{group.name}_{number}.jpg"
                _small(file, folder / name)
                writer.writerow((name, group.name, group.kind))


def _small(file: Path, target: Path) -> None:
    with Image.open(file) as image:
        small = ImageOps.exif_transpose(image).convert("RGB")
        small.thumbnail((_LONGEST_SIDE_PIXELS, _LONGEST_SIDE_PIXELS))
        small.save(target, quality=95)


if __name__ == "__main__":
    main()
