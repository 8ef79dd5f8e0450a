"""F39 and F41: a disk that gives errors, and a network share that stops to answer while the daemon looks after it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pictrace.service.status import read_status

from .conftest import House  # type: ignore[import-not-found]

Photo = Callable[..., Path]
_SHARE = Path(__file__).with_name("share.py")


@dataclass(frozen=True, kw_only=True)
class Share:
    """A mounted share, and the process that answers for it."""

    source: Path
    place: Path
    process: subprocess.Popen[str]

    def hang(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def share(tmp_path: Path, photo: Photo) -> Iterator[Share]:
    if os.geteuid() != 0 or not os.access("/dev/fuse", os.W_OK):
        pytest.skip("mounting a share for the test needs root and /dev/fuse")
    source, place = tmp_path / "nas", tmp_path / "mnt"
    source.mkdir()
    place.mkdir()
    for seed in (20, 21):
        photo(f"far-{seed}.jpg", seed=seed, folder=source)
    process = subprocess.Popen([sys.executable, str(_SHARE), str(source), str(place)], stdout=-1, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "mounted\n":
            pytest.skip("the kernel let nobody mount a share here")
        yield Share(source=source, place=place, process=process)
    finally:
        process.send_signal(signal.SIGCONT)
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def both(house: House, share: Share, photo: Photo) -> House:
    """A library on a local disk and one on the share."""
    for seed in range(3):
        photo(f"near-{seed}.jpg", seed=seed, folder=house.library)
    house.configure(extra="rescan: 3s\n")
    text = house.config.read_text()
    house.config.write_text(text.replace("quiet:", f"  - path: {str(share.place)!r}\nquiet:", 1))
    return house


def troubles(house: House) -> dict[str, dict[str, Any]]:
    status = read_status(house.state) or {"degraded": []}
    return {one["kind"]: one for one in status["degraded"]}


def state_of(house: House, root: Path) -> str:
    status = read_status(house.state) or {"roots": []}
    return next((one["state"] for one in status["roots"] if one["path"] == str(root)), "unknown")


def test_f41_a_hanging_share_is_told_and_holds_nobody_up(both: House, share: Share) -> None:
    with both.daemon() as daemon:
        share.hang()
        started = time.time()
        both.wait(lambda: "root paused" in troubles(both), "the share told as paused")
        told = troubles(both)["root paused"]
        shutil.copyfile(both.library / "near-0.jpg", both.library / "copy.jpg")
        both.wait(lambda: len(both.quarantined()) == 1, "a copy on the local disk in quarantine")
        written = (read_status(both.state) or {})["written_at"]
        both.wait(lambda: (read_status(both.state) or {})["written_at"] > written + 2, "a loop that goes on")
        daemon.send_signal(signal.SIGTERM)

        assert daemon.wait(timeout=10) == 0
    assert str(share.place) in told["cause"]
    assert "stalled" in told["cause"]
    assert told["since"] - started < 15, "5 s on a quiet machine"


def test_f41_a_share_that_answers_again_is_taken_up_and_nothing_is_forgotten(both: House, share: Share) -> None:
    with both.daemon():
        known = both.run("status")[0]["files"]
        share.hang()
        both.wait(lambda: state_of(both, share.place) == "stalled", "the share to be stalled")
        shutil.copyfile(both.library / "near-1.jpg", share.source / "landed-meanwhile.jpg")
        share.go_on()
        both.wait(lambda: state_of(both, share.place) == "usable", "the share to be back")
        both.wait(lambda: both.run("status")[0]["files"] == known + 1, "what landed meanwhile")

        assert "root paused" not in troubles(both)


def test_f41_a_share_that_hangs_at_the_start_is_left_out_and_taken_up_later(both: House, share: Share) -> None:
    with both.daemon():
        pass
    share.hang()
    log = both.state.parent / "daemon.log"
    command = [sys.executable, "-m", "pictrace", "watch", "--config", str(both.config), "--state", str(both.state)]
    with log.open("a") as stream, subprocess.Popen(command, stdout=stream, stderr=stream) as daemon:
        try:
            both.wait(lambda: "root away" in troubles(both), "a daemon without the share")
            shutil.copyfile(both.library / "near-0.jpg", both.library / "copy.jpg")
            both.wait(lambda: len(both.quarantined()) == 1, "a copy on the local disk in quarantine")
            share.go_on()
            both.wait(lambda: state_of(both, share.place) == "usable", "the share to be there")
        finally:
            share.go_on()
            daemon.send_signal(signal.SIGTERM)

        assert daemon.wait(timeout=20) == 0


def test_f41_a_worker_that_cannot_be_killed_holds_no_stop_up(both: House, share: Share) -> None:
    with both.daemon() as daemon:
        with (share.source / "stopping.jpg").open("wb") as file:
            file.truncate(30 * 1024 * 1024)
        both.wait(lambda: stopped(share.process.pid), "a worker in the middle of the file")
        both.wait(lambda: "root paused" in troubles(both), "the share told as paused")
        daemon.send_signal(signal.SIGTERM)

        assert daemon.wait(timeout=10) == 0


def stopped(process_id: int) -> bool:
    return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_f39_errors_of_a_disk_cost_only_what_lies_on_it(both: House, share: Share) -> None:
    with both.daemon():
        share.process.send_signal(signal.SIGUSR1)
        shutil.copyfile(both.library / "near-0.jpg", share.source / "unreadable.jpg")
        shutil.copyfile(both.library / "near-1.jpg", both.library / "copy.jpg")
        both.wait(lambda: len(both.quarantined()) == 1, "a copy on the local disk in quarantine")
        both.wait(lambda: "unreadable" in troubles(both), "the error told")
        told = troubles(both)["unreadable"]
        share.process.send_signal(signal.SIGUSR2)
        both.wait(lambda: "unreadable" not in troubles(both), "the photo read once the disk is well")

        assert "Input/output error" in told["cause"]
