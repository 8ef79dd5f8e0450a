"""The age of a change, by the smaller of two clocks: no jump of either makes it more than the time that went by."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pictrace.model import Clock
from pictrace.store import Journal

from .conftest import a_change  # type: ignore[import-not-found]

DAY = 86400.0


class Clocks:
    """The true time, and what this machine's two clocks make of it."""

    def __init__(self) -> None:
        self.true = 0.0
        self.wall = 1000.0 * DAY
        self.boottime = 500.0

    def pass_(self, seconds: float) -> None:
        self.true += seconds
        self.wall += seconds
        self.boottime += seconds

    def boot(self, seconds_off: float, seconds_up: float) -> None:
        self.pass_(seconds_off)
        self.true += seconds_up
        self.wall += seconds_up
        self.boottime = seconds_up

    def open(self, state: Path) -> Journal:
        return Journal.open(state, clock=Clock(wall=lambda: self.wall, boottime=lambda: self.boottime))


def make(state: Path, clocks: Clocks) -> int:
    with clocks.open(state) as journal:
        [change] = journal.plan([a_change(made_at=0.0)])
    return change.id


def age_days(state: Path, clocks: Clocks, change: int) -> float:
    with clocks.open(state) as journal:
        return journal.uptime.age(change, now=clocks.wall).days


def test_days_of_a_machine_that_runs_are_counted_whether_pictrace_does_or_not(tmp_path: Path) -> None:
    clocks = Clocks()
    change = make(tmp_path, clocks)
    clocks.pass_(30 * DAY)

    assert age_days(tmp_path, clocks, change) == 30


def test_f35_a_wall_clock_that_is_set_forward_makes_nothing_older(tmp_path: Path) -> None:
    clocks = Clocks()
    change = make(tmp_path, clocks)
    clocks.pass_(DAY)
    clocks.wall += 365 * DAY

    assert age_days(tmp_path, clocks, change) == 1


def test_f35_a_wall_clock_that_is_set_back_makes_it_no_older_than_new(tmp_path: Path) -> None:
    clocks = Clocks()
    change = make(tmp_path, clocks)
    clocks.pass_(DAY)
    clocks.wall -= 2 * DAY

    assert age_days(tmp_path, clocks, change) == 0


def test_a_boot_counts_what_the_machine_ran_since_and_not_what_it_was_off(tmp_path: Path) -> None:
    clocks = Clocks()
    change = make(tmp_path, clocks)
    clocks.boot(50 * DAY, 400.0)
    first = age_days(tmp_path, clocks, change)
    clocks.pass_(3 * DAY)

    assert first == 400.0 / DAY
    assert age_days(tmp_path, clocks, change) == 3 + 400.0 / DAY


def test_a_state_folder_on_a_machine_that_runs_for_years_is_not_years_older(tmp_path: Path) -> None:
    clocks = Clocks()
    change = make(tmp_path, clocks)
    clocks.pass_(DAY)
    clocks.boottime = 1000 * DAY

    assert age_days(tmp_path, clocks, change) == 1


def test_a_change_from_before_there_was_a_counter_is_counted_from_then(tmp_path: Path) -> None:
    clocks = Clocks()
    change = make(tmp_path, clocks)
    with clocks.open(tmp_path) as journal:
        journal._connection.execute("UPDATE changes SET counted_at = NULL")
        journal._connection.execute("DELETE FROM uptime")
    clocks.pass_(40 * DAY)
    first = age_days(tmp_path, clocks, change)
    clocks.pass_(2 * DAY)

    assert first == 0
    assert age_days(tmp_path, clocks, change) == 2


events = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.floats(0, 100 * DAY), st.just(0.0)),
        st.tuples(st.just("boot"), st.floats(0, 100 * DAY), st.floats(0, 100 * DAY)),
        st.tuples(st.just("set"), st.floats(-1000 * DAY, 1000 * DAY), st.just(0.0)),
        st.tuples(st.just("look"), st.just(0.0), st.just(0.0)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(events=events)
def test_whatever_the_clocks_do_nothing_is_ever_taken_for_older_than_it_is(events) -> None:
    clocks = Clocks()
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        change = make(state, clocks)
        before = 0.0
        for kind, first, second in events:
            if kind == "pass":
                clocks.pass_(first)
            elif kind == "boot":
                clocks.boot(first, second)
            elif kind == "set":
                clocks.wall += first
            with clocks.open(state) as journal:
                age = journal.uptime.age(change, now=clocks.wall)

            assert before <= age.counted_seconds <= clocks.true + 1e-3
            assert age.days * DAY <= clocks.true + 1e-3
            before = age.counted_seconds
