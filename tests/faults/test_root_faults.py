"""F21, F32, F34: a root that goes and comes back, what lies in quarantine, folders that cannot be listened on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.model import FileState
from pictrace.service.status import read_status
from pictrace.store import Index

from .conftest import House  # type: ignore[import-not-found]
from .counting import nothing_lost  # type: ignore[import-not-found]
from .making import jpeg, stock, told  # type: ignore[import-not-found]

_WATCHES = Path("/proc/sys/user/max_inotify_watches")


def troubles(house: House) -> dict[str, str]:
    """Return what a running daemon says is not well: kind and cause."""
    status = read_status(house.state) or {"degraded": []}
    return {trouble["kind"]: trouble["cause"] for trouble in status["degraded"]}


def present(house: House) -> set[str]:
    """Return the names of the photos that the index says are there."""
    with Index.read(house.state) as index:
        return {row.path.name for row in index.files.files() if row.state is FileState.PRESENT}


def test_f21_a_root_that_goes_and_comes_back_is_neither_acted_in_nor_forgotten(house: House) -> None:
    known = stock(house, 3)
    away, stand_in = house.library.with_name("away"), house.library.with_name("stand-in")
    names = {f"photo-{number}.jpg" for number in range(3)}
    with nothing_lost(house) as inventory, house.daemon():
        os.rename(house.library, away)
        house.library.mkdir()
        house.wait(lambda: list(troubles(house)) == ["root paused"], "the paused root in status")
        # Two equal photos, and a copy of what the index knows: where no root is, nothing is done.
        (house.library / "photo-0.jpg").write_bytes(known[0])
        for number in range(2):
            (house.library / f"stray-{number}.jpg").write_bytes(known[1])
        (away / "copy.jpg").write_bytes(known[2])
        inventory.note(known[2])
        house.wait_idle()
        forgotten = names - present(house)
        strays = sorted(path.name for path in house.library.rglob("*"))
        os.rename(house.library, stand_in)
        os.rename(away, house.library)
        house.wait(lambda: len(house.quarantined()) == 1, "the copy that landed meanwhile")
        house.wait(lambda: troubles(house) == {}, "a status without trouble")
        inventory.land(house.library / "later.jpg", known[1])
        house.wait(lambda: len(house.quarantined()) == 2, "the copy that landed afterwards")
        house.wait_idle()
        fingerprinted = (read_status(house.state) or {})["fingerprinted_this_run"]

    assert forgotten == set()
    assert strays == ["photo-0.jpg", "stray-0.jpg", "stray-1.jpg"]
    assert present(house) == names
    assert fingerprinted == 3
    assert all("stray" not in one["from"] for one in told(house, "change"))


def test_f32_what_lies_in_quarantine_is_never_taken_in(house: House) -> None:
    """Neither by an event nor by a scan, not where hidden names are looked at, nor by a state that never saw it."""
    house.configure(extra='ignore: ["!.*"]\n')
    known = stock(house, 2)
    with nothing_lost(house) as inventory:
        with house.daemon():
            inventory.land(house.library / "copy.jpg", known[0])
            house.wait(lambda: len(house.quarantined()) == 1, "the copy in quarantine")
            house.wait_idle()
        shutil.rmtree(house.state)
        # What nobody but PicTrace should do, and people do: a photo is put in by hand.
        inventory.land(house.quarantined()[0].with_name("by-hand.jpg"), jpeg(70))
        with house.daemon():
            inventory.land(house.quarantined()[0].with_name("by-hand-too.jpg"), jpeg(71))
            inventory.land(house.library / "second.jpg", known[1])
            house.wait(lambda: not (house.library / "second.jpg").exists(), "the second copy in quarantine")
            house.wait_idle()

        assert present(house) == {"photo-0.jpg", "photo-1.jpg"}
        assert len(house.quarantined()) == 4


def test_f34_copies_in_folders_that_cannot_be_listened_on_are_found_by_the_scan(house: House) -> None:
    limited = _with_watches(house, 20)
    limited.configure(extra="rescan: 3s\n")
    known = stock(house, 2)
    folders = [house.library / f"folder-{number}" for number in range(60)]
    for folder in folders:
        folder.mkdir()
    with nothing_lost(house) as inventory, limited.daemon():
        house.wait(lambda: "too few watches" in troubles(house), "the folders that are not listened on, in status")
        cause = troubles(house)["too few watches"]
        for folder in folders[::15]:
            inventory.land(folder / "copy.jpg", known[0])
        house.wait(lambda: len(house.quarantined()) == 4, "the copies, found by a scan")
        house.wait_idle()

    assert "of 62 folders are not listened on, the scans have to do" in cause


def _with_watches(house: House, count: int) -> House:
    """Return a house whose daemon may listen on so few folders only (in a user namespace of its own)."""
    enter = ("unshare", "-Ur", "sh", "-c", f'echo {count} > {_WATCHES} && exec "$@"', "sh")
    try:
        tried = subprocess.run([*enter, "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no unshare here: the limit of watches is not tried")
    if tried.returncode:
        pytest.skip(f"no user namespace here, or no limit in it: {tried.stderr.strip()}")
    return replace(house, enter=enter)


def test_f21_a_nested_archive_that_is_another_folder_is_not_the_librarys(house: House) -> None:
    """Neither by a scan at the start, nor by an event, nor where the config is read again, nor by the command."""
    archive = house.library / "archive"
    archive.mkdir()
    (archive / "old.jpg").write_bytes(jpeg(90))
    known = stock(house, 2)
    house.config.write_text(
        house.config.read_text().replace("quiet:", f"  - path: {archive}\n    role: archive\nquiet:", 1)
    )
    with house.daemon():
        pass
    archive.rename(house.library.with_name("unplugged"))
    (archive / ".pictrace").mkdir(parents=True)
    (archive / ".pictrace" / "root-id").write_text("another")
    (archive / "twin.jpg").write_bytes(known[0])
    with nothing_lost(house) as inventory:
        with house.daemon() as process:
            inventory.land(archive / "copy.jpg", known[0])
            process.send_signal(signal.SIGHUP)
            log = house.state.parent / "daemon.log"
            house.wait(lambda: "config taken" in log.read_text(), "the config, read again")
            inventory.land(archive / "second.jpg", known[1])
            inventory.land(house.library / "copy.jpg", known[1])
            house.wait(lambda: len(house.quarantined()) == 1, "the copy that landed in the library")
            house.wait_idle()
        house.run("scan", "--act", "--yes")

    assert {path.name for path in archive.iterdir()} == {".pictrace", "twin.jpg", "copy.jpg", "second.jpg"}
    assert present(house) == {"photo-0.jpg", "photo-1.jpg", "old.jpg"}
    assert not any(Path(one["from"]).is_relative_to(archive) for one in told(house, "change"))
