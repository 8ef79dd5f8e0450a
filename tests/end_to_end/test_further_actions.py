"""A real daemon with links, copies and a program that takes its time."""

from __future__ import annotations

import os
import shutil
import signal
import time

from pictrace.model import ChangeKind, ChangeState
from pictrace.service.status import read_status
from pictrace.store import Journal

from .conftest import House  # type: ignore[import-not-found]


def test_links_and_copies_are_made_once_and_taken_back(house: House, photo) -> None:
    first = photo("photo.jpg", seed=1, folder=house.library)
    house.configure(rules="  - {when: {relation: same-bytes}, do: [{copy: Kept}, hardlink]}\n")
    copy = house.library / "copy.jpg"

    with house.daemon():
        shutil.copyfile(first, copy)
        before = house.tree()
        house.wait(lambda: copy.stat().st_nlink == 2, "two names of one file")
        house.wait_idle()
        copy.touch()  # it is looked at once more, and so is the copy
        house.wait_idle()
    with Journal.read(house.state) as journal:
        made = [(change.kind, change.state) for change in reversed(journal.changes())]

    assert made == [(ChangeKind.COPY, ChangeState.DONE), (ChangeKind.HARDLINK, ChangeState.DONE)]
    assert [path.name for path in (house.library / "Kept").iterdir()] == ["copy.jpg"]
    [held] = house.run("quarantine", "list")
    assert held["kind"] == "hardlink"
    os.utime(first, ns=(1, before["photo.jpg"][1]))
    house.run("undo", "--all", "--yes")
    assert house.tree() == before


def test_while_a_program_runs_the_daemon_lives_and_stops_at_once(house: House, photo) -> None:
    first = photo("photo.jpg", seed=1, folder=house.library)
    house.configure(
        rules="  - {when: {relation: same-bytes}, do: [{run: [sleep, '600']}, quarantine]}\n", extra="allow-run: true\n"
    )

    def is_planned() -> bool:
        with Journal.read(house.state) as journal:
            return bool(journal.open_changes())

    with house.daemon() as daemon:
        shutil.copyfile(first, house.library / "copy.jpg")
        house.wait(is_planned, "a program that runs")
        began = time.time()
        house.wait(lambda: read_status(house.state)["written_at"] > began + 2, "a status written meanwhile")
        daemon.send_signal(signal.SIGTERM)
        stopping = time.monotonic()
        assert daemon.wait(timeout=60) == 0
        took = time.monotonic() - stopping

    assert took < 10
    [change] = house.run("log")
    assert (change["kind"], change["state"]) == ("run", "aborted")
    assert "PicTrace stops" in change["error"]
    assert house.quarantined() == []


def test_a_program_without_the_configs_word_is_refused_with_its_line(house: House) -> None:
    house.configure(rules="  - {when: {relation: same-bytes}, do: [{run: [sleep, '1']}]}\n")
    done = house.start("rules", "check")
    _, err = done.communicate(timeout=60)

    assert done.returncode == 78
    line = house.config.read_text().splitlines().index("  - {when: {relation: same-bytes}, do: [{run: [sleep, '1']}]}")
    assert f"{house.config.name}:{line + 1}" in err
    assert "allow-run: true" in err
