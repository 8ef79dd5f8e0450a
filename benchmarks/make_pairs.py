"""Makes copies of photographs, one folder an attack, with a table that says what is true of each.

    python benchmarks/make_pairs.py PHOTOS TARGET [--count 24] [--seed 1] [--attack NAME …]

Deterministic: the same photographs and numbers give the same bytes. Each attack is done to COUNT photographs of its
own, a third of them of a megapixel or more where there are so many. ``pairs.jsonl`` in the target has the whole
truth, ``pairs.csv`` the main of it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import multiprocessing
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from pairs import ATTACKS, FAMILIES, Attack, Truth, drawn, truth_of
from pairs.families import SLIGHT
from pairs.storing import read
from pictrace.bench.copies.canvas import Drawn, Pixels

__all__ = ["ATTACKS", "FAMILIES", "Job", "jobs_for", "make", "make_all", "photos_in"]

SUFFIXES = (".jpg", ".jpeg", ".png")
LARGE_PIXELS = 1_000_000
# What compression does to a picture.
_SLIGHT_LEVELS = 2.0
_CSV = ("copy", "original", "attack", "family", "is_large", "relations", "scale", "degrees", "axis", "kept", "box")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One copy to make: which attack, of which photograph, with which others at hand."""

    attack: str
    original: Path
    others: tuple[Path, ...]
    seed: int

    @property
    def name(self) -> str:
        """Where the copy lies in the target folder."""
        suffix = _attack(self.attack).storage.suffix
        if _attack(self.attack).store is not None:
            suffix = self.original.suffix
        return f"{self.attack}/{self.original.stem}{suffix}"


def main() -> None:
    """Read the command line and make the copies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="photographs, all different")
    parser.add_argument("target", type=Path, help="where the copies go")
    parser.add_argument("--count", type=int, default=24, help="photographs an attack")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--attack", action="append", help="only this one; may be said again")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    jobs = jobs_for(photos_in(arguments.folder), arguments.count, arguments.seed, arguments.attack)
    rows = make_all(jobs, arguments.target, arguments.jobs)
    print(f"{len(rows)} copies in {arguments.target}")


def photos_in(folder: Path) -> list[Path]:
    """Return the photographs of a folder by name."""
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in SUFFIXES)


def jobs_for(photos: Sequence[Path], count: int, seed: int, attacks: Iterable[str] | None = None) -> list[Job]:
    """Return which copies to make: every attack on ``count`` photographs of its own."""
    wanted = [attack for attack in ATTACKS if attacks is None or attack.name in set(attacks)]
    sizes = {photo: pixels_of(photo) for photo in photos}
    jobs = []
    for attack in wanted:
        for photo in _chosen(sizes, attack, count, seed):
            others = [other for other in photos if other != photo]
            picks = _random(seed, attack.name, photo.name, "others").permutation(len(others))[:3]
            jobs.append(
                Job(attack=attack.name, original=photo, others=tuple(others[pick] for pick in picks), seed=seed)
            )
    return jobs


def make_all(jobs: Sequence[Job], target: Path, processes: int) -> list[dict[str, Any]]:
    """Make all copies and write ``pairs.jsonl`` and ``pairs.csv``; returns the rows."""
    for attack in {job.attack for job in jobs}:
        (target / attack).mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        rows = list(pool.map(make, jobs, [target] * len(jobs), chunksize=8))
    with (target / "pairs.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    with (target / "pairs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=_CSV, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return rows


def make(job: Job, target: Path) -> dict[str, Any]:
    """Make one copy; returns its row: the names and what is true of it."""
    cv2.setNumThreads(1)
    attack = _attack(job.attack)
    path = target / job.name
    original = read(job.original)
    random = _random(job.seed, job.attack, job.original.name)
    if attack.store is not None:
        copy = drawn(original)
        attack.store(job.original, path)
    else:
        copy = _done(attack, drawn(original), random, job.others)
        attack.storage.save(copy.rgb, path, job.original)
    is_slight = attack.make is not None and _is_nearly_equal(copy.rgb, original)
    truth = truth_of(copy, SLIGHT if is_slight and not attack.relations else attack.relations)
    return {
        "copy": job.name,
        "original": job.original.name,
        "attack": attack.name,
        "family": attack.family,
        "is_large": original.shape[0] * original.shape[1] >= LARGE_PIXELS,
        **_plain(truth),
    }


def _is_nearly_equal(one: Pixels, other: Pixels) -> bool:
    """Return whether an edit changed next to nothing: grayscale of a gray picture, auto-contrast of a full one."""
    return (
        one is not other and one.shape == other.shape and cv2.norm(one, other, cv2.NORM_L1) / one.size < _SLIGHT_LEVELS
    )


def _done(attack: Attack, copy: Drawn, random: np.random.Generator, others: tuple[Path, ...]) -> Drawn:
    if attack.with_others is None:
        assert attack.make is not None
        return attack.make(copy, random)

    def other(number: int) -> tuple[str, Pixels]:
        return others[number].name, read(others[number])

    return attack.with_others(copy, random, other)


def _plain(truth: Truth) -> dict[str, Any]:
    """Return a truth as JSON would have it, so that a row is the same before and after it was stored."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(truth)))
    return plain


def _chosen(sizes: dict[Path, int], attack: Attack, count: int, seed: int) -> list[Path]:
    """Return photographs for an attack: a third of them large, drawn for each attack anew."""
    fit = [photo for photo, size in sizes.items() if attack.most_pixels is None or size <= attack.most_pixels]
    shuffled = [fit[pick] for pick in _random(seed, attack.name, "photographs").permutation(len(fit))]
    large = [photo for photo in shuffled if sizes[photo] >= LARGE_PIXELS][: count // 3]
    small = [photo for photo in shuffled if sizes[photo] < LARGE_PIXELS][: count - len(large)]
    # One name in two folders would give two copies one place.
    return sorted({photo.stem: photo for photo in large + small}.values())


@lru_cache(maxsize=4096)
def pixels_of(photo: Path) -> int:
    """Return width × height without decoding."""
    with Image.open(photo) as image:
        return image.width * image.height


def _random(seed: int, *words: str) -> np.random.Generator:
    digest = hashlib.blake2b("\0".join((str(seed), *words)).encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def _attack(name: str) -> Attack:
    return _BY_NAME[name]


_BY_NAME = {attack.name: attack for attack in ATTACKS}


if __name__ == "__main__":
    main()
