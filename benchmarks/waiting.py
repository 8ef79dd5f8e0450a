"""How long one waits: from a photo's landing to its verdict in a running daemon, and for ``pictrace find``.

    python benchmarks/waiting.py arrivals [CORPUS] [--known 10000] [--step 2]
    python benchmarks/waiting.py find [CORPUS] [--known 100000] [--step 6]

All photographs of CORPUS are known, and synthetic photos beside them, as many as `--known` says. These have features
drawn one by one from the real ones, each with some bits turned over, and no files: one that is taken for a copy is
looked at by its features alone, where a real one would cost a comparison of two files, 0.2 s.
`arrivals`: the daemon runs, and one after the other lands a copy of every second attack of `pairs` (`--step`), and a
photograph of something else after each fourth. Time counts from the end of the quiet time to the moment that another
program can read the verdict.
`find`: the command is run for every sixth copy, from start to exit, before and after the synthetic photos are there:
most of it is Python that starts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from judging.halves import corpus_folder
from judging.synthetic import add_synthetic
from make_pairs import jobs_for, make_all, photos_in
from pictrace.fingerprint import hash_file
from pictrace.match import MATCHER_VERSION
from pictrace.store import Index

QUIET_SECONDS = 1.0
MOST_SECONDS = 60.0
START_SECONDS = 5.0
PICTRACE = (sys.executable, "-m", "pictrace")


def main() -> None:
    """Fill a state folder, then measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("arrivals", "find"))
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--known", type=int)
    parser.add_argument("--step", type=int, help="every so many attacks")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    photos = photos_in(corpus_folder(arguments.corpus) / "photos")
    is_find = arguments.what == "find"
    known, step = arguments.known or (100_000 if is_find else 10_000), arguments.step or (6 if is_find else 2)
    with tempfile.TemporaryDirectory(prefix="pictrace-waiting-") as scratch:
        root = Path(scratch)
        library, state, copies = root / "library", root / "state", root / "copies"
        library.mkdir()
        # Every tenth photograph is not known: those are the ones of something else.
        for photo in (photo for number, photo in enumerate(photos) if number % 10):
            shutil.copy2(photo, library)
        originals = photos_in(library)
        jobs = jobs_for(originals, 1, arguments.seed)[::step]
        make_all(jobs, copies, os.cpu_count() or 1)
        landing = [copies / job.name for job in jobs]
        config = root / "config.yaml"
        config.write_text(
            f"version: 1\nroots:\n  - path: {json.dumps(str(library))}\n"
            f"state: {json.dumps(str(state))}\nquiet: {QUIET_SECONDS:g}s\n"
        )
        config.chmod(0o600)
        run("scan", "--config", str(config), "--quiet")
        if is_find:
            print_waits(f"`pictrace find` among {len(originals):,} photos", find_waits(landing, config))
        add_synthetic(state, random_hashes(known - len(originals), arguments.seed), seed=arguments.seed)
        run("scan", "--config", str(config), "--quiet")  # which saves the index, as it does in life
        if is_find:
            print_waits(f"`pictrace find` among {known:,} photos", find_waits(landing, config))
        else:
            others = [photo for number, photo in enumerate(photos) if number % 10 == 0]
            print_arrivals(known, arrivals(landing, others, library, state, config))


def arrivals(
    copies: list[Path], others: list[Path], library: Path, state: Path, config: Path
) -> Iterator[tuple[str, float]]:
    """Yield for each arrival what it is, and the seconds beyond the quiet time until its verdict is there."""
    landing = [(path.parent.name, path) for path in copies]
    for number, path in enumerate(others[: len(copies) // 4]):
        landing.insert(5 * number, ("something else", path))
    with running(config), Index.read(state) as index:
        for number, (kind, path) in enumerate(landing):
            content_hash = hash_file(path)[0]
            if index.photos.photo_id(content_hash) is not None:
                continue  # a copy to the last byte: nothing is to be found out
            staged = library.parent / f"landed-{number}{path.suffix}"
            shutil.copyfile(path, staged)
            landed_at = time.monotonic()
            staged.rename(library / staged.name)
            while index.photos.judged_version(content_hash) != MATCHER_VERSION:
                if time.monotonic() - landed_at > MOST_SECONDS:
                    sys.exit(f"{kind}: no verdict within {MOST_SECONDS:g} s")
                time.sleep(0.01)
            yield kind, time.monotonic() - landed_at - QUIET_SECONDS


@contextmanager
def running(config: Path) -> Iterator[None]:
    """Have the daemon run, a little after its start: it looks through the library once."""
    log = config.with_name("log")
    with log.open("w") as file:
        daemon = subprocess.Popen([*PICTRACE, "watch", "--config", str(config)], stderr=file, stdout=subprocess.DEVNULL)
    try:
        while "watching" not in log.read_text():
            if daemon.poll() is not None:
                sys.exit(log.read_text())
            time.sleep(0.2)
        time.sleep(START_SECONDS)
        yield
    finally:
        daemon.terminate()
        daemon.wait(30)


def random_hashes(count: int, seed: int) -> Iterator[bytes]:
    """Yield content hashes of photos that never were."""
    random = np.random.default_rng(seed)
    return (random.bytes(32) for _ in range(count))


def find_waits(copies: list[Path], config: Path) -> list[float]:
    """Return the seconds that each search takes; the first one, which may have to load everything, is not counted."""
    waits = []
    for path in (copies[0], *copies):
        started = time.monotonic()
        run("find", str(path), "--config", str(config))
        waits.append(time.monotonic() - started)
    return waits[1:]


def run(*words: str) -> None:
    """Run a command of PicTrace."""
    subprocess.run([*PICTRACE, *words], check=True, stdout=subprocess.DEVNULL)


def print_arrivals(known: int, waits: Iterator[tuple[str, float]]) -> None:
    """Print the waits of all arrivals, of those alone that are copies, and the longest ones."""
    found = list(waits)
    print_waits(f"arrival to verdict, {known:,} photos known", [seconds for _, seconds in found])
    slowest = sorted(found, key=lambda one: -one[1])[:6]
    print("\nThe longest: " + ", ".join(f"{kind} {seconds:.2f} s" for kind, seconds in slowest))


def print_waits(title: str, waits: list[float]) -> None:
    """Print a table of one row; the interval is that of 2,000 draws of as many waits."""
    draws = np.random.default_rng(1).choice(waits, (2000, len(waits)))
    low, high = np.quantile(np.quantile(draws, 0.95, axis=1), [0.025, 0.975])
    p50, p95 = np.quantile(waits, [0.5, 0.95])
    print("| what | n | p50, s | p95, s (95 % interval) | longest, s |\n| --- | --- | --- | --- | --- |")
    print(f"| {title} | {len(waits)} | {p50:.2f} | {p95:.2f} ({low:.2f}–{high:.2f}) | {max(waits):.2f} |", flush=True)


if __name__ == "__main__":
    main()
