"""What one comparison costs at 512 pixels, once both pictures and their features are in memory.

    python benchmarks/comparing.py [CORPUS] [--photos 24] [--rounds 3]

Each photo of CORPUS/photos that is drawn is made small; each attack of `pictrace bench` is done to it, and what comes
of that made small too. As many pairs of different pictures are compared: photos with each other, and with copies of
other photos. One after the other in one worker, the least of a few rounds each. Prints markdown.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from judging.halves import corpus_folder
from make_pairs import photos_in
from pictrace.bench.comparing import LONGEST_SIDE_PIXELS, Pair, comparison_times, shrunk, table
from pictrace.bench.copies import ATTACKS, making
from pictrace.fingerprint import WorkerPool

_SEED = 7


def main() -> None:
    """Make the pictures, compare them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--photos", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    found = photos_in(corpus_folder(arguments.corpus) / "photos")
    random = np.random.default_rng(_SEED)
    photos = [found[pick] for pick in sorted(random.permutation(len(found))[: arguments.photos])]
    pool = WorkerPool(1)
    try:
        with tempfile.TemporaryDirectory(prefix="pictrace-comparing-") as scratch:
            small = [_small(pool, photo, Path(scratch) / f"{photo.stem}.jpg") for photo in photos]
            copies = _copies(pool, small, Path(scratch))
            times = comparison_times(pool, copies, _different(small, copies, random), arguments.rounds)
    finally:
        pool.close()
    heading, *rows = table(times)
    print("\n".join(f"| {' | '.join(row)} |" for row in (heading, ["---"] * len(heading), *rows)))


def _small(pool: WorkerPool, photo: Path, target: Path) -> Path:
    target.write_bytes(pool.submit(shrunk, photo).result())
    return target


def _copies(pool: WorkerPool, photos: list[Path], scratch: Path) -> list[Pair]:
    """Return each copy with its original."""
    pairs = []
    for photo in photos:
        others = [other for other in photos if other != photo]
        for attack in ATTACKS:
            made = making(pool, scratch, photo, others, attack).path
            with Image.open(made) as image:
                is_large = max(image.size) > LONGEST_SIDE_PIXELS
            pairs.append((_small(pool, made, made.with_suffix(".small.jpg")) if is_large else made, photo))
    return pairs


def _different(photos: list[Path], copies: list[Pair], random: np.random.Generator) -> list[Pair]:
    """Return as many pairs of different pictures: a third of photos, the rest of copies with other photos."""
    pairs = []
    for number in range(len(copies)):
        copy, original = copies[random.integers(len(copies))]
        others = [photo for photo in photos if photo != original]
        other = others[random.integers(len(others))]
        # Collages show other photos too.
        pairs.append((original if number % 3 == 0 or "collage" in copy.name else copy, other))
    return pairs


if __name__ == "__main__":
    main()
