"""What a daemon costs that looks after a hundred thousand files, and whether it misses any.

    python benchmarks/large_library.py [CORPUS] [--files 100000] [--idle-seconds 60]

The files are small, in folders of two hundred, and known: their features are drawn from those of CORPUS' photographs
(`judging/synthetic.py`). Measured are the seconds from start to READY, the CPU time of the first look through the
library, CPU and memory while nothing happens, and what it takes to notice 60,000 events that came while the daemon was
stopped (SIGSTOP): every file that was renamed or is new has to be known by its path afterwards.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from PIL import Image

from judging.halves import corpus_folder
from judging.synthetic import add_synthetic
from make_pairs import photos_in
from pictrace.fingerprint import hash_file
from pictrace.model import RootInfo
from pictrace.service.status import read_status
from pictrace.store import Index

FILES_A_FOLDER = 200
RESCAN_SECONDS = 90
EVENTS = 60_000
NEW_PHOTOS = 200
SEEDS = 40
MOST_SECONDS = 1800.0
MEBIBYTE = 1024**2
PICTRACE = (sys.executable, "-m", "pictrace")


@dataclass(frozen=True, kw_only=True)
class Place:
    """The library, and where the daemon keeps what it knows."""

    library: Path
    state: Path
    config: Path


def main() -> None:
    """Make the library, run the daemon on it, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--idle-seconds", type=float, default=60.0)
    arguments = parser.parse_args()
    photos = photos_in(corpus_folder(arguments.corpus) / "photos")[:SEEDS]
    with tempfile.TemporaryDirectory(prefix="pictrace-large-") as scratch:
        top = Path(scratch)
        place = Place(library=top / "library", state=top / "state", config=top / "config.yaml")
        make_library(place, photos, arguments.files)
        print(f"| {arguments.files:,} files | measured | bar |\n| --- | --- | --- |", flush=True)
        with running(place) as (daemon, ready_seconds):
            print_row("start to READY", f"{ready_seconds:.2f} s", "5 s")
            used = cpu_seconds(daemon)
            wait(lambda: is_idle(status_of(place)))
            print_row("first reconcile, CPU", f"{cpu_seconds(daemon) - used:.2f} s", "2 s")
            print_row("one reconcile more, CPU", f"{reconcile_seconds(place, daemon):.2f} s", "2 s")
            print_idle(place, daemon, arguments.idle_seconds)
            print_missed(place, daemon)


def make_library(place: Place, photos: list[Path], count: int) -> None:
    """Make small files, and an index that knows them."""
    place.library.mkdir()
    for number, photo in enumerate(photos):
        with Image.open(photo) as image:
            image.convert("RGB").save(place.library / f"seed-{number}.jpg")
    place.config.write_text(
        f"version: 1\nroots:\n  - path: {json.dumps(str(place.library))}\nstate: {json.dumps(str(place.state))}\n"
        f"quiet: 1s\nrescan: {RESCAN_SECONDS}s\n"
    )
    place.config.chmod(0o600)
    scan(place)
    files = list(small_files(place.library, count - len(photos)))
    add_synthetic(place.state, (content_hash for _, content_hash in files))
    with Index.open(place.state) as index:
        root = index.roots.roots()[0]
        with index.batch():
            for path, content_hash in files:
                know(index, root, path, content_hash)
    scan(place)  # which saves the candidate index, as it does in life


def small_files(library: Path, count: int) -> Iterator[tuple[Path, bytes]]:
    """Yield new files that nobody can decode, each with its content hash."""
    for number in range(count):
        folder = library / f"{number // FILES_A_FOLDER:04}"
        if number % FILES_A_FOLDER == 0:
            folder.mkdir()
        path = folder / f"{number:06}.jpg"
        content = f"photo {number}".encode()
        path.write_bytes(content)
        yield path, hashlib.sha256(content).digest()


def know(index: Index, root: RootInfo, path: Path, content_hash: bytes) -> None:
    """Have the index know a file, as the daemon does when it was taken in and answered."""
    file = index.files.put_file(
        root=root.identity,
        path=path,
        key=hash_file(path)[1],
        content_hash=content_hash,
        first_seen=time.time(),
        is_arrival=False,
    )
    index.files.set_decided(file.id)


