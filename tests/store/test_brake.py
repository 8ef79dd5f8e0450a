"""What the brake remembers: the acts of an hour by a clock nobody sets, and held plans."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pictrace.model import ChangeState, Clock, HeldPlan
from pictrace.store import Journal

HOUR = 3600.0


@pytest.fixture
def held(values) -> HeldPlan:
    return HeldPlan(
        root="aa11",
        file=values.pictures / "new.jpg",
        duplicate=values.pictures / "new.jpg",
        keeper=values.pictures / "old.jpg",
        rule="exact copies",
        actions=("tag", "quarantine"),
        is_backlog_allowed=False,
        does='{"to": "A"}',
    )


def act(journal: Journal, values, at: float | None, *, root: str = "aa11", made_at: float = 5.0) -> int:
    [change] = journal.plan([values.change(root=root, monotonic_at=at, made_at=made_at)])
    journal.advance(change.id, ChangeState.DONE)
    return change.id


def test_acts_of_this_hour_and_root_are_counted(journal: Journal, values) -> None:
    act(journal, values, 1000.0)
    act(journal, values, 1001.0, root="bb22")
    act(journal, values, None)

    assert journal.brake.count_acts("aa11", 1002.0) == 1
    assert journal.brake.count_acts("aa11", 1000.0 + HOUR - 1) == 1
    assert journal.brake.count_acts("aa11", 1000.0 + HOUR) == 0


def test_what_was_not_done_is_not_counted(journal: Journal, values) -> None:
    journal.advance(act(journal, values, 1000.0), ChangeState.ABORTED)

    assert journal.brake.count_acts("aa11", 1002.0) == 0


@pytest.mark.parametrize("made_at", [1.0, 4e9])
def test_a_wall_clock_that_jumps_changes_nothing(journal: Journal, values, clock, made_at: float) -> None:
    act(journal, values, 1000.0, made_at=made_at)
    clock.now = 5e9

    assert journal.brake.count_acts("aa11", 1002.0) == 1


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.one_of(st.floats(0.1, 2 * HOUR), st.sampled_from(["act", "restart", "reboot", "count"])), max_size=25
    )
)
def test_no_act_of_the_last_hour_is_ever_left_out(steps: list[float | str]) -> None:
    from .conftest import a_change  # type: ignore[import-not-found]  # noqa: PLC0415 – fixtures and examples do not mix

    class Values:
        change = staticmethod(a_change)

    now, booted, acts = 0.0, -50.0, []
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.open(Path(folder))
        for step in steps:
            if step == "act":
                act(journal, Values, now - booted)
                acts.append(now)
            elif step == "restart":
                journal.close()
                journal = Journal.open(Path(folder))
            elif step == "reboot":
                booted = now
            elif step == "count":
                assert journal.brake.count_acts("aa11", now - booted) >= sum(now - at < HOUR for at in acts)
            else:
                now += float(step)
        counted = journal.brake.count_acts("aa11", now - booted)
        # Looked at each hour, as the daemon does after each scan.
        later = [journal.brake.count_acts("aa11", now - booted + hours * HOUR + hours) for hours in (1, 2)][-1]
        journal.close()

    assert counted >= sum(now - at < HOUR - 0.001 for at in acts)
    assert later == 0


def test_a_held_plan_is_read_back_after_a_restart(tmp_path: Path, clock, values, held: HeldPlan) -> None:
    with Journal.open(tmp_path, clock=Clock(wall=clock)) as journal:
        journal.brake.hold(held)
    with Journal.read(tmp_path) as journal:
        [read] = journal.brake.held_plans()
        found = journal.brake.held_plan(file=held.file, duplicate=held.duplicate, keeper=held.keeper)

    assert read == found == replace(held, id=1, held_at=clock.now)


def test_held_plans_follow_their_root(journal: Journal, values, held: HeldPlan) -> None:
    journal.put_root(values.root())
    journal.brake.hold(held)
    journal.put_root(values.root(path=Path("/mnt/Pictures")))

    [moved] = journal.brake.held_plans()

    assert (moved.duplicate, moved.keeper) == (Path("/mnt/Pictures/new.jpg"), Path("/mnt/Pictures/old.jpg"))


@pytest.mark.parametrize("change", [{"rule": "another"}, {"actions": ("move",)}, {"does": '{"to": "B"}'}])
def test_the_same_plan_stays_confirmed_and_another_one_has_to_be(
    journal: Journal, clock, held: HeldPlan, change
) -> None:
    journal.brake.hold(held)
    journal.brake.confirm(journal.brake.held_plans())
    clock.now += 10
    journal.brake.hold(held)
    [same] = journal.brake.held_plans()
    journal.brake.hold(replace(held, **change))
    [other] = journal.brake.held_plans()

    assert (same.confirmed_at, same.held_at) == (clock.now - 10, clock.now - 10)
    assert other == replace(held, id=1, held_at=clock.now, confirmed_at=None, **change)


def test_confirm_begins_the_hour_of_its_root_anew_and_of_no_other(journal: Journal, values, held: HeldPlan) -> None:
    act(journal, values, 1000.0)
    act(journal, values, 1000.0, root="bb22")
    journal.brake.hold(held)

    assert journal.brake.is_engaged("aa11")
    assert journal.brake.confirm(journal.brake.held_plans()) == 1
    assert not journal.brake.is_engaged("aa11")
    assert [journal.brake.count_acts(root, 1001.0) for root in ("aa11", "bb22")] == [0, 1]


@pytest.mark.parametrize("change", [{"actions": ("move",)}, {"does": '{"to": "B"}'}])
def test_a_plan_that_changed_since_it_was_shown_is_not_confirmed(journal: Journal, held: HeldPlan, change) -> None:
    journal.brake.hold(held)
    seen = journal.brake.held_plans()
    journal.brake.hold(replace(held, **change))

    assert journal.brake.confirm(seen) == 0
    assert journal.brake.is_engaged("aa11")


def test_held_plans_are_told_by_rule(journal: Journal, values, clock, held: HeldPlan) -> None:
    journal.brake.hold(held)
    journal.brake.confirm(journal.brake.held_plans())
    clock.now += 10
    journal.brake.hold(replace(held, keeper=values.pictures / "older.jpg"))
    journal.brake.hold(replace(held, keeper=values.pictures / "oldest.jpg", rule="renditions"))

    found = [(one.rule, one.count, one.confirmed, one.since) for one in journal.brake.by_rule()]

    assert found == [("exact copies", 2, 1, clock.now - 10), ("renditions", 1, 0, clock.now)]
    assert len(journal.brake.held_plans(is_confirmed=False)) == 2
    assert len(journal.brake.held_plans(is_confirmed=True)) == 1


def test_a_refused_plan_is_gone_and_known_as_refused(journal: Journal, held: HeldPlan) -> None:
    journal.brake.hold(held)

    refused = journal.brake.refuse([(journal.brake.held_plans()[0], (b"d", b"k"))])

    assert refused == 1
    assert journal.brake.held_plans() == []
    assert journal.brake.is_refused(duplicate=b"d", keeper=b"k", rule=held.rule)
    assert not journal.brake.is_refused(duplicate=b"k", keeper=b"d", rule=held.rule)
    assert not journal.brake.is_refused(duplicate=b"d", keeper=b"k", rule="another rule")


@pytest.mark.parametrize("change", [{"actions": ("move",)}, {"does": '{"to": "B"}'}])
def test_only_what_was_seen_is_refused(journal: Journal, held: HeldPlan, change) -> None:
    journal.brake.hold(held)
    seen = journal.brake.held_plans()
    journal.brake.hold(replace(held, **change))

    assert journal.brake.refuse([(seen[0], (b"d", b"k"))]) == 0
    journal.brake.confirm(journal.brake.held_plans())
    assert journal.brake.refuse([(journal.brake.held_plans()[0], (b"d", b"k"))]) == 0
    assert len(journal.brake.held_plans()) == 1
    assert not journal.brake.is_refused(duplicate=b"d", keeper=b"k", rule=held.rule)


def test_a_plan_of_photos_that_are_not_known_any_more_is_only_forgotten(journal: Journal, held: HeldPlan) -> None:
    journal.brake.hold(held)

    assert journal.brake.refuse([(journal.brake.held_plans()[0], None)]) == 1
    assert journal.brake.held_plans() == []
