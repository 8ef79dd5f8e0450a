"""How long `pictrace rules simulate` takes on ten thousand stored findings, and what of it is the command's start.

    python benchmarks/simulating.py [--findings 10000]

The files are small and lie on the disk, in folders of two hundred; photos, files and findings are put through the
store's own API, in groups of one photo and four copies, a tenth of them equal to the byte. Simulated are the rules of
the config, and other rules held against them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pictrace.model import (
    Certainty,
    Direction,
    Edit,
    EditKind,
    Evidence,
    Match,
    Metadata,
    Photo,
    PhotoState,
    Relation,
    Role,
    RootInfo,
    StatKey,
)
from pictrace.store import Index, Journal

FILES_A_FOLDER = 200
COPIES = 4
PICTRACE = (sys.executable, "-m", "pictrace")
RELATIONS = (Relation.RENDITION, Relation.EDITED, Relation.SAME_PIXELS, Relation.PART, Relation.BURST)
CONFIG = """version: 1
roots:
  - path: {library}
state: {state}
rules:
  - include: exact-copies
  - name: messenger copies
    when:
      relation: rendition
      edits: {{only: [re-encoded, resized]}}
      duplicate: {{path: "**/{{WhatsApp,Telegram}}*/**"}}
      similarity: {{at-least: 0.9}}
    do: [{{tag: lower-quality}}, quarantine]
  - include: observe
"""
OTHER = """version: 1
rules:
  - include: exact-copies
  - include: quarantine-renditions
  - include: tag-copies
"""


def main() -> None:
    """Make the store, simulate three times each way, and print the seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        config = make_store(Path(top), arguments.findings)
        print(f"{arguments.findings} findings; the fastest of three runs, seconds, and of them on the processor:")
        print(f"  rules check, which is the start alone      {seconds('check', config)}")
        print(f"  rules simulate                             {seconds('simulate', config)}")
        print(f"  rules simulate --rules other.yaml          {seconds('simulate', config, other=True)}")
        print(f"  rules simulate --rules other.yaml --json   {seconds('simulate', config, '--json', other=True)}")


def seconds(command: str, config: Path, *words: str, other: bool = False) -> str:
    """Return how long a command takes, its start included, by the clock and on the processor."""
    line = [*PICTRACE, "rules", command, "--config", str(config), *words]
    line += ["--rules", str(config.with_name("other.yaml"))] if other else []
    taken = []
    for _ in range(3):
        begun, used = time.perf_counter(), _used()
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
        taken.append((time.perf_counter() - begun, _used() - used))
    return " ".join(f"{min(column):.2f}" for column in zip(*taken, strict=True))


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def make_store(top: Path, count: int) -> Path:
    """Fill a state folder with so many findings among files that are there; returns the config."""
    library, state = top / "library", top / "state"
    library.mkdir()
    status = library.stat()
    root = RootInfo(
        identity="bench", path=library, role=Role.LIBRARY, dev=status.st_dev, ino=status.st_ino, filesystem="any"
    )
    with Index.open(state) as index, index.batch():
        index.roots.put_root(root)
        hashes: list[bytes] = []
        for number, path in enumerate(_paths(library, count + count // COPIES + 1)):
            _put(index, root, path, number, hashes)
    Journal.open(state).close()
    config = top / "config.yaml"
    config.write_text(CONFIG.format(library=library, state=state))
    (top / "other.yaml").write_text(OTHER)
    return config


def _paths(library: Path, count: int) -> Iterator[Path]:
    for number in range(count):
        folder = library / ("WhatsApp Images" if number % 3 else "Pictures") / str(number // FILES_A_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"IMG_{number:06}.jpg"
        path.write_bytes(b"%d" % number)
        yield path


def _put(index: Index, root: RootInfo, path: Path, number: int, hashes: list[bytes]) -> None:
    """Put a file and its photo; all but the first of a group are related to that one."""
    place = number % (COPIES + 1)
    is_equal = place == COPIES and number % 2 == 0
    head = number - place
    content_hash = hashes[head] if is_equal else hashlib.sha256(os.fsencode(path)).digest()
    hashes.append(content_hash)
    if not is_equal:
        index.photos.put_photo(_photo(content_hash, place))
    index.files.put_file(
        root=root.identity,
        path=path,
        key=StatKey.of(path.lstat()),
        content_hash=content_hash,
        first_seen=time.time(),
        is_arrival=bool(place),
    )
    if place and not is_equal:
        index.findings.put_finding(content_hash, hashes[head], _match(number))


def _photo(content_hash: bytes, place: int) -> Photo:
    metadata = Metadata(
        width_pixels=4000 // (place + 1),
        height_pixels=3000 // (place + 1),
        format="jpeg",
        jpeg_quality=90 - 5 * place,
        camera="Canon EOS R6",
        captured_at="2024-05-31T12:00:00",
        fields=5,
    )
    return Photo(content_hash=content_hash, size_bytes=2_000_000, state=PhotoState.DECODED, metadata=metadata)


def _match(number: int) -> Match:
    relation = RELATIONS[number % len(RELATIONS)] if number % 7 == 0 else Relation.RENDITION
    return Match(
        relation=relation,
        certainty=Certainty.PROVED if relation is Relation.SAME_PIXELS else Certainty.VERIFIED,
        similarity=0.97,
        direction=Direction.FILE_FROM_OTHER,
        edits=(Edit(kind=EditKind.RE_ENCODED), Edit(kind=EditKind.RESIZED, scale=0.5)),
        evidence=tuple(Evidence(name=f"measure-{n}", value=0.5, limit=0.1, passed=True) for n in range(20)),
    )


if __name__ == "__main__":
    main()
