"""How well and how fast the candidate index finds what it should, among ten thousand photos and among a million.

    python benchmarks/scale.py recall CORPUS/photos --others FOLDER… --targets 60 --photos 10000
    python benchmarks/scale.py speed CORPUS/photos --sizes 10000 100000

`recall`: targets are edited in every way of `pairs`, and each copy is looked up among the targets and other photos,
quarters of other photos where there are too few, and synthetic ones where there still are. A copy counts as found if
its original is among the first 20.
`speed`: photos beyond those of the folder are synthetic. Their features are drawn from those of the real ones, each
with some bits turned over, so words are as unevenly used as in life.
"""

from __future__ import annotations

import argparse
import itertools
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pairs import ATTACKS, FAMILIES, Attack, drawn
from pairs.storing import read, through_jpeg
from pictrace.errors import PhotoError
from pictrace.fingerprint import orb
from pictrace.fingerprint.hashes import phash
from pictrace.imaging import gray, read_photo, resized
from pictrace.match import CandidateIndex
from pictrace.match.index import LocalIndex
from pictrace.match.index.local import ENTRY
from pictrace.model import Fingerprint

LIMIT = 20
DEEP_PIXELS = 1280
# What a repeated picture of the same thing changes in a descriptor's signature, in bits of 64.
TURNED_BITS = 6


def main() -> None:
    """Run one of the two measurements and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("recall", "speed"))
    parser.add_argument("folder", type=Path, help="real photographs")
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="folders of more photographs")
    parser.add_argument("--targets", type=int, default=60)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--families", nargs="*", default=list(FAMILIES), help="of `pairs`; all")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    arguments = parser.parse_args()
    if arguments.what == "recall":
        photos = pictures_in([arguments.folder])
        chosen = photos[:: max(1, len(photos) // arguments.targets)][: arguments.targets]
        others = [path for path in photos if path not in chosen]
        index = filled(chosen, [*others, *pictures_in(arguments.others)], arguments.photos)
        recall(index, chosen, others, [attack for attack in ATTACKS if attack.family in arguments.families])
    else:
        speed(pictures_in([arguments.folder]), arguments.sizes)


def pictures_in(folders: Iterable[Path]) -> list[Path]:
    """Return the pictures below folders."""
    suffixes = (".jpg", ".jpeg", ".png")
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix.lower() in suffixes]


def filled(targets: list[Path], others: list[Path], count: int) -> CandidateIndex:
    """Return an index of the targets, numbered from 0, and of others."""
    index = CandidateIndex()
    known = (features(luma_of(path)) for path in targets)
    real = []
    for number, one in enumerate(itertools.chain(known, described_others(others, targets, count - len(targets)))):
        index.add(number, one)
        real.append(index.entries(one))
    print(f"{len(real)} real photos, quarters of photos included; as many synthetic ones as are missing to {count:,}")
    random, pool = np.random.default_rng(5), np.frombuffer(b"".join(real), ENTRY)
    made = synthetic(pool, len(pool) // len(real), random, range(len(real), count))
    index.add_stored((number, random.bytes(64), entries) for number, entries in made)
    return index


def recall(index: CandidateIndex, chosen: list[Path], others: list[Path], attacks: list[Attack]) -> None:
    """Print for each attack how many originals are among the first candidates."""
    print(f"{len(chosen)} targets among {len(index):,} photos\n")
    print("| attack | n | quick | deep | by hash alone |\n| --- | --- | --- | --- | --- |")
    sums: dict[str, list[tuple[bool, ...]]] = defaultdict(list)
    for attack in attacks:
        found = list(found_by(index, attack, chosen, others))
        if found:
            sums["all but negative" if attack.family != "negative" else "negative"] += found
            print(row(attack.name, found), flush=True)
    print("\n".join(row(f"**{name}**", found) for name, found in sums.items()))


def row(name: str, found: list[tuple[bool, ...]]) -> str:
    """Return a row of the table: the share found each way."""
    return f"| {name} | {len(found)} | " + " | ".join(f"{share:.3f}" for share in np.mean(found, axis=0)) + " |"


def found_by(
    index: CandidateIndex, attack: Attack, targets: list[Path], others: list[Path]
) -> Iterator[tuple[bool, bool, bool]]:
    """Yield for each target whether its copy leads to it: with a quick question, a deep one, by hashes alone."""
    for number, path in enumerate(targets):
        copy = attacked(attack, path, others)
        if copy is None:
            return
        large = shrunk(gray(copy), DEEP_PIXELS)
        luma = shrunk(large, orb.LONGEST_SIDE_PIXELS)
        stored = orb.described(luma)
        hashes = phash.eight(luma)
        questions = (orb.query_features(luma, *stored), orb.query_features(large, *stored, is_deep=True), None)
        quick, deep, alone = (
            any(candidate.photo_id == number for candidate in index.query(hashes, question, limit=LIMIT))
            for question in questions
        )
        yield quick, deep, alone


def attacked(attack: Attack, path: Path, others: list[Path]) -> NDArray[np.uint8] | None:
    """Return a copy of a photo; None for attacks that change the file and not the picture."""
    random = np.random.default_rng(zlib.crc32(f"{attack.name} {path.name}".encode()))
    if attack.with_others is not None:
        near = [others[n] for n in random.choice(len(others), 10, replace=False)]
        copy = attack.with_others(drawn(read(path)), random, lambda number: (near[number].name, read(near[number])))
    elif attack.make is not None:
        copy = attack.make(drawn(read(path)), random)
    else:
        return None
    quality = attack.storage.quality
    return copy.rgb if quality is None else through_jpeg(copy.rgb, quality)


def described_others(paths: list[Path], but: list[Path], count: int) -> Iterator[Fingerprint]:
    """Yield hashes and features of other photos: first of whole ones, then of their quarters."""
    lumas: list[NDArray[np.uint8]] = []
    seen = {path.read_bytes() for path in but}
    for path in paths:
        if len(lumas) < count and path.read_bytes() not in seen:
            try:
                lumas.append(shrunk(gray(read_photo(path, longest_side=DEEP_PIXELS).rgb), DEEP_PIXELS))
            except PhotoError:
                continue
            yield features(shrunk(lumas[-1], orb.LONGEST_SIDE_PIXELS))
    quarters = (quarter for luma in lumas if min(luma.shape) >= 200 for quarter in quarters_of(luma))
    for _, quarter in zip(range(count - len(lumas)), quarters, strict=False):
        yield features(shrunk(quarter, orb.LONGEST_SIDE_PIXELS))


def quarters_of(luma: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Return the four quarters of a picture."""
    y, x = luma.shape[0] // 2, luma.shape[1] // 2
    return [np.ascontiguousarray(part) for part in (luma[:y, :x], luma[:y, x:], luma[y:, :x], luma[y:, x:])]


