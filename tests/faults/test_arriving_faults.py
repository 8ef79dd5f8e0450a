"""F1 to F6: photos that arrive in bad ways."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from pictrace.store import Index

from .conftest import House  # type: ignore[import-not-found]
from .counting import nothing_lost  # type: ignore[import-not-found]
from .making import FULL, FULL_SECONDS, held_still, jpeg, sized, stock  # type: ignore[import-not-found]

_QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")
_UNBRAKED = "brake: none\n"
_DEPTH = sized(30, 100)

pytestmark = pytest.mark.timeout(FULL_SECONDS if FULL else 300)


def test_f01_every_copy_in_a_burst_is_found(house: House) -> None:
    house.configure(extra=_UNBRAKED)
    count = sized(200, 2000)
    contents = [jpeg(seed, size=(160, 120)) for seed in range(count)]
    contents += [contents[number] for number in range(0, count, 10)]
    random.Random(1).shuffle(contents)
    wanted = len(contents) - count

    with nothing_lost(house) as inventory, house.daemon():
        for number, content in enumerate(contents):
            inventory.land(house.library / f"{number:05}.jpg", content)
        house.wait(
            lambda: len(house.quarantined()) >= wanted, "every copy in quarantine", seconds=sized(60, FULL_SECONDS)
        )
        house.wait_idle(seconds=FULL_SECONDS)

    assert len(house.quarantined()) == wanted
    assert len({digest for digest, _ in house.tree().values()}) == len(house.tree()) == count


def test_f02_copies_that_land_while_the_queue_of_events_overflows_are_found(house: House) -> None:
    house.configure(extra=_UNBRAKED)
    known = stock(house, 6)
    with nothing_lost(house) as inventory, house.daemon() as process:
        with held_still(process):
            _overflow(house.library)
            landed = sized(60, 9000)
            for number in range(landed):
                content = _landing(number, known)
                inventory.note(content)
                _save(house.library / (f"{number}.jpg" if number % 10 == 0 else f"{number}.txt"), content)
        wanted = len(range(0, landed, 100))
        house.wait(lambda: len(house.quarantined()) >= wanted, "the copies", seconds=sized(60, FULL_SECONDS))
        house.wait_idle(seconds=FULL_SECONDS)
        # Told until every root was looked through, which may be before the next look at the status.
        house.wait(lambda: not house.run("status")[0]["daemon"]["degraded"], "the loss to be made good")

    assert "looking through it again: events lost" in (house.state.parent / "daemon.log").read_text()
    assert len(house.quarantined()) == wanted


def _landing(number: int, known: list[bytes]) -> bytes:
    """Return what lands: every tenth is a photo, every hundredth a copy of a known one."""
    if number % 10:
        return f"a note, number {number}\n".encode()
    return known[number // 100 % len(known)] if number % 100 == 0 else jpeg(1000 + number, size=(160, 120))


def _overflow(folder: Path) -> None:
    """Make more events than the kernel keeps for somebody who does not read them."""
    limit = int(_QUEUE.read_text())
    if limit > 200_000:
        pytest.skip(f"the kernel keeps {limit} events ({_QUEUE}): too many to overflow in a test")
    here, there = folder / ".here.part", folder / ".there.part"
    here.touch()
    for _ in range(limit // 4 + 1):  # two events for each rename
        os.rename(here, there)
        os.rename(there, here)
    here.unlink()


def _save(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_bytes(content)
    os.rename(temporary, path)


def test_f03_copies_in_new_nested_folders_are_found(house: House, tmp_path: Path) -> None:
    house.configure(extra=_UNBRAKED)
    known = stock(house, 5)
    copies = [known[number % len(known)] for number in range(_DEPTH)]
    for top in ("copied", "moved"):
        folder = tmp_path / "card" / top
        for number, content in enumerate(copies):
            folder = folder / f"{number}"
            folder.mkdir(parents=True)
            (folder / "copy.jpg").write_bytes(content)

    with nothing_lost(house) as inventory, house.daemon():
        inventory.note(*copies, *copies)
        subprocess.run(["cp", "-r", tmp_path / "card" / "copied", house.library], check=True)
        os.rename(tmp_path / "card" / "moved", house.library / "moved")
        house.wait(lambda: len(house.quarantined()) == 2 * _DEPTH, "every copy in quarantine")
        house.wait_idle()


# With the shorter quiet time each part of the file is looked at as if it were all.
@pytest.mark.parametrize("quiet", ["200ms", "1500ms"] if FULL else ["200ms"])
def test_f04_a_slow_copy_is_not_acted_on_before_it_is_whole(house: House, quiet: str) -> None:
    house.configure(quiet=quiet)
    content = stock(house, 4)[3]
    target = house.library / "slow.jpg"
    step = len(content) // 6 + 1
    with nothing_lost(house) as inventory, house.daemon():
        inventory.note(content)
        with target.open("wb") as file:
            for at in range(0, len(content), step):
                file.write(content[at : at + step])
                file.flush()
                assert target.exists()
                time.sleep(0.7 if FULL else 0.35)  # the fault itself
        house.wait(lambda: not target.exists(), "the whole copy in quarantine")

    assert [path.read_bytes() for path in house.quarantined()] == [content]


@pytest.mark.skipif(not FULL, reason="part of the full run: PICTRACE_FULL_FAULTS=1")
def test_f04_rsync_in_place_is_not_acted_on_before_it_is_whole(house: House, tmp_path: Path) -> None:
    rsync = shutil.which("rsync")
    if rsync is None:
        pytest.skip("no rsync here: copying in place with it is not tried")
    content = jpeg(8, size=(1600, 1200), quality=95)
    (house.library / "known.jpg").write_bytes(content)
    source = tmp_path / "card" / "slow.jpg"
    source.parent.mkdir()
    source.write_bytes(content)
    limit = f"--bwlimit={max(1, len(content) // 1024 // 10)}"  # KiB in a second
    with nothing_lost(house) as inventory, house.daemon():
        inventory.note(content)
        subprocess.run([rsync, "--inplace", "--whole-file", "--times", limit, source, house.library], check=True)
        house.wait(lambda: len(house.quarantined()) == 1, "the whole copy in quarantine")

    assert [path.read_bytes() for path in house.quarantined()] == [content]


def test_f05_a_file_that_is_closed_and_then_appended_to_is_known_by_its_last_bytes(house: House) -> None:
    known = stock(house, 3)
    content = jpeg(9)
    target = house.library / "scan.jpg"
    half = len(content) // 2
    with nothing_lost(house) as inventory, house.daemon():
        inventory.note(content)
        target.write_bytes(content[:half])
        time.sleep(1.5)  # the fault itself: a scanner takes its time
        with target.open("ab") as file:
            file.write(content[half:])
        house.wait(lambda: _known_hash(house, target) == hashlib.sha256(content).digest(), "the last bytes")
        inventory.land(house.library / "scan-copy.jpg", content)
        house.wait(lambda: len(house.quarantined()) == 1, "the copy of what was scanned")

    assert [path.read_bytes() for path in house.quarantined()] == [content]
    assert len(house.tree()) == len(known) + 1


def _known_hash(house: House, path: Path) -> bytes | None:
    with Index.read(house.state) as index:
        row = index.files.file_at(path)
    return None if row is None else row.content_hash


@pytest.mark.parametrize("is_in_place", [True, False] if FULL else [True], ids=lambda value: f"in place: {value}")
def test_f06_a_photo_that_is_written_over_meanwhile_is_never_moved_by_what_it_was(
    house: House, is_in_place: bool
) -> None:
    house.configure(quiet="100ms", extra=_UNBRAKED)
    known, others = stock(house, 3), [jpeg(seed) for seed in range(20, 23)]
    target = house.library / "edited.jpg"
    pauses = random.Random(6)
    save = Path.write_bytes if is_in_place else _save
    with house.daemon():
        limit = time.monotonic() + sized(3, 30)
        for content in itertools.cycle([known[0], others[0], known[1], others[1]]):
            save(target, content)
            time.sleep(pauses.choice([0.0, 0.02, 0.1, 0.15, 0.2, 0.25, 0.3]))  # the fault itself
            if time.monotonic() > limit:
                break
        save(target, others[2])
        house.wait(lambda: _known_hash(house, target) == hashlib.sha256(others[2]).digest(), "the last bytes")
        house.wait_idle()

    assert target.read_bytes() == others[2]
    assert {path.read_bytes() for path in house.quarantined()} <= set(known)
    assert [(house.library / f"photo-{number}.jpg").read_bytes() for number in range(3)] == known
