"""How long the machine was seen to run, in journal.db: an age that no clock can be set forward for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pictrace.model.clock import boottime
from pictrace.store.connection import Connection

_SECONDS_PER_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How long ago a change was made: by the wall clock, and by the time the machine was seen to run since. Seconds."""

    wall_seconds: float
    counted_seconds: float

    @property
    def days(self) -> float:
        """The smaller of the two, in days: neither a clock that jumps nor a long uptime elsewhere makes it more."""
        return max(0.0, min(self.wall_seconds, self.counted_seconds)) / _SECONDS_PER_DAY


class Uptime:
    """A part of the journal: a counter that only goes up, by no more than the time that went by.

    Between two looks at the same run of the machine, the difference of its clock went by. A clock that is behind the
    last look says that the machine was started in between, and then at least what it shows went by. Time in which the
    machine was off is not counted: only the wall clock knows of it.

    Args:
        connection: of journal.db.
        clock: seconds since the machine was started.
    """

    def __init__(self, connection: Connection, *, clock: Callable[[], float] = boottime) -> None:
        self._connection = connection
        self._clock = clock

    def note(self) -> float:
        """Count what went by since the last look, durably; returns the counter, in seconds."""
        self._connection.execute(
            "INSERT INTO uptime (id, counted_seconds, boottime) VALUES (1, 0, :now) "
            "ON CONFLICT (id) DO UPDATE SET boottime = :now, counted_seconds = counted_seconds + "
            "CASE WHEN boottime <= :now THEN :now - boottime ELSE :now END",
            {"now": self._clock()},
        )
        return float(self._connection.value("SELECT counted_seconds FROM uptime"))

    def age(self, change_id: int, *, now: float) -> Age:
        """Return the age of a change; one from before there was a counter is counted from the counter's first look.

        Args:
            change_id: which.
            now: wall-clock seconds.

        Raises:
            LookupError: there is no such change.
        """
        row = self._connection.row("SELECT made_at, counted_at FROM changes WHERE id = ?", (change_id,))
        if row is None:
            raise LookupError(f"no change has the id {change_id}")
        counted = self._connection.value("SELECT counted_seconds FROM uptime") or 0.0
        return Age(wall_seconds=now - row["made_at"], counted_seconds=counted - (row["counted_at"] or 0.0))
