"""More copies than the brake lets go in an hour: held, told, and carried out on a person's word."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import House  # type: ignore[import-not-found]

Photo = Callable[..., Path]


@pytest.fixture
def braked(house: House, photo: Photo) -> House:
    for seed in range(6):
        photo(f"photo-{seed}.jpg", seed=seed, folder=house.library)
    house.configure(rules="  - include: exact-copies\n", extra="brake: 2/h\n")
    return house


def copy_all(house: House) -> None:
    for number in range(6):
        shutil.copyfile(house.library / f"photo-{number}.jpg", house.library / f"copy-{number}.jpg")


def held(house: House) -> int:
    return sum(one["count"] for one in house.run("status")[0]["held"])


def copies(house: House) -> set[str]:
    return {path.name for path in house.library.glob("copy-*.jpg")}


def test_what_is_too_much_for_an_hour_waits_for_confirm_and_a_restart_changes_nothing(braked: House) -> None:
    with braked.daemon():
        copy_all(braked)
        landed = braked.tree()
        braked.wait(lambda: held(braked) == 4, "four held plans")
        moved = len(braked.quarantined())
    told = (braked.state.parent / "daemon.log").read_text()
    with braked.daemon():
        [status] = braked.run("status")
        again = len(braked.quarantined())
        listed = braked.run("confirm", "--yes")
        braked.wait(lambda: copies(braked) == set(), "all copies in quarantine")
        braked.wait(lambda: held(braked) == 0, "nothing held")

    assert (moved, again) == (2, 2)
    assert told.count("until `pictrace confirm`") == 1
    assert [(one["rule"], one["count"], one["confirmed"]) for one in status["held"]] == [("exact copies", 4, 0)]
    [trouble] = status["daemon"]["degraded"]
    assert (trouble["kind"], trouble["count"], trouble["since"]) == ("held plans", 4, status["held"][0]["since"])
    assert [one["event"] for one in listed] == ["held"] * 4 + ["confirm"]
    assert listed[-1] == {"event": "confirm", "confirmed": 4, "refused": 0, "running": True}

    braked.run("undo", "--all", "--yes")
    assert braked.tree() == landed


def test_a_confirmed_plan_is_judged_anew(braked: House, photo: Photo) -> None:
    with braked.daemon():
        copy_all(braked)
        braked.wait(lambda: held(braked) == 4, "four held plans")
    one = min(copies(braked))
    photo(one.replace("copy", "photo"), seed=99, folder=braked.library)
    braked.run("confirm", "--yes")
    with braked.daemon():
        braked.wait(lambda: len(copies(braked)) <= 1, "what can go in quarantine")
        braked.wait(lambda: held(braked) == 0, "nothing held")

    assert copies(braked) == {one}


def test_other_rules_let_go_of_what_is_held(braked: House) -> None:
    with braked.daemon():
        copy_all(braked)
        braked.wait(lambda: held(braked) == 4, "four held plans")
    braked.configure(rules="  - include: observe\n", extra="brake: 2/h\n")
    with braked.daemon():
        braked.wait(lambda: held(braked) == 0, "nothing held")

    assert len(copies(braked)) == 4


def test_a_scan_that_nobody_watches_is_braked_and_goes_on_after_confirm(braked: House) -> None:
    copy_all(braked)

    first = braked.run("scan", "--act", "--yes")[-1]
    second = braked.run("scan", "--act", "--yes")[-1]
    braked.run("confirm", "--yes")
    third = braked.run("scan", "--act", "--yes")[-1]

    assert (first["changes"], first["held"]) == (2, 4)
    assert (second["changes"], second["held"]) == (0, 0)
    assert (third["changes"], third["held"]) == (4, 0)
    assert copies(braked) == set()


def test_without_a_brake_nothing_waits(braked: House) -> None:
    braked.configure(rules="  - include: exact-copies\n", extra="brake: none\n")
    copy_all(braked)

    assert braked.run("scan", "--act", "--yes")[-1]["changes"] == 6


def test_a_renamed_folder_does_not_open_the_brake(braked: House) -> None:
    with braked.daemon():
        inbox = braked.library / "In"
        inbox.mkdir()
        for number in range(6):
            shutil.copyfile(braked.library / f"photo-{number}.jpg", inbox / f"copy-{number}.jpg")
        braked.wait(lambda: held(braked) == 4, "four held plans")
        inbox.rename(braked.library / "Out")
        braked.wait_idle()
    with braked.daemon():
        listed = braked.run("confirm", code=2)

    assert len(braked.quarantined()) == 2
    assert {Path(one["duplicate"]).parent.name for one in listed} == {"Out"}
    assert len(listed) == 4


def test_who_is_asked_sees_how_many_the_brake_would_hold_and_lets_them_go(braked: House) -> None:
    copy_all(braked)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pictrace", "scan", "--act", "--config", str(braked.config)]
    scan = subprocess.Popen(
        [*command, "--state", str(braked.state)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.write(ours, b"y\n")
    _, asked = scan.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)

    assert "Carry out 6 plans? The brake would hold 4 of them; your yes lets them go." in asked
    assert copies(braked) == set()
    assert held(braked) == 0


def test_what_is_confirmed_while_its_disk_is_away_stays_held(braked: House) -> None:
    away = braked.library.with_name("away")
    with braked.daemon():
        copy_all(braked)
        braked.wait(lambda: held(braked) == 4, "four held plans")
        os.rename(braked.library, away)
        braked.library.mkdir()
        confirmed = braked.run("confirm", "--yes")[-1]["confirmed"]
        braked.wait(lambda: braked.run("status")[0]["held"][0]["confirmed"] == 0, "the word taken back")
        braked.library.rmdir()
        os.rename(away, braked.library)
        braked.wait_idle()

    assert confirmed == 4
    assert held(braked) == 4
    assert len(braked.quarantined()) == 2


def test_a_plan_stays_held_when_the_photo_that_stays_is_renamed(braked: House) -> None:
    with braked.daemon():
        copy_all(braked)
        braked.wait(lambda: held(braked) == 4, "four held plans")
        one = min(copies(braked))
        (braked.library / one.replace("copy", "photo")).rename(braked.library / "renamed.jpg")
        braked.wait_idle()
    with braked.daemon():
        listed = braked.run("confirm", code=2)

    assert len(listed) == 4
    assert [Path(plan["duplicate"]).name for plan in listed if plan["keeper"].endswith("renamed.jpg")] == [one]


def test_what_a_person_refused_is_never_proposed_again(braked: House) -> None:
    with braked.daemon():
        copy_all(braked)
        braked.wait(lambda: held(braked) == 4, "four held plans")
        refused = braked.run("confirm", "--refuse", "--yes")[-1]
        told = braked.run("status")[0]["held"]
    with braked.daemon():
        again = held(braked)
    scanned = braked.run("scan", "--act", "--yes")

    assert refused == {"event": "confirm", "confirmed": 0, "refused": 4, "running": True}
    assert (told, again) == ([], 0)
    assert {one["held"] for one in scanned if one["event"] == "finding"} == {"you refused this"}
    assert scanned[-1]["changes"] == 0
    assert len(copies(braked)) == 4


def test_a_confirmed_plan_is_carried_out_once_after_a_kill(braked: House) -> None:
    with braked.daemon() as daemon:
        copy_all(braked)
        braked.wait(lambda: held(braked) == 4, "four held plans")
        daemon.kill()
        daemon.wait(timeout=60)
    confirmed = braked.run("confirm", "--yes")[-1]["confirmed"]
    with braked.daemon() as daemon:
        braked.wait(lambda: len(copies(braked)) < 4, "the first of them carried out")
        daemon.kill()
        daemon.wait(timeout=60)
    with braked.daemon():
        braked.wait(lambda: copies(braked) == set(), "all of them carried out")
        braked.wait(lambda: held(braked) == 0, "nothing held")
    changes = [one for one in braked.run("log") if one["state"] == "done"]

    assert confirmed == 4
    assert len(changes) == len({one["from"] for one in changes}) == 6
    assert len(braked.quarantined()) == 6
