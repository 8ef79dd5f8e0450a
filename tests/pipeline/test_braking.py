"""Which plans have to wait for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.config import Brake
from pictrace.model import Change, ChangeKind, ChangeState, Member, PhotoFile, Plan, Role, RootInfo, StatKey, Step
from pictrace.pipeline.braking import Braking
from pictrace.pipeline.events import SAME_BYTES, FileFinding, FindingEvent
from pictrace.pipeline.library import Library
from pictrace.store import Index, Journal

HOUR = 3600.0
QUARANTINE = (Step(action="quarantine"),)


class Yard:
    """Two roots, a brake, and a clock that is set by hand."""

    def __init__(self, state: Path, brake: Brake | None) -> None:
        self.now = 10_000.0
        self.state = state
        self.brake = brake
        self.open()

    def open(self) -> None:
        self.index = Index.open(self.state)
        self.journal = Journal.open(self.state)
        for name in ("a", "b"):
            root = RootInfo(identity=name, path=Path("/srv") / name, role=Role.LIBRARY, dev=1, ino=2, filesystem="x")
            self.index.roots.put_root(root)
            self.journal.put_root(root)
        self.braking = Braking(
            self.brake,
            library=Library.known(self.index),
            index=self.index,
            journal=self.journal,
            monotonic=lambda: self.now,
        )

    def close(self) -> None:
        self.index.close()
        self.journal.close()

    def put(self, number: int, root: str = "a") -> PhotoFile:
        key = StatKey(dev=1, ino=number, size_bytes=1, mtime_ns=1, ctime_ns=1)
        path = Path("/srv") / root / f"{number}.jpg"
        return self.index.files.put_file(
            root=root, path=path, key=key, content_hash=b"h%d" % number, first_seen=1.0, is_arrival=True
        )

    def event(self, number: int, root: str = "a", steps: tuple[Step, ...] = QUARANTINE) -> FindingEvent:
        file, other = self.put(number, root), self.put(0, root)
        plan = Plan(rule="r", steps=steps, keeper=other.path, duplicate=file.path, keeper_reason="older")
        return FindingEvent(finding=FileFinding(file=file, other=other, match=SAME_BYTES), plan=plan)

    def pair(self, number: int, root: str = "a") -> list[FindingEvent]:
        """Return what is wanted of the two photos of an exposure: each plan takes the other one along."""
        events = [self.event(number, root), self.event(number + 1, root)]
        members = [Member(photo=event.finding.file, keeper=event.finding.other) for event in events]
        return [with_members(event, other) for event, other in zip(events, reversed(members), strict=True)]

    def act(self, event: FindingEvent) -> bool:
        """Check a plan and do as the actor does; returns whether it went."""
        event = self.braking.checked(self.braking.known(event), is_backlog_allowed=False)
        assert event.plan is not None
        if event.plan.held is not None:
            return False
        changes = [
            Change(
                id=0,
                kind=ChangeKind.QUARANTINE,
                state=ChangeState.DONE,
                root=event.finding.file.root,
                source=path,
                target=None,
                content_hash=b"h",
                monotonic_at=None if event.plan.is_confirmed else self.now,
            )
            for path in (event.plan.duplicate, *(one.photo.path for one in event.plan.members))
        ]
        self.journal.plan(changes)
        self.braking.settle(event)
        return True

    def act_on(self, *numbers: int, root: str = "a") -> list[bool]:
        return [self.act(self.event(number, root)) for number in numbers]


def with_members(event: FindingEvent, *members: Member) -> FindingEvent:
    assert event.plan is not None
    return replace(event, plan=replace(event.plan, members=members))


@pytest.fixture
def make_yard(tmp_path: Path) -> Iterator[Callable[..., Yard]]:
    yards: list[Yard] = []

    def make(brake: Brake | None) -> Yard:
        yards.append(Yard(tmp_path, brake))
        return yards[0]

    yield make
    for yard in yards:
        yard.close()


@pytest.fixture
def yard(make_yard: Callable[..., Yard]) -> Yard:
    return make_yard(Brake(count_per_hour=2))


def test_one_more_than_the_brake_allows_is_held(yard: Yard) -> None:
    assert yard.act_on(1, 2, 3) == [True, True, False]
    assert [held.duplicate.name for held in yard.journal.brake.held_plans()] == ["3.jpg"]


def test_an_hour_later_the_next_ones_go_where_nothing_is_held(yard: Yard) -> None:
    yard.act_on(1, 2)
    yard.now += HOUR

    assert yard.act_on(3, 4, 5) == [True, True, False]


def test_while_one_is_held_all_that_follow_are_held_however_late(yard: Yard) -> None:
    yard.act_on(1, 2, 3)
    yard.now += 5 * HOUR

    assert yard.act_on(4, 3) == [False, False]


def test_each_root_has_its_own_hour(yard: Yard) -> None:
    yard.act_on(1, 2, 3)

    assert yard.act_on(1, 2, 3, root="b") == [True, True, False]


@pytest.mark.parametrize("boots", [False, True])
def test_neither_a_restart_nor_a_new_boot_opens_the_brake(yard: Yard, boots: bool) -> None:
    yard.act_on(1, 2)
    yard.close()
    yard.now = 20.0 if boots else yard.now + 20
    yard.open()

    assert yard.act_on(3) == [False]


def test_a_tag_alone_is_neither_counted_nor_held(yard: Yard) -> None:
    tag = (Step(action="tag", options={"tags": ["x"]}),)
    yard.act_on(1, 2, 3)

    assert yard.act(yard.event(4, steps=tag))
    assert not yard.act(yard.event(5, steps=tag + QUARANTINE))


def test_without_a_brake_nothing_is_held(make_yard: Callable[..., Yard]) -> None:
    assert all(make_yard(None).act_on(*range(1, 70)))


def test_a_large_root_may_lose_its_percentage(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(Brake(count_per_hour=1, percent_of_root=5))
    with yard.index.batch():
        for number in range(60):
            yard.put(number)

    assert yard.act_on(1, 2, 3, 4) == [True, True, True, False]


def test_what_is_confirmed_goes_and_the_hour_begins_anew(yard: Yard) -> None:
    yard.act_on(1, 2, 3, 4)
    yard.journal.brake.confirm(yard.journal.brake.held_plans())

    assert yard.act_on(3, 4) == [True, True]
    assert yard.journal.brake.held_plans() == []
    assert yard.act_on(5, 6, 7) == [True, True, False]


def test_only_the_very_plan_that_was_confirmed_goes(yard: Yard) -> None:
    yard.act_on(1, 2, 3)
    yard.journal.brake.confirm(yard.journal.brake.held_plans())

    assert not yard.act(yard.event(3, steps=(Step(action="move", options={"to": "x"}),)))


@pytest.mark.parametrize("to", ["/other/B", "B"])
def test_a_confirmed_move_goes_to_the_folder_that_was_shown_only(make_yard: Callable[..., Yard], to: str) -> None:
    yard = make_yard(Brake(count_per_hour=1))
    shown, other = ((Step(action="move", options={"to": folder}),) for folder in ("A", to))
    yard.act_on(1)
    assert not yard.act(yard.event(2, steps=shown))
    yard.journal.brake.confirm(yard.journal.brake.held_plans())

    assert not yard.act(yard.event(2, steps=other))
    assert yard.act(yard.event(2, steps=shown))


def test_a_confirmed_plan_takes_the_photos_along_that_were_shown_and_no_other(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(Brake(count_per_hour=1))
    shown, _ = yard.pair(1)
    [member] = shown.plan.members
    assert not yard.act(shown)
    yard.journal.brake.confirm(yard.journal.brake.held_plans())

    assert not yard.act(with_members(shown))
    assert not yard.act(with_members(shown, replace(member, keeper=yard.put(7))))
    assert not yard.act(with_members(shown, member, Member(photo=yard.put(3), keeper=yard.put(0))))
    assert yard.act(shown)


def test_what_an_earlier_version_held_is_asked_for_again(yard: Yard) -> None:
    yard.act_on(1, 2, 3)
    yard.journal._connection.execute("UPDATE held_plans SET does = ''")
    yard.journal.brake.confirm(yard.journal.brake.held_plans())

    assert yard.act_on(3) == [False]
    yard.braking.hold(yard.event(3), is_backlog_allowed=False)

    assert [held.confirmed_at for held in yard.journal.brake.held_plans()] == [None]


def test_both_photos_of_a_pair_need_room(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(Brake(count_per_hour=3))

    assert yard.act(yard.pair(1)[0])
    assert not yard.act(yard.pair(3)[0])


def test_a_pair_does_not_go_where_one_photo_an_hour_may(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(Brake(count_per_hour=1))

    assert not yard.act(yard.pair(1)[0])


def test_a_pair_needs_room_in_the_percentage_as_well(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(Brake(count_per_hour=1, percent_of_root=5))
    with yard.index.batch():
        for number in range(60):
            yard.put(number)

    assert yard.act(yard.pair(1)[0])
    assert not yard.act(yard.pair(3)[0])


def test_the_log_says_once_that_the_brake_holds(yard: Yard, caplog: pytest.LogCaptureFixture) -> None:
    yard.act_on(1, 2, 3, 4, 5)

    [record] = [record for record in caplog.records if record.levelname == "WARNING"]
    assert "/srv/a: brake: more than 2 photos" in record.getMessage()
    assert "pictrace confirm" in record.getMessage()


def test_how_many_of_a_plan_would_be_held_is_told_before(yard: Yard) -> None:
    events = [yard.event(number) for number in range(1, 6)] + [yard.event(9, root="b")]
    before = yard.braking.excess(events)
    yard.act(events[0])

    assert (before, yard.braking.excess(events[1:])) == (3, 3)


def test_pairs_are_told_before_by_their_photos(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(Brake(count_per_hour=5))
    pairs = [yard.pair(number) for number in (1, 3, 5)]

    # The second plan of a pair is one with the first; the third pair has room for one photo of its two.
    assert yard.braking.excess([event for pair in pairs[:2] for event in pair]) == 0
    assert yard.braking.excess([pair[0] for pair in pairs]) == 1
    assert yard.braking.excess([*(pair[0] for pair in pairs), yard.event(9)]) == 2, "one that is held holds the rest"
