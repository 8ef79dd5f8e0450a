"""Makes copies of photographs, one folder a kind of copy, with a table that says what each one is.

    python benchmarks/make_copies.py CORPUS/photos TARGET --count 60

Deterministic: the same photos and numbers give the same bytes. ``copies.csv`` in the target names for each copy its
original, the kind, and the relation word that should be found.
"""

from __future__ import annotations

import argparse
import csv
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageEnhance, ImageOps

pillow_heif.register_heif_opener()

_EXIF_ORIENTATION = 0x0112
# EXIF orientation → what turns upright pixels into the stored ones.
_STORED_TURNED = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of copy: its name, its suffix, the relation word, and how it is stored."""

    name: str
    suffix: str
    relation: str
    store: Callable[[Path, Path], object]


def _edit(change: Callable[[Image.Image], Image.Image], **how: object) -> Callable[[Path, Path], None]:
    def store(source: Path, target: Path) -> None:
        with Image.open(source) as image:
            change(ImageOps.exif_transpose(image).convert("RGB")).save(target, **how)

    return store


def _same(image: Image.Image) -> Image.Image:
    return image


def _scaled(scale: float) -> Callable[[Image.Image], Image.Image]:
    def change(image: Image.Image) -> Image.Image:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        return image.resize(size, Image.Resampling.LANCZOS)

    return change


def _turned(how: Image.Transpose) -> Callable[[Image.Image], Image.Image]:
    return lambda image: image.transpose(how)


def _exif_flag(source: Path, target: Path) -> None:
    """Store turned pixels losslessly with the flag that turns them back."""
    orientation = (3, 6, 8)[len(source.name) % 3]
    with Image.open(source) as image:
        turned = ImageOps.exif_transpose(image).convert("RGB").transpose(_STORED_TURNED[orientation])
    exif = Image.Exif()
    exif[_EXIF_ORIENTATION] = orientation
    turned.save(target, exif=exif)


def _gamma(power: float) -> Callable[[Image.Image], Image.Image]:
    table = [round(255 * (level / 255) ** power) for level in range(256)]
    return lambda image: image.point(table * 3)


def _noisy_chain(image: Image.Image) -> Image.Image:
    """Resize, store as a poor JPEG, turn: what messengers do one after the other."""
    buffer = io.BytesIO()
    _scaled(0.6)(image).save(buffer, "JPEG", quality=60)
    return Image.open(buffer).convert("RGB").transpose(Image.Transpose.ROTATE_90)


KINDS = (
    Kind("bytes", "", "same-bytes", shutil.copyfile),
    Kind("png", ".png", "same-pixels", _edit(_same)),
    Kind("exif-flag", ".png", "same-pixels", _exif_flag),
    *(Kind(f"jpeg{q}", ".jpg", "rendition", _edit(_same, quality=q)) for q in (90, 70, 50, 30)),
    Kind("webp80", ".webp", "rendition", _edit(_same, quality=80)),
    Kind("heic", ".heic", "rendition", _edit(_same, quality=60)),
    Kind("avif", ".avif", "rendition", _edit(_same, quality=60)),
    *(Kind(f"resize{s}", ".jpg", "rendition", _edit(_scaled(s), quality=90)) for s in (0.25, 0.5, 2.0)),
    *(
        Kind(f"turn{degrees}", ".jpg", "rendition", _edit(_turned(how), quality=90))
        for degrees, how in (
            (90, Image.Transpose.ROTATE_270),
            (180, Image.Transpose.ROTATE_180),
            (270, Image.Transpose.ROTATE_90),
        )
    ),
    Kind("chain", ".jpg", "rendition", _edit(_noisy_chain, quality=75)),
    Kind("mirror", ".jpg", "edited", _edit(_turned(Image.Transpose.FLIP_LEFT_RIGHT), quality=90)),
    Kind("flip", ".jpg", "edited", _edit(_turned(Image.Transpose.FLIP_TOP_BOTTOM), quality=90)),
    Kind("brighter", ".jpg", "edited", _edit(lambda image: ImageEnhance.Brightness(image).enhance(1.3), quality=90)),
    Kind("contrast", ".jpg", "edited", _edit(lambda image: ImageEnhance.Contrast(image).enhance(1.4), quality=90)),
    Kind("gamma", ".jpg", "edited", _edit(_gamma(0.7), quality=90)),
    Kind("gray", ".jpg", "edited", _edit(lambda image: ImageOps.grayscale(image).convert("RGB"), quality=90)),
)


def make_copies(photos: list[Path], target: Path) -> list[dict[str, str]]:
    """Store every kind of copy of every photo; returns the rows of ``copies.csv``."""
    rows = []
    for kind in KINDS:
        folder = target / kind.name
        folder.mkdir(parents=True, exist_ok=True)
        for photo in photos:
            copy = folder / (photo.stem + (kind.suffix or photo.suffix))
            kind.store(photo, copy)
            rows.append(
                {
                    "copy": str(copy.relative_to(target)),
                    "original": photo.name,
                    "kind": kind.name,
                    "relation": kind.relation,
                }
            )
    with (target / "copies.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return rows


def chosen(folder: Path, count: int, seed: int) -> list[Path]:
    """Return so many photos of a folder, drawn at random but always the same ones for one seed."""
    photos = sorted(path for path in folder.iterdir() if path.is_file())
    picks = np.random.default_rng(seed).permutation(len(photos))[:count]
    return [photos[pick] for pick in sorted(picks)]


def main() -> None:
    """Read the command line and make the copies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="photographs")
    parser.add_argument("target", type=Path, help="where the copies go")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rows = make_copies(chosen(arguments.folder, arguments.count, arguments.seed), arguments.target)
    print(f"{len(rows)} copies in {arguments.target}")


if __name__ == "__main__":
    main()