def scan(place: Place) -> None:
    """Look through the library once, without a daemon."""
    subprocess.run([*PICTRACE, "scan", "--config", str(place.config), "--quiet"], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running(place: Place) -> Iterator[tuple[psutil.Process, float]]:
    """Have the daemon run as a service does; gives the process, and the seconds until it said READY."""
    address = place.state / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, place.config.with_name("log").open("w") as log:
        manager.bind(str(address))
        manager.settimeout(MOST_SECONDS)
        started = time.monotonic()
        command = [*PICTRACE, "watch", "--config", str(place.config)]
        environ = {**os.environ, "NOTIFY_SOCKET": str(address)}
        daemon = subprocess.Popen(command, stderr=log, stdout=subprocess.DEVNULL, env=environ)
        try:
            while not manager.recv(4096).startswith(b"READY=1"):
                pass
            ready_seconds = time.monotonic() - started
            manager.close()  # what is sent from now on is dropped
            yield psutil.Process(daemon.pid), ready_seconds
        finally:
            daemon.terminate()
            daemon.wait(60)


def print_idle(place: Place, daemon: psutil.Process, seconds: float) -> None:
    """Measure a daemon that has nothing to do."""
    before, started = cpu_seconds(daemon), time.monotonic()
    time.sleep(seconds)
    share = (cpu_seconds(daemon) - before) / (time.monotonic() - started)
    print_row(f"idle, CPU over {seconds:.0f} s", f"{100 * share:.2f} % of a core", "0.5 %")
    status, tree = status_of(place), [daemon, *daemon.children(recursive=True)]
    index_bytes = status["index_memory_bytes"]
    used = [process.memory_full_info().pss for process in tree]
    print_row("candidate index, mapped", f"{index_bytes / MEBIBYTE:.0f} MiB", "")
    print_row(
        f"memory beyond it, {len(tree)} processes (PSS)", f"{(sum(used) - index_bytes) / MEBIBYTE:.0f} MiB", "200 MB"
    )
    print_row("of all memory: the daemon alone", f"{used[0] / MEBIBYTE:.0f} MiB", "")


def print_missed(place: Place, daemon: psutil.Process) -> None:
    """Stop the daemon, rename files and add photos, and look what it knows of them afterwards."""
    daemon.send_signal(signal.SIGSTOP)
    renamed = 0
    for folder in sorted(path for path in place.library.iterdir() if path.is_dir() and path.name != ".pictrace"):
        for path in sorted(folder.iterdir()):
            if renamed == EVENTS // 2:  # each rename is two events
                break
            path.rename(folder / f"renamed-{path.name}")
            renamed += 1
    for number in range(NEW_PHOTOS):
        with Image.open(place.library / "seed-0.jpg") as image:
            image.crop((0, 0, image.width - number, image.height)).resize((200, 150)).save(
                place.library / f"new-{number:03}.jpg"
            )
    before, started = cpu_seconds(daemon), time.monotonic()
    daemon.send_signal(signal.SIGCONT)
    wait(lambda: is_idle(status_of(place)) and missed(place) == 0, or_else=lambda: f"{missed(place)} files missed")
    took, used = time.monotonic() - started, cpu_seconds(daemon) - before
    print_row(f"{2 * renamed:,} events and {NEW_PHOTOS} new photos while stopped: missed", f"{missed(place)}", "0")
    print_row("until all of them were known", f"{took:.0f} s, {used:.0f} s CPU", "")


def missed(place: Place) -> int:
    """Return how many paths on the disk and in the index differ."""
    there = {path for path in place.library.rglob("*.jpg") if ".pictrace" not in path.parts}
    with Index.read(place.state) as index:
        known = {file.path for file in index.files.files()}
    return len(there ^ known)


def reconcile_seconds(place: Place, daemon: psutil.Process) -> float:
    """Return the CPU seconds of looking through the library once more, when its time comes."""
    before = cpu_seconds(daemon)
    wait(lambda: status_of(place)["is_scanning"], pause_seconds=0.2)
    wait(lambda: is_idle(status_of(place)))
    return cpu_seconds(daemon) - before


def cpu_seconds(daemon: psutil.Process) -> float:
    """Return the CPU seconds of the daemon and its workers."""
    return sum(sum(process.cpu_times()[:2]) for process in (daemon, *daemon.children(recursive=True)))


def status_of(place: Place) -> dict[str, Any]:
    """Return what the daemon wrote last."""
    return read_status(place.state) or {"written_at": 0.0, "is_scanning": True}


def is_idle(status: dict[str, Any]) -> bool:
    """Return whether a daemon has nothing to do."""
    return not status["is_scanning"] and status["queued"] == status["pending"] == 0


def wait(
    condition: Callable[[], bool], *, or_else: Callable[[], str] = lambda: "never at rest", pause_seconds: float = 1.0
) -> None:
    """Wait until a condition holds."""
    limit = time.monotonic() + MOST_SECONDS
    while not condition():
        if time.monotonic() > limit:
            sys.exit(or_else())
        time.sleep(pause_seconds)


def print_row(what: str, measured: str, bar: str) -> None:
    """Print a row of the table."""
    print(f"| {what} | {measured} | {bar} |", flush=True)


if __name__ == "__main__":
    main()
