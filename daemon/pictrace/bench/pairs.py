"""Copies of some photos, and which pairs of files are measured: copies with their originals, and different photos."""

from __future__ import annotations

import hashlib
import itertools
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from pictrace.bench.copies import ATTACKS, Attack, making
from pictrace.bench.running import Chunk, Tell
from pictrace.errors import PhotoError, UsageError, shown
from pictrace.fingerprint import WorkerPool
from pictrace.imaging import pixel_hash

log = logging.getLogger(__name__)

Pair = frozenset[Path]

# With 29 attacks and 50 photos: 2,900 pairs of a copy and another photo, beside the 1,225 pairs of photos.
_OTHERS_A_COPY: Final = 2
_ROWS, _SIDE = 6, 5
_FEWEST_PHOTOS: Final = 2
# More photos would have more pairs than are needed to show a rate of 0.1 %.
_MOST_BLOCKS: Final = 200


class Kind(StrEnum):
    """What is true of a pair."""

    EQUAL = "equal"  # pixel for pixel
    COPY = "copy"
    DIFFERENT = "different"
    SERIES = "series"  # other exposures of one moment, other views of one scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file and what it shows: an original itself, or what was made of it; ``others``: what it shows beside."""

    original: Path
    attack: Attack | None = None
    is_equal: bool = False
    others: frozenset[Path] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All files that are measured, with what is true of them.

    ``related``: pairs of originals that are no different photos, with what they are; None: copies of each other.
    """

    originals: tuple[Path, ...]
    files: Mapping[Path, Shown]
    related: Mapping[Pair, Kind | None] = field(default_factory=dict)

    def kind(self, one: Path, other: Path) -> Kind | None:
        """Return what is true of two files; None where that is not known, or not asked."""
        first, second = self.files[one], self.files[other]
        if one == other:
            return None
        if first.original == second.original:
            return Kind.EQUAL if first.is_equal or second.is_equal else Kind.COPY
        if first.original in second.others or second.original in first.others or first.is_equal or second.is_equal:
            return None
        return self.related.get(frozenset((first.original, second.original)), Kind.DIFFERENT)

    def family(self, one: Path, other: Path) -> str:
        """Return the family of the attack that made one of the two."""
        attack = self.files[one].attack or self.files[other].attack
        return "" if attack is None else attack.family


def sampled(photos: Sequence[Path], number: int, pixels_of: Callable[[Path], bytes | None]) -> list[Path]:
    """Return some of many photos, by a hash of their names: the same ones in every run, in the order given.

    What cannot be read, or has the pixels of another one, is left out, and told: it would be a different photo that
    is none, or spoil the collages of others.

    Args:
        photos: any.
        number: how many at most.
        pixels_of: gives what equal pixels have in common, None where that cannot be told.
    """
    picked: set[Path] = set()
    known: dict[bytes, Path] = {}
    for photo in sorted(photos, key=lambda photo: (_digest(photo.name), photo)):
        if len(picked) == number:
            break
        try:
            pixels = pixels_of(photo)
        except PhotoError as problem:
            log.warning("left out: %s", problem)
            continue
        if pixels is None or known.setdefault(pixels, photo) == photo:
            picked.add(photo)
        else:
            log.warning("left out: %s has the same pixels as %s", shown(photo), shown(known[pixels]))
    return [photo for photo in photos if photo in picked]


def made(pool: WorkerPool, photos: Sequence[Path], limit: int, folder: Path, tell: Tell) -> Material:
    """Return photos and copies of them that lie in a folder; photos that cannot be used are left out, and told.

    Args:
        pool: whose workers read the photos and make the copies.
        photos: different ones; of more than ``limit`` a choice is taken, always the same.
        limit: photos.
        folder: a temporary one.
        tell: hears how many photos are done.

    Raises:
        UsageError: fewer than two photos can be used.
    """
    chosen = sampled(photos, limit, lambda photo: pool.submit(pixel_hash, photo).result())
    material = _copied(pool, chosen, folder, tell)
    if len(material.originals) < _FEWEST_PHOTOS:
        raise UsageError(
            f"expected at least {_FEWEST_PHOTOS} photos to make copies of, "
            f"found {len(material.originals)} that can be used among {len(photos)}"
        )
    return material


def _copied(pool: WorkerPool, photos: Sequence[Path], folder: Path, tell: Tell) -> Material:
    files: dict[Path, Shown] = {}
    originals = []
    for number, photo in enumerate(photos):
        tell(number, len(photos))
        others = [other for other in photos if other != photo]
        place = folder / f"{number:04}"
        place.mkdir()
        try:
            files |= _copies(pool, place, photo, others)
        except PhotoError as problem:
            log.warning("left out: %s", problem)
        else:
            originals.append(photo)
    tell(len(photos), len(photos))
    return Material(originals=tuple(originals), files=files)


def _copies(pool: WorkerPool, place: Path, photo: Path, others: Sequence[Path]) -> dict[Path, Shown]:
    files = {photo: Shown(original=photo)}
    for attack in ATTACKS:
        copy = making(pool, place, photo, others, attack)
        files[copy.path] = Shown(original=photo, attack=attack, others=frozenset(copy.others))
    equal = place / f"equal{photo.suffix}"
    shutil.copyfile(photo, equal)
    files[equal] = Shown(original=photo, is_equal=True)
    return files


def chunks_of(material: Material) -> list[Chunk]:
    """Return the pairs to measure, in chunks: each copy with its original and two others, originals with each other."""
    return [*_of_copies(material), *_of_originals(material.originals)]


def chunks_of_series(material: Material) -> list[Chunk]:
    """Return the pairs of originals that are known to be related, in chunks."""
    pairs = (sorted(pair) for pair, kind in material.related.items() if kind is Kind.SERIES)
    return [Chunk(rows=(first,), columns=(second,)) for first, second in sorted(pairs)]


def _of_copies(material: Material) -> Iterator[Chunk]:
    """Yield the copies of each original with it and with two of those that come next.

    A worker keeps what it described of the last pictures: others from anywhere would be described again and again.
    """
    originals = material.originals
    for place, original in enumerate(originals):
        made_of_it = [path for path, shown in material.files.items() if shown.original == original != path]
        others = [*originals[place + 1 :], *originals[:place]]
        for number, start in enumerate(range(0, len(made_of_it), _ROWS)):
            first = number * _OTHERS_A_COPY % max(1, len(others))
            columns = (original, *[*others, *others][first : first + min(_OTHERS_A_COPY, len(others))])
            yield Chunk(rows=tuple(made_of_it[start : start + _ROWS]), columns=columns)


def _of_originals(originals: Sequence[Path]) -> list[Chunk]:
    """Return blocks that hold each pair once, some twice; of very many a choice."""
    starts = range(0, len(originals), _SIDE)
    blocks = [
        Chunk(rows=tuple(originals[top : top + _SIDE]), columns=tuple(originals[left : left + _SIDE]))
        for top, left in itertools.combinations_with_replacement(starts, 2)
    ]
    return sorted(blocks, key=lambda block: _digest(f"{block.rows[0].name} {block.columns[0].name}"))[:_MOST_BLOCKS]


def _digest(name: str) -> bytes:
    return hashlib.blake2b(os.fsencode(name), digest_size=8).digest()
