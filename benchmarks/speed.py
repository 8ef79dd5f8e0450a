"""Photos per second and peak memory of a whole `pictrace scan`, on photos made from a folder of real ones.

    python benchmarks/speed.py CORPUS/photos

The small photos are the photographs of the folder, large ones cut into tiles that do not overlap, up to 1,700, and 300
copies of these, made as `pairs` does. The large ones are enlarged to 12 megapixels, each a crop at another place. Each
set is scanned with a fresh state folder; what was made is deleted again.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from make_pairs import jobs_for, make_all, photos_in
from pairs import ATTACKS

TILE_SIZE = (400, 300)
LARGE_SIZE = (4000, 3000)


def main() -> None:
    """Make the photos, scan them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="real photographs")
    parser.add_argument("--small", type=int, default=1700, help="beside the copies")
    parser.add_argument("--copies", type=int, default=300)
    parser.add_argument("--large", type=int, default=100)
    arguments = parser.parse_args()
    sources = sorted(path for path in arguments.folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    print("| photos | count | seconds | photos/s | CPU s/photo | peak memory, all processes |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="pictrace-speed-") as scratch:
        small, large = Path(scratch) / "small", Path(scratch) / "large"
        make_small(sources, small, arguments.small, arguments.copies)
        make_large(sources, large, arguments.large)
        for name, folder in (("small, 15 % copies", small), ("12 MP", large)):
            seconds, cpu, peak, photos = scan(folder, Path(scratch) / f"state-{folder.name}")
            print(
                f"| {name} | {photos} | {seconds:.1f} | {photos / seconds:.1f} | {cpu / photos:.3f} "
                f"| {peak / 2**20:.0f} MiB |",
                flush=True,
            )


def make_small(sources: list[Path], folder: Path, count: int, copies: int) -> None:
    """Store different photos, and copies of them beside."""
    folder.mkdir()
    pictures = itertools.chain.from_iterable(map(tiles, sources))
    for number, picture in enumerate(itertools.islice(pictures, count)):
        picture.save(folder / f"{number:05}.jpg", quality=90)
    jobs = jobs_for(photos_in(folder), -(-copies // len(ATTACKS)), seed=1)
    made = folder.with_name("copies")
    chosen = [jobs[len(jobs) * number // copies] for number in range(copies)]
    make_all(chosen, made, os.cpu_count() or 1)
    made.rename(folder / "copies")


def tiles(path: Path) -> Iterator[Image.Image]:
    """Yield the tiles of a photo, which do not overlap; the whole of one that has no room for two."""
    with Image.open(path) as image:
        picture = image.convert("RGB")
    across, down = max(1, picture.width // TILE_SIZE[0]), max(1, picture.height // TILE_SIZE[1])
    width, height = picture.width // across, picture.height // down
    for y, x in itertools.product(range(down), range(across)):
        yield picture.crop((x * width, y * height, (x + 1) * width, (y + 1) * height))


def make_large(sources: list[Path], folder: Path, count: int) -> None:
    """Store large photos, each a crop of a source at its own place."""
    random = np.random.default_rng(7)
    folder.mkdir()
    for number in range(count):
        with Image.open(sources[number % len(sources)]) as image:
            photo = image.convert("RGB")
        kept = random.uniform(0.5, 0.9)
        width, height = int(photo.width * kept), int(photo.height * kept)
        x, y = random.integers(0, photo.width - width + 1), random.integers(0, photo.height - height + 1)
        photo = photo.crop((x, y, x + width, y + height)).resize(LARGE_SIZE, Image.Resampling.BICUBIC)
        photo.save(folder / f"{number:05}.jpg", quality=90)


def scan(folder: Path, state: Path) -> tuple[float, float, int, int]:
    """Return seconds, CPU seconds, peak bytes of the process tree, and photos."""
    command = [sys.executable, "-m", "pictrace", "scan", os.fspath(folder), "--state", os.fspath(state), "--json"]
    started, peak, done = time.monotonic(), 0, threading.Event()
    before = os.times()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def watch() -> None:
        nonlocal peak
        tree = psutil.Process(process.pid)
        while not done.wait(0.1):
            try:
                members = [tree, *tree.children(recursive=True)]
                peak = max(peak, sum(member.memory_info().rss for member in members))
            except psutil.Error:
                continue

    threading.Thread(target=watch, daemon=True).start()
    out, _ = process.communicate()
    done.set()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    summary = json.loads(out.splitlines()[-1])
    return time.monotonic() - started, cpu, peak, summary["photos"]


if __name__ == "__main__":
    main()
