"""Makes a copy of a photo in a worker process, and puts it into a folder in the parent."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

from pictrace.bench.copies.attacks import ATTACKS, Attack
from pictrace.bench.copies.canvas import Drawn, Pixels, Truth, drawn, truth_of
from pictrace.fingerprint import WorkerPool
from pictrace.imaging import read_photo

# Beyond, copies are made of a smaller picture: memory and the size of an answer are limited in a worker.
LONGEST_SIDE_PIXELS: Final = 4096
_OTHERS_SIDE_PIXELS: Final = 1280
OTHERS: Final = 3
# What compression does to a picture (mean absolute difference of levels): an edit that does no more cannot be named.
_SLIGHT_LEVELS: Final = 2.0
_BY_NAME: Final = {attack.name: attack for attack in ATTACKS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A copy as a file's bytes, with what is true of it.

    ``is_slight``: the edit changed next to nothing, as taking the colors out of a gray photo does.
    """

    data: bytes
    truth: Truth
    is_slight: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy that lies in a folder."""

    path: Path
    original: Path
    attack: Attack
    others: tuple[Path, ...]
    truth: Truth
    is_slight: bool


def make(original: Path, attack_name: str, others: tuple[Path, ...]) -> Made:
    """Return a copy of a photo; the same photo under the same name gives the same bytes. Runs in a worker process.

    Args:
        original: the photo.
        attack_name: which attack, ``crop.50``.
        others: three other photos, for collages.

    Raises:
        PhotoError: one of them cannot be read.
    """
    attack = _BY_NAME[attack_name]
    before = _read(original)
    random = _random(attack_name, original.name)
    copy = _done(attack, before, random, others)
    is_slight = attack.family == "colour" and _difference(copy.rgb, before.rgb) < _SLIGHT_LEVELS
    relations = ("rendition", "edited") if is_slight else attack.relations
    return Made(data=_encoded(copy.rgb, attack), truth=truth_of(copy, relations), is_slight=is_slight)


def making(pool: WorkerPool, folder: Path, original: Path, others: Sequence[Path], attack: Attack) -> Copy:
    """Make a copy in a worker process and put it into a folder, under its own name and that of its attack.

    Args:
        pool: whose workers make it.
        folder: a temporary one.
        original: the photo.
        others: all other photos; a collage takes some, always the same ones.
        attack: which one.

    Raises:
        PhotoError: a photo cannot be read.
    """
    shown = _picked(others, original, attack) if attack.needs_others else ()
    made: Made = pool.submit(make, original, attack.name, shown).result()
    path = folder / attack.file_name(original.stem)
    path.write_bytes(made.data)
    used = tuple(other for other in shown if other.name in made.truth.others)
    return Copy(path=path, original=original, attack=attack, others=used, truth=made.truth, is_slight=made.is_slight)


def _picked(others: Sequence[Path], original: Path, attack: Attack) -> tuple[Path, ...]:
    order = _random(attack.name, original.name, "others").permutation(len(others))
    return tuple(others[pick] for pick in order[:OTHERS])


def _read(path: Path) -> Drawn:
    """Return an original as a copy of itself; a very large one as its smaller copy."""
    picture = read_photo(path, longest_side=LONGEST_SIDE_PIXELS)
    height, width = picture.rgb.shape[:2]
    if (width, height) == (picture.width_pixels, picture.height_pixels):
        return drawn(picture.rgb)
    across, down = picture.width_pixels / width, picture.height_pixels / height
    to_original = np.array([(across, 0, (across - 1) / 2), (0, down, (down - 1) / 2), (0, 0, 1.0)])
    small = drawn(picture.rgb)
    return Drawn(
        rgb=small.rgb,
        to_original=to_original,
        region=small.region,
        original_size=(picture.width_pixels, picture.height_pixels),
    )


def _done(attack: Attack, copy: Drawn, random: np.random.Generator, others: tuple[Path, ...]) -> Drawn:
    def other(number: int) -> tuple[str, Pixels]:
        path = others[number % len(others)]
        return path.name, read_photo(path, longest_side=_OTHERS_SIDE_PIXELS).rgb

    return attack.make(copy, random, other)


def _difference(one: Pixels, other: Pixels) -> float:
    return float(cv2.norm(one, other, cv2.NORM_L1)) / one.size


def _encoded(rgb: Pixels, attack: Attack) -> bytes:
    buffer = io.BytesIO()
    how: dict[str, Any] = {"quality": attack.quality}
    Image.fromarray(rgb).save(buffer, "WEBP" if attack.suffix == ".webp" else "JPEG", **how)
    return buffer.getvalue()


def _random(*words: str) -> np.random.Generator:
    digest = hashlib.blake2b("\0".join(words).encode(errors="surrogateescape"), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))
