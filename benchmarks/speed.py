"""Photos per second and peak memory of a whole `pictrace scan`, on photos made from a folder of real ones.

    python benchmarks/speed.py CORPUS/photos

Makes 2,000 small photos and 100 of 12 megapixels (enlarged and stored again, each a little different), scans each set
with a fresh state folder and prints a table. What it makes is deleted again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

SMALL_LONG_SIDE = 640
LARGE_SIZE = (4000, 3000)


def main() -> None:
    """Make the photos, scan them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="real photographs")
    parser.add_argument("--small", type=int, default=2000)
    parser.add_argument("--large", type=int, default=100)
    arguments = parser.parse_args()
    sources = sorted(path for path in arguments.folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    print("| photos | count | seconds | photos/s | CPU s/photo | peak memory, all processes |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="pictrace-speed-") as scratch:
        for name, count, size in (("≤ 640 px", arguments.small, None), ("12 MP", arguments.large, LARGE_SIZE)):
            folder = Path(scratch) / ("large" if size else "small")
            folder.mkdir()
            make_photos(sources, folder, count, size)
            seconds, cpu, peak, photos = scan(folder, Path(scratch) / f"state-{folder.name}")
            print(
                f"| {name} | {photos} | {seconds:.1f} | {photos / seconds:.1f} | {cpu / photos:.3f} "
                f"| {peak / 2**20:.0f} MiB |"
            )


def make_photos(sources: list[Path], folder: Path, count: int, size: tuple[int, int] | None) -> None:
    """Store photos that are all different: each a crop of a source at its own place."""
    random = np.random.default_rng(7)
    for number in range(count):
        with Image.open(sources[number % len(sources)]) as image:
            photo = image.convert("RGB")
        kept = random.uniform(0.5, 0.9)
        width, height = int(photo.width * kept), int(photo.height * kept)
        x, y = random.integers(0, photo.width - width + 1), random.integers(0, photo.height - height + 1)
        photo = photo.crop((x, y, x + width, y + height))
        if size is None:
            photo.thumbnail((SMALL_LONG_SIDE, SMALL_LONG_SIDE))
        else:
            photo = photo.resize(size, Image.Resampling.BICUBIC)
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
