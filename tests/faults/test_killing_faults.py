"""F7 and F8: the daemon is killed at any moment, with quarantine on the same file system and on another one."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from pictrace.store import Journal

from .conftest import House  # type: ignore[import-not-found]
from .counting import nothing_lost  # type: ignore[import-not-found]
from .making import FULL, FULL_SECONDS, sized, stock  # type: ignore[import-not-found]

_KILLS = sized(1, 12)  # tests/crash kills at forty moments in each run of the suite
_COPIES = 8

pytestmark = pytest.mark.timeout(FULL_SECONDS if FULL else 300)


def test_f07_killed_at_random_moments_on_one_disk_nothing_is_lost(house: House) -> None:
    _kill_again_and_again(house)


def test_f08_killed_at_random_moments_across_two_disks_nothing_is_lost(house: House, other_disk: Path) -> None:
    _kill_again_and_again(house, other_disk)


def _kill_again_and_again(house: House, *quarantine: Path) -> None:
    house.configure(quiet="200ms", extra="brake: none\n" + "".join(f"quarantine: {path}\n" for path in quarantine))
    known = stock(house, _COPIES)
    delays = random.Random(7)
    with nothing_lost(house, *quarantine) as inventory:
        for round_ in range(_KILLS):
            with house.daemon() as process:
                for number, content in enumerate(known):
                    inventory.land(house.library / f"copy-{round_}-{number}.jpg", content)
                _wait_a_while(house, round_, delays)
                process.kill()
                process.wait()
            inventory.require_nothing_lost()
        with house.daemon():
            house.wait(lambda: not list(house.library.glob("copy-*.jpg")), "every copy in quarantine")
            house.wait_idle()
        inventory.require_equal()
        with Journal.read(house.state) as journal:
            assert journal.open_changes() == []
            assert len(journal.quarantined()) == _KILLS * _COPIES
        house.run("undo", "--all", "--yes")

    assert len(house.tree()) == (_KILLS + 1) * _COPIES
    assert len(list(house.library.glob("copy-*.jpg"))) == _KILLS * _COPIES


def _wait_a_while(house: House, round_: int, delays: random.Random) -> None:
    """Wait, in turn, for any moment after the photos landed, and for one while they are moved: the fault itself."""
    if round_ % 2:
        time.sleep(delays.uniform(0.05, 1.2))
    else:
        first = f"copy-{round_}-*.jpg"
        house.wait(lambda: len(list(house.library.glob(first))) < _COPIES, "the first of the copies moved")
        time.sleep(delays.uniform(0.0, 0.15))
