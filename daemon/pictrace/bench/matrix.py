"""The edit-family matrix: copies of a folder's photos, each held against its original and against other photos."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pictrace.bench.comparing import Times, comparison_times, shrunk
from pictrace.bench.copies import ATTACKS, Attack, Copy, Group, making
from pictrace.bench.judged import JudgedCopy, judged, not_compared
from pictrace.bench.negatives import Refused, Wrong, wrong_pairs
from pictrace.bench.running import Tell
from pictrace.bench.timing import Fingerprinting, fingerprinting, twelve_megapixels
from pictrace.errors import PhotoError
from pictrace.fingerprint import WorkerPool, describe, hash_file
from pictrace.match import compare
from pictrace.model import Match, PhotoState

_MOST_TIMED: Final = 58  # each attack twice


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixTask:
    """What to measure: attacks, pairs that are no copies (as many at most, None: all), groups of other exposures."""

    attacks: tuple[Attack, ...] = ATTACKS
    most_negatives: int | None = None
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """What comparisons cost at 512 pixels with all in memory, and one fingerprint of 12 megapixels."""

    comparing: Times
    fingerprint: Fingerprinting


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What was measured. ``left_out``: files that were not used, each with the reason."""

    photos: int
    copies: list[JudgedCopy] = field(default_factory=list)
    negatives: list[Refused] = field(default_factory=list)
    exposures: list[Refused] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    speed: Speed | None = None

    def timed(self, speed: Speed) -> Matrix:
        """Return it with how long things took."""
        return replace(self, speed=speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Worker processes, threads that ask them, and a temporary folder."""

    pool: WorkerPool
    threads: ThreadPoolExecutor
    scratch: Path


@contextmanager
def bench(workers: int) -> Iterator[Bench]:
    """Give workers and a temporary folder, and end and remove both whatever happens."""
    with tempfile.TemporaryDirectory(prefix="pictrace-bench-") as scratch:
        pool, threads = WorkerPool(workers), ThreadPoolExecutor(workers)
        try:
            yield Bench(pool=pool, threads=threads, scratch=Path(scratch))
        finally:
            # In this order: a thread that waits for a worker is told, and none writes when the folder goes.
            pool.close()
            threads.shutdown(cancel_futures=True)


def usable(bench: Bench, photos: Sequence[Path], limit: int | None) -> tuple[list[Path], dict[str, str]]:
    """Return the photos that can be used, as many as wanted, and why others cannot.

    Left out are files that cannot be read, a second file of the same bytes, and pictures without any local feature:
    on those there is nothing to see for any method.
    """
    kept: list[Path] = []
    left_out, known = {}, dict[bytes, Path]()
    for photo in photos:
        if limit is not None and len(kept) == limit:
            break
        try:
            content_hash, key = bench.pool.submit(hash_file, photo).result()
            described = bench.pool.submit(describe, photo, content_hash, key).result()
        except PhotoError as problem:
            left_out[photo.name] = problem.reason
            continue
        if described.state is PhotoState.UNDECODABLE:
            left_out[photo.name] = described.reason or "no picture"
        elif content_hash in known:
            left_out[photo.name] = f"the same bytes as {known[content_hash].name}"
        elif not described.fingerprint.keypoints:
            left_out[photo.name] = "too little detail to tell anything by"
        else:
            known[content_hash] = photo
            kept.append(photo)
    return kept, left_out


def measured(bench: Bench, photos: Sequence[Path], task: MatrixTask, tell: Tell) -> Matrix:
    """Make copies of photos, compare them with all that is wanted, and return what came of it.

    Args:
        bench: workers and a folder for the copies; of each photo they are removed once they are compared.
        photos: all different.
        task: what to measure.
        tell: hears how many comparisons are done, of how many.
    """
    negatives = wrong_pairs(len(photos), task.attacks, task.most_negatives)
    exposures = [(group, *pair) for group in task.groups for pair in itertools.combinations(group.files, 2)]
    attacks = [attack for attack in task.attacks if len(photos) > 1 or not attack.needs_others]
    total = len(photos) * len(attacks) + sum(map(len, negatives.values())) + len(exposures)
    matrix = Matrix(photos=len(photos))
    run = _Run(bench=bench, photos=photos, attacks=attacks)
    jobs = [bench.threads.submit(run.one, number, negatives.get(number, [])) for number in range(len(photos))]
    jobs += [bench.threads.submit(run.exposures, group, (a, b)) for group, a, b in exposures]
    for job in as_completed(jobs):
        came = job.result()
        matrix.copies.extend(came.copies)
        matrix.negatives.extend(came.negatives)
        matrix.exposures.extend(came.exposures)
        matrix.left_out.update(came.failed)
        tell(len(matrix.copies) + len(matrix.negatives) + len(matrix.exposures), total)
    order = {attack.name: number for number, attack in enumerate(ATTACKS)}
    matrix.copies.sort(key=lambda one: (order[f"{one.family}.{one.variant}"], one.name))
    matrix.negatives.sort(key=lambda one: (one.file, one.other))
    matrix.exposures.sort(key=lambda one: (one.file, one.other))
    return matrix


def speed_of(bench: Bench, photos: Sequence[Path], attacks: Sequence[Attack]) -> Speed:
    """Return what comparisons and fingerprints cost, one after the other in one worker."""
    small = _small(bench, photos[:_MOST_TIMED])
    copies, others = [], []
    for number in range(min(_MOST_TIMED, max(len(small), len(attacks)))):
        photo, attack = small[number % len(small)], attacks[number % len(attacks)]
        rest = [other for other in small if other != photo]
        if attack.needs_others and not rest:
            continue
        copies.append((making(bench.pool, bench.scratch, photo, rest, attack).path, photo))
        if rest:
            others.append((photo, rest[number % len(rest)]))
    times = comparison_times(bench.pool, copies, others)
    large = bench.scratch / "large.jpg"
    large.write_bytes(bench.pool.submit(twelve_megapixels, photos[0]).result())
    told: Fingerprinting = bench.pool.submit(fingerprinting, large).result()
    return Speed(comparing=times, fingerprint=told)


def _small(bench: Bench, photos: Sequence[Path]) -> list[Path]:
    """Return photos stored anew at 512 pixels, the size at which comparisons are timed."""
    small = [bench.scratch / f"small{number}.jpg" for number in range(len(photos))]
    for photo, path in zip(photos, small, strict=True):
        path.write_bytes(bench.pool.submit(shrunk, photo).result())
    return small


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """What a thread found; ``failed``: copies that could not be made, with the reason."""

    copies: Sequence[JudgedCopy] = ()
    negatives: Sequence[Refused] = ()
    exposures: Sequence[Refused] = ()
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What a thread needs to work on one photo."""

    bench: Bench
    photos: Sequence[Path]
    attacks: Sequence[Attack]

    def one(self, number: int, negatives: Sequence[Wrong]) -> _Came:
        """Make all copies of a photo, compare them with it, and what is to be told apart from it; then remove them."""
        original = self.photos[number]
        others = [photo for photo in self.photos if photo != original]
        made, failed = {}, {}
        with tempfile.TemporaryDirectory(dir=self.bench.scratch) as folder:
            for attack in self.attacks:
                try:
                    made[attack.name] = making(self.bench.pool, Path(folder), original, others, attack)
                except PhotoError as problem:
                    failed[attack.file_name(original.stem)] = problem.reason
            copies = [self._judged(copy) for copy in made.values()]
            refused = [self._refused(pair, made) for pair in negatives]
        return _Came(copies=copies, negatives=[one for one in refused if one is not None], failed=failed)

    def exposures(self, group: Group, pair: tuple[Path, Path]) -> _Came:
        """Compare two pictures of a group."""
        names = [f"{file.parent.name}/{file.name}" for file in pair]
        kind = group.kind or group.name
        return _Came(exposures=[Refused(file=names[0], other=names[1], match=self._compared(*pair)[0], kind=kind)])

    def _judged(self, copy: Copy) -> JudgedCopy:
        match, error = self._compared(copy.path, copy.original)
        return not_compared(copy, error) if match is None else judged(copy, match)

    def _refused(self, pair: Wrong, made: dict[str, Copy]) -> Refused | None:
        """Return what is said of two different pictures; None where a copy shows all photos there are."""
        file, other = self.photos[pair.first], self.photos[pair.second]
        if pair.attack is not None:
            copy = made.get(pair.attack.name)
            # A collage shows other photos too: then the next one is taken.
            turned = (*self.photos[pair.second :], *self.photos[: pair.second])
            strange = [] if copy is None else [one for one in turned if one not in (file, *copy.others)]
            if copy is None or not strange:
                return None
            file, other = copy.path, strange[0]
        return Refused(file=file.name, other=other.name, match=self._compared(file, other)[0])

    def _compared(self, file: Path, other: Path) -> tuple[Match | None, str]:
        try:
            return self.bench.pool.submit(compare, file, other).result(), ""
        except PhotoError as problem:
            return None, str(problem)
