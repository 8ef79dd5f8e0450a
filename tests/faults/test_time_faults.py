"""F35: the wall clock jumps a year ahead and a day back under the running daemon."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

from pictrace.service.status import HELD_PLANS, read_status

from .conftest import House  # type: ignore[import-not-found]
from .counting import nothing_lost  # type: ignore[import-not-found]
from .making import stock  # type: ignore[import-not-found]

_DAY = 86400
_QUIET_SECONDS = 2.0
_BENT = """
import pathlib, time
real, offset = time.time, pathlib.Path({offset!r})
time.time = lambda: real() + int(offset.read_text())
"""


class Clock:
    """The wall clock of one house's programs, set by hand; the monotonic one goes on as it does.

    Python imports ``sitecustomize`` before all else, in each worker too. (libfaketime would also bend the waits of the
    monotonic clock, and ends the daemon with them.)
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offset = folder / "offset"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(_BENT.format(offset=str(self._offset)))
        self.set(0)

    def set(self, seconds: int) -> None:
        """Set it so far ahead, or back."""
        fresh = self._offset.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.rename(self._offset)

    def of(self, house: House) -> House:
        """Return the house with this clock."""
        places = [str(self._folder), *filter(None, [os.environ.get("PYTHONPATH")])]
        return replace(house, enter=("env", f"PYTHONPATH={os.pathsep.join(places)}"))


def test_f35_a_clock_that_jumps_shortens_neither_the_quiet_time_nor_the_hour_of_the_brake(
    house: House, tmp_path: Path
) -> None:
    clock = Clock(tmp_path / "clock")
    jumping = clock.of(house)
    jumping.configure(quiet=f"{_QUIET_SECONDS:g}s", extra="brake: 2/h\n")
    known = stock(house, 4)
    settled_after = []
    with nothing_lost(house) as inventory, jumping.daemon() as process:
        for number, jump in enumerate((365 * _DAY, -_DAY)):
            copy = inventory.land(house.library / f"copy-{number}.jpg", known[number])
            landed_at = time.monotonic()
            clock.set(jump)
            house.wait(lambda copy=copy: not copy.exists(), "the copy in quarantine")
            settled_after.append(time.monotonic() - landed_at)
            house.wait(lambda jump=jump: _is_at(house, jump), f"a daemon whose clock is {jump} s ahead")
        # Two went within this hour: a year more on the wall clock makes no room for a third.
        clock.set(365 * _DAY)
        held = inventory.land(house.library / "copy-2.jpg", known[2])
        house.wait(lambda: _held(house) == 1, "the plan that the brake holds")

        assert process.poll() is None
    assert held.exists()
    assert len(house.quarantined()) == 2
    assert min(settled_after) >= _QUIET_SECONDS


def _is_at(house: House, seconds: int) -> bool:
    """Return whether the daemon really has the time that was set: else nothing here is tried."""
    status = read_status(house.state)
    return status is not None and abs(status["written_at"] - time.time() - seconds) < 3600


def _held(house: House) -> int:
    status = read_status(house.state) or {"degraded": []}
    return sum(trouble["count"] for trouble in status["degraded"] if trouble["kind"] == HELD_PLANS)
