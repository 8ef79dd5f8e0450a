"""F7 and F8: the daemon is killed at any moment, with quarantine on the same file system and on another one."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

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
                time.sleep(0.2 + delays.uniform(0.05, 1.2))  # the fault itself
                process.kill()
                process.wait()
            inventory.require_nothing_lost()
        with house.daemon():
            house.wait(lambda: not list(house.library.glob("copy-*.jpg")), "every copy in quarantine")
            house.wait_idle()

    assert len(house.tree()) == _COPIES
