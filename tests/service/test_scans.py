"""What a scan saw is taken in; one that did not see all of its root calls nothing missing."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pictrace.model import Clock, Role, RootInfo, StatKey
from pictrace.pipeline.reconcile import ScanEnded, Seen
from pictrace.service.scans import Scans
from pictrace.service.troubles import Troubles
from pictrace.settle import Pending

ROOT = RootInfo(identity="aa", path=Path("/photos"), role=Role.LIBRARY, dev=1, ino=2, filesystem="ext4")
INNER = replace(ROOT, identity="bb", path=Path("/photos/archive"), role=Role.ARCHIVE)
KEY = StatKey(dev=1, ino=3, size_bytes=4, mtime_ns=5, ctime_ns=6)
COMPLETE = ScanEnded(root="aa", is_complete=True, missed=[b"gone.jpg"], found=[b"back.jpg"], gone={b"broken.jpg"})


class House:
    """The parts of a daemon around its scans; what they were told is kept."""

    def __init__(self) -> None:
        self.roots: dict[str, RootInfo] = {"aa": ROOT, "bb": INNER}
        self.known: dict[Path, Any] = {}
        self.queued: list[Any] = []
        self.pending: list[Pending] = []
        self.gone: list[Any] = []
        self.told: list[tuple[Any, ...]] = []
        self.results: queue.Queue[Seen | ScanEnded] = queue.Queue()
        self.troubles = Troubles(wall_clock=lambda: 1000.0)
        self.scans = Scans(
            engine=self._engine(),
            settler=self._part(note=self._keep("noted"), pending=lambda now: self.pending),
            observer=self._part(forget_losses=self._keep("losses forgotten")),
            reconciler=self._part(results=self.results, request=self._keep("requested")),
            troubles=self.troubles,
            clock=Clock(wall=lambda: 1000.0, monotonic=lambda: 7.0),
        )

    def end(self, ended: ScanEnded) -> None:
        """Have a scan come to its end."""
        self.results.put(ended)
        self.scans.take_results()

    def names(self) -> list[str]:
        """Return what was told so far, without the details."""
        return [name for name, *_ in self.told]

    def _engine(self) -> Any:
        library = self._part(
            roots=tuple(self.roots.values()),
            root=self.roots.get,
            nested_in=lambda root: (INNER.path,) if root is ROOT else (),
            set_indexed=self._keep("indexed"),
        )
        note = self._keep("missed")
        files = self._part(file_at=self.known.get, note_scan=lambda *args, **named: note(*args, **named) or self.gone)
        index = self._part(files=files, problems=self._part(clear_names=self._keep("problems cleared")))
        responder = self._part(review_held=self._keep("held plans reviewed"))
        return self._part(
            library=library,
            index=index,
            responder=responder,
            scheduler=self.queued,
            judge=(),
            prune=self._keep("pruned"),
            judge_again=self._keep("judged again"),
        )

    @staticmethod
    def _part(**parts: Any) -> Any:
        return SimpleNamespace(**parts)

    def _keep(self, name: str) -> Callable[..., None]:
        return lambda *args, **named: self.told.append((name, *args, *named.items()))


@pytest.fixture
def house() -> House:
    return House()


def test_what_was_compared_with_a_photo_that_went_is_compared_anew(house: House) -> None:
    house.gone.append(SimpleNamespace(content_hash=b"head"))

    house.end(COMPLETE)

    assert ("judged again", b"head") in house.told


def test_a_complete_scan_tells_what_it_missed_and_found(house: House) -> None:
    house.end(COMPLETE)

    assert house.told == [
        ("missed", "aa", ("missed", [b"gone.jpg"]), ("found", [b"back.jpg"]), ("now", 1000.0)),
        ("problems cleared", "aa", {b"broken.jpg"}),
        ("pruned",),
        ("losses forgotten",),
        ("held plans reviewed",),
    ]


def test_f20_a_scan_that_is_not_complete_calls_nothing_missing_and_forgets_nothing(house: House) -> None:
    house.end(replace(COMPLETE, is_complete=False, problems=["/photos/locked: Permission denied"]))
    house.scans.finish_first_index()

    assert house.names() == ["held plans reviewed"]
    assert house.troubles.unseen["aa"] == ["/photos/locked: Permission denied"]


def test_the_scan_of_a_root_that_is_none_any_more_calls_nothing_missing(house: House) -> None:
    del house.roots["aa"]
    house.end(COMPLETE)

    assert house.names() == ["held plans reviewed"]


def test_roots_inside_a_root_are_passed_over(house: House) -> None:
    house.scans.request_all()

    assert house.told == [("requested", ROOT, (INNER.path,)), ("requested", INNER, ())]


def test_only_what_is_not_known_as_it_is_settles(house: House) -> None:
    house.known[Path("/photos/a.jpg")] = SimpleNamespace(key=KEY)
    house.known[Path("/photos/b.jpg")] = SimpleNamespace(key=replace(KEY, size_bytes=9))
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        house.results.put(Seen(path=Path("/photos", name), key=KEY))
    house.scans.take_results()

    assert house.told == [("noted", Path("/photos", name), KEY, 7.0) for name in ("b.jpg", "c.jpg")]


def test_lost_events_are_made_good_when_every_root_that_lost_some_was_seen_whole(house: House) -> None:
    house.scans.make_good("aa", "queue full")
    house.scans.make_good("bb", "queue full")
    house.end(COMPLETE)
    house.end(ScanEnded(root="bb"))
    before = house.names().count("losses forgotten")
    house.end(ScanEnded(root="bb", is_complete=True))

    assert before == 0
    assert house.names().count("losses forgotten") == 1


def test_a_root_that_is_none_any_more_is_not_looked_through_for_lost_events(house: House) -> None:
    house.scans.make_good("cc", "queue full")

    assert house.told == []


def test_a_root_is_indexed_once_what_its_first_scan_saw_is_known(house: House) -> None:
    house.end(COMPLETE)
    house.told.clear()
    house.queued.append("a job")
    house.scans.finish_first_index()
    house.queued.clear()
    house.pending = [Pending(path=Path("/photos/a.jpg"), waiting_seconds=1.0, is_overdue=False)]
    house.scans.finish_first_index()
    too_early = list(house.told)
    house.pending = [Pending(path=Path("/photos/a.jpg"), waiting_seconds=999.0, is_overdue=True)]
    house.scans.finish_first_index()
    house.scans.finish_first_index()

    assert too_early == []
    assert house.told == [("indexed", ROOT)]