def luma_of(path: Path) -> NDArray[np.uint8]:
    """Return a photo as the fingerprint sees it."""
    return shrunk(gray(read_photo(path, longest_side=orb.LONGEST_SIDE_PIXELS).rgb), orb.LONGEST_SIDE_PIXELS)


def shrunk(luma: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """Return a picture with its long side at most so long."""
    scale = min(1.0, longest / max(luma.shape))
    return resized(luma, max(1, round(luma.shape[1] * scale)), max(1, round(luma.shape[0] * scale)))


def features(luma: NDArray[np.uint8]) -> Fingerprint:
    """Return what the index needs of a picture."""
    keypoints, descriptors = orb.described(luma)
    return Fingerprint(phashes=phash.eight(luma), keypoints=keypoints, descriptors=descriptors, detail=1.0, versions={})


def speed(photos: list[Path], sizes: list[int]) -> None:
    """Print for each number of photos what adding, loading and asking take."""
    described = [(luma, *orb.described(luma)) for luma in map(luma_of, photos)]
    questions = [orb.query_features(*one) for one in described[:: max(1, len(described) // 40)]]
    index = LocalIndex()
    pool = np.frombuffer(b"".join(index.entries(*one[1:]) for one in described), ENTRY)
    each = len(pool) // len(described)
    print(f"{len(described)} real photos, all others synthetic, {each} features each\n")
    print("| photos | one add, µs | load, s | query p50, ms | p95, ms | bytes/photo |")
    print("| --- | --- | --- | --- | --- | --- |")
    for size in sizes:
        print(speed_row(pool, questions, each, size), flush=True)


def speed_row(pool: NDArray[np.void], questions: list[orb.QueryFeatures], each: int, size: int) -> str:
    """Return a row of the table: so many photos are made, added at once, then some one by one, and asked for."""
    random = np.random.default_rng(3)
    index, load = LocalIndex(), 0.0
    for start in range(0, size, 5000):
        entries = synthetic(pool, each, random, range(start, min(size, start + 5000)))
        load += timed(lambda entries=entries: index.add_entries(entries))
    one_by_one = synthetic(pool, each, random, range(size, size + 300))
    adding = timed(lambda: [index.add_entries([entry]) for entry in one_by_one]) / len(one_by_one)
    asking = [timed(lambda question=question: index.query(question, limit=LIMIT)) for question in questions]
    p50, p95 = np.quantile(asking, [0.5, 0.95]) * 1e3
    each_bytes = index.size_bytes / len(index)
    return f"| {size:,} | {adding * 1e6:.0f} | {load:.2f} | {p50:.1f} | {p95:.1f} | {each_bytes:.0f} |"


def synthetic(
    pool: NDArray[np.void], each: int, random: np.random.Generator, numbers: range
) -> list[tuple[int, bytes]]:
    """Return entries of photos that never were."""
    rows = pool[random.integers(0, len(pool), (len(numbers), each))]
    for _ in range(TURNED_BITS):
        rows["signature"] ^= np.uint64(1) << random.integers(0, 64, rows.shape, np.uint64)
    return [(number, row.tobytes()) for number, row in zip(numbers, rows, strict=True)]


def timed(action: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
