"""F9 to F12 and F20: disks that are full, read-only, immovable, or gone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pictrace.service.status import read_status

from .chamber import Chamber, chamber, filled_up, moved_in, quarantine_at  # type: ignore[import-not-found]
from .conftest import House  # type: ignore[import-not-found]
from .counting import nothing_lost  # type: ignore[import-not-found]
from .making import FULL, held_still, stock, told  # type: ignore[import-not-found]


@pytest.fixture
def room() -> Iterator[Chamber]:
    with chamber() as made:
        yield made


def troubles(house: House) -> dict[str, str]:
    """Return each degraded state of the running daemon with its cause."""
    return {one["kind"]: one["cause"] for one in (read_status(house.state) or {"degraded": []})["degraded"]}


def aborted(house: House) -> list[str]:
    """Return why changes were not made, one reason for each try."""
    return [one["error"] for one in told(house, "change") if one["state"] == "aborted"]


def test_f09_a_full_quarantine_leaves_the_photo_and_takes_it_when_there_is_room(
    house: House, room: Chamber, tmp_path: Path
) -> None:
    house = moved_in(house, room)
    quarantine = room.mount_memory(tmp_path / "far", "256k")
    house.configure(extra=quarantine_at(tmp_path / "far"))
    known = stock(house, 2)
    with nothing_lost(house, quarantine) as inventory, house.daemon() as process:
        filler = filled_up(quarantine)
        copy = inventory.land(house.library / "copy.jpg", known[0])
        house.wait(lambda: "act failed" in troubles(house), "the failed act in status")
        cause = troubles(house)["act failed"]
        assert copy.read_bytes() == known[0]
        assert [path for path in quarantine.rglob("*.*") if path.is_file()] == []
        filler.unlink()
        if not FULL:  # else it is found out after half a minute
            process.send_signal(signal.SIGHUP)
        house.wait(lambda: not copy.exists(), "the copy in quarantine")
        house.wait(lambda: "act failed" not in troubles(house), "no failed act in status")

    assert "No space left on device" in cause
    assert len(aborted(house)) == 1
    assert [path.read_bytes() for path in quarantine.rglob("*.jpg")] == [known[0]]


def test_f10_without_room_for_the_journal_nothing_is_done(house: House, room: Chamber) -> None:
    house = moved_in(house, room)
    state = room.mount_memory(Path("/") / house.state.relative_to(room.view), "8m")
    known = stock(house, 2)
    with nothing_lost(house) as inventory:
        with house.daemon() as process:
            filler = filled_up(state)
            copy = inventory.land(house.library / "copy.jpg", known[0])
            process.wait(timeout=60)
        log = (house.state.parent / "daemon.log").read_text()
        assert copy.read_bytes() == known[0]
        assert house.quarantined() == []
        filler.unlink()
        with house.daemon():
            house.wait(lambda: not copy.exists(), "the copy in quarantine")

    assert process.returncode == 75
    assert "no space left: make room on that disk, then start again" in log


def test_f11_on_a_library_that_became_read_only_nothing_is_lost_and_it_is_told(
    house: House, room: Chamber, tmp_path: Path
) -> None:
    house = moved_in(house, room)
    library = tmp_path / "Pictures"
    far = room.mount_memory(tmp_path / "far")
    # The disk stays writable at its first place, where the copies land.
    disk = room.mount_memory(tmp_path / "disk")
    room.run("mount", "--bind", tmp_path / "disk", library)
    house.configure(extra=quarantine_at(tmp_path / "far"))
    known = stock(house, 3)
    with nothing_lost(house, far) as inventory, house.daemon() as process:
        room.run("mount", "-o", "remount,bind,ro", library)
        for number in range(3):
            inventory.land(disk / f"copy-{number}.jpg", known[number])
        house.wait(lambda: "act failed" in troubles(house), "the failed act in status")
        house.wait_idle()
        cause = troubles(house)["act failed"]
        assert [path for path in far.rglob("*.*") if path.is_file()] == []
        inventory.require_equal()
        room.run("mount", "-o", "remount,bind,rw", library)
        process.send_signal(signal.SIGHUP)
        house.wait(lambda: not list(house.library.glob("copy-*.jpg")), "every copy in quarantine")
        house.wait(lambda: "act failed" not in troubles(house), "no failed act in status")

    assert "read-only" in cause
    assert len(aborted(house)) == 1


@pytest.fixture
def immutable(tmp_path: Path) -> Iterator[list[Path]]:
    """Give a list: what is put in it can be changed again after the test."""
    chattr = shutil.which("chattr")
    probe = tmp_path / "probe"
    probe.touch()
    if chattr is None or os.geteuid() != 0:
        pytest.skip("a file that nobody may move takes chattr +i, and so root")
    if subprocess.run([chattr, "+i", probe], capture_output=True, check=False).returncode != 0:
        pytest.skip("the file system of the tests has no immutable files")
    files = [probe]
    yield files
    subprocess.run([chattr, "-i", *files], check=True)


@pytest.mark.parametrize("is_across", [False, True] if FULL else [True], ids=lambda value: f"across disks: {value}")
def test_f12_a_copy_that_nobody_may_move_stays_and_is_not_copied(
    house: House, immutable: list[Path], other_disk: Path, is_across: bool
) -> None:
    house.configure(extra=quarantine_at(other_disk) if is_across else "")
    known = stock(house, 2)
    with nothing_lost(house, other_disk) as inventory, house.daemon() as process:
        with held_still(process):
            copy = inventory.land(house.library / "copy.jpg", known[0])
            immutable.append(copy)
            subprocess.run(["chattr", "+i", copy], check=True)
            other = inventory.land(house.library / "other-copy.jpg", known[1])
        house.wait(lambda: not other.exists(), "the other copy in quarantine")
        house.wait(lambda: "act failed" in troubles(house), "the failed act in status")
        inventory.require_equal()
        cause = troubles(house)["act failed"]
        subprocess.run(["chattr", "-i", copy], check=True)
        process.send_signal(signal.SIGHUP)
        house.wait(lambda: not copy.exists(), "the copy in quarantine")
        immutable.remove(copy)

    assert "(errno 1)" in cause
    assert len(aborted(house)) == 1


def test_f20_a_disk_that_goes_and_comes_back_is_waited_for(house: House, room: Chamber, tmp_path: Path) -> None:
    house = moved_in(house, room)
    library, disk = tmp_path / "Pictures", room.mount_memory(tmp_path / "disk")
    room.run("mount", "--bind", tmp_path / "disk", library)
    known = stock(house, 3)
    with house.daemon():
        with nothing_lost(house) as inventory:
            # The plain way: nothing of the daemon keeps the disk busy.
            room.run("umount", library)
            house.wait(lambda: "root paused" in troubles(house), "the paused root in status")
            # Another disk at its place is not the library, whatever lies on it.
            room.mount_memory(library)
            (house.library / "photo-0.jpg").write_bytes(known[0])
            (house.library / "stranger.jpg").write_bytes(known[0])
            inventory.land(disk / "copy.jpg", known[1])
            house.wait(lambda: "replaced" in troubles(house).get("root paused", ""), "the other disk in status")
            assert sorted(os.listdir(house.library)) == ["photo-0.jpg", "stranger.jpg"]
            room.run("umount", library)
            room.run("mount", "--bind", tmp_path / "disk", library)
            house.wait(lambda: len(house.quarantined()) == 1, "the copy that landed meanwhile")
            house.wait_idle()
            inventory.land(house.library / "later-copy.jpg", known[2])
            house.wait(lambda: len(house.quarantined()) == 2, "a copy that landed afterwards")
            house.wait_idle()
        status = house.run("status")[0]

    assert status["fingerprinted"] == 3
    assert "root paused" not in {one["kind"] for one in status["daemon"]["degraded"]}


@pytest.fixture
def image(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Return what mounts a disk at the place of the library; it is unmounted at the end."""
    library, disk = tmp_path / "Pictures", tmp_path / "disk.img"
    disk.write_bytes(b"")
    os.truncate(disk, 64 * 1024 * 1024)
    tools = ("mkfs.ext4", "mount", "umount")
    if os.geteuid() != 0 or any(shutil.which(tool) is None for tool in tools):
        pytest.skip(f"a disk of its own for the test needs root and {', '.join(tools)}")
    subprocess.run(["mkfs.ext4", "-q", str(disk)], check=True)

    def mount() -> None:
        command = ["mount", "-o", "loop", str(disk), str(library)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")

    yield mount
    subprocess.run(["umount", "--lazy", str(library)], capture_output=True, check=False)


def test_f20_a_disk_that_was_away_for_a_moment_only_is_listened_on_again(
    house: House, image: Callable[[], None]
) -> None:
    image()
    known = stock(house, 2)
    with house.daemon(), nothing_lost(house) as inventory:
        subprocess.run(["umount", str(house.library)], check=True)
        image()
        # No scan comes by for an hour: this has to be heard.
        house.wait(lambda: "was mounted anew" in _log(house) or "is back" in _log(house), "the new mount to be seen")
        house.wait_idle()
        inventory.land(house.library / "copy.jpg", known[0])
        house.wait(lambda: len(house.quarantined()) == 1, "the copy that landed afterwards")


def _log(house: House) -> str:
    return (house.state.parent / "daemon.log").read_text()
