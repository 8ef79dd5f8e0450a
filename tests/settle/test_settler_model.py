"""The settler against a plain one that goes through all its files every second."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pictrace.model import StatKey
from pictrace.settle import Settled, Settler

QUIET = 5
LONGEST = 20
LONGEST_PAUSE = 60

paths = st.sampled_from([Path(name) for name in "abc"])


def key(version: int) -> StatKey:
    """Return a key that no earlier state of any file had, as ctime sees to on a disk."""
    return StatKey(dev=1, ino=1, size_bytes=0, mtime_ns=0, ctime_ns=version)


@dataclass
class Waited:
    """What the plain one knows of a file."""

    key: StatKey
    first: int
    since: int
    look: int
    is_new: bool


class PlainSettler:
    """The same promises, kept the slow way."""

    def __init__(self) -> None:
        self.files: dict[Path, Waited] = {}

    def note(self, path: Path, seen: StatKey | None, now: int, *, is_new: bool) -> None:
        if seen is None:
            self.files.pop(path, None)
        elif path not in self.files:
            self.files[path] = Waited(seen, now, now, now + QUIET, is_new)
        else:
            self.files[path].is_new |= is_new
            self._compare(self.files[path], seen, now)

    def second(self, now: int, disk: dict[Path, StatKey]) -> set[Settled]:
        settled = set()
        for path, file in list(self.files.items()):
            if file.look > now:
                continue
            if path not in disk:
                del self.files[path]
            elif not self._compare(file, disk[path], now):
                if now >= file.since + QUIET:
                    del self.files[path]
                    settled.add(Settled(path=path, key=file.key, is_new=file.is_new))
                else:
                    file.look = file.since + QUIET
        return settled

    def _compare(self, file: Waited, seen: StatKey, now: int) -> bool:
        if file.key == seen:
            return False
        overdue = max(0, now - file.first - LONGEST)
        file.key, file.since, file.look = seen, now, now + min(LONGEST_PAUSE, QUIET + overdue)
        return True


class SettlerMachine(RuleBasedStateMachine):
    """Writes, hints, silent writes, removals and lapses in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.settler = Settler(quiet_seconds=QUIET, longest_wait_seconds=LONGEST)
        self.plain = PlainSettler()
        self.now = 0
        self.version = 0
        self.disk: dict[Path, StatKey] = {}
        self.written: dict[Path, int] = {}

    @rule(path=paths)
    def write(self, path: Path) -> None:
        self.version += 1
        self.disk[path], self.written[path] = key(self.version), self.now

    @rule(path=paths)
    def remove(self, path: Path) -> None:
        self.disk.pop(path, None)

    @rule(path=paths, is_new=st.booleans())
    def arrive(self, path: Path, is_new: bool) -> None:
        self.write(path)
        self.hint(path, is_new=is_new)

    @rule(path=paths, is_new=st.booleans())
    def hint(self, path: Path, is_new: bool) -> None:
        self.settler.note(path, self.disk.get(path), self.now, is_new=is_new)
        self.plain.note(path, self.disk.get(path), self.now, is_new=is_new)

    @rule(path=paths, pauses=st.lists(st.integers(1, 6), min_size=1, max_size=12))
    def write_for_long(self, path: Path, pauses: list[int]) -> None:
        for pause in pauses:
            self.write(path)
            self.hint(path, is_new=False)
            self.wait(pause)

    @rule()
    def ask_and_forget(self) -> None:
        """Whoever asked for the stat was stopped before it came."""
        for path in self.settler.due(self.now):
            self.plain.files[path].look = self.now + QUIET

    @rule(path=paths)
    def observe_unasked(self, path: Path) -> None:
        """A stat that nobody asked for settles nothing before its time."""
        file = self.plain.files.get(path)
        if file is None or self.disk.get(path) != file.key or self.now >= file.since + QUIET:
            return
        assert self.settler.observe(path, file.key, self.now) is None
        file.look = file.since + QUIET

    @rule(seconds=st.one_of(st.integers(1, 7), st.integers(1, 100)))
    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1
            looked = (self.settler.observe(path, self.disk.get(path), self.now) for path in self.settler.due(self.now))
            settled = {one for one in looked if one is not None}

            assert settled == self.plain.second(self.now, self.disk)
            for one in settled:
                assert one.key == self.disk[one.path]
                assert self.now >= self.written[one.path] + QUIET

    @invariant()
    def waits_for_the_same(self) -> None:
        assert {one.path for one in self.settler.pending(self.now)} == set(self.plain.files)
        assert len(self.settler) == len(self.plain.files)
        due = self.settler.next_due(self.now)
        assert due == (
            max(self.now, min(file.look for file in self.plain.files.values())) if self.plain.files else None
        )

    def teardown(self) -> None:
        """Whatever happened: in silence everything comes to rest.

        One pause may be running already, and the look at its end may find a change and begin another.
        """
        self.wait(2 * LONGEST_PAUSE + QUIET)
        assert len(self.settler) == 0


TestSettler = SettlerMachine.TestCase
TestSettler.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
