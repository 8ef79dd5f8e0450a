"""F29, F30, F43, F44: told to end in a burst, started twice, workers that are killed, errors in a handler."""

from __future__ import annotations

import os
import queue
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from watchdog.events import FileSystemEvent, FileSystemEventHandler

from pictrace.config import RootConfig
from pictrace.model import Role
from pictrace.watch import Hint, IgnoreList, Observer, Rescan, open_root

from .bombs import png_bomb  # type: ignore[import-not-found]
from .conftest import House  # type: ignore[import-not-found]
from .counting import nothing_lost  # type: ignore[import-not-found]
from .making import FULL, FULL_SECONDS, jpeg, sized, stock  # type: ignore[import-not-found]
from .processes import family, resident_bytes  # type: ignore[import-not-found]

_SECONDS_TO_END = 10
_SECONDS_TO_BE_REFUSED = 15

pytestmark = pytest.mark.timeout(FULL_SECONDS if FULL else 300)


def test_f29_told_to_end_in_a_burst_it_ends_in_time_and_leaves_nothing_half_done(house: House) -> None:
    house.configure(quiet="100ms", extra="brake: none\n")
    count = sized(200, 2000)
    known = stock(house, 10)
    with nothing_lost(house) as inventory:
        with house.daemon() as process:
            for number in range(count):
                # A tenth are copies byte for byte, a tenth the same pixels in other bytes, the rest is new.
                content = known[number // 10 % 10] if number % 10 < 2 else jpeg(1000 + number, size=(160, 120))
                inventory.land(
                    house.library / f"{number:04}.jpg", content + (b"\0" * number if number % 10 == 1 else b"")
                )
                if number == count // 2:
                    house.wait(lambda: len(house.quarantined()) >= 3, "the first of the copies")
            told_at = time.monotonic()
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=60)
            seconds = time.monotonic() - told_at
        inventory.require_equal()
        left_over = [path.name for path in house.state.iterdir() if path.suffix in (".new", ".tmp", ".json")]
        is_under_way = len(house.quarantined()) < count // 5

    assert (code, is_under_way) == (0, True)
    assert seconds <= _SECONDS_TO_END
    assert left_over == []


def test_f30_a_second_daemon_is_refused_with_the_same_state_and_with_another(house: House, tmp_path: Path) -> None:
    known = stock(house, 2)
    with nothing_lost(house) as inventory, house.daemon() as process:
        started_at = time.monotonic()
        seconds = [house.start("watch"), replace(house, state=tmp_path / "other-state").start("watch")]
        said = [second.communicate(timeout=60)[1] for second in seconds]
        took = time.monotonic() - started_at
        inventory.land(house.library / "copy.jpg", known[0])
        house.wait(lambda: len(house.quarantined()) == 1, "the copy, by the first")

        assert process.poll() is None
    assert [second.returncode for second in seconds] == [75, 75]
    assert took <= _SECONDS_TO_BE_REFUSED
    assert f"process {process.pid}" in said[0]
    assert str(house.library) in said[1]


def test_f43_a_worker_that_is_killed_for_memory_costs_only_its_photo(house: House) -> None:
    """As the kernel does it: SIGKILL to the process that takes most. A limit for a whole service needs root."""
    house.configure(extra="workers: 1\n")
    known = stock(house, 2)
    killed: set[int] = set()
    with nothing_lost(house) as inventory, house.daemon() as process:
        usual = max(map(resident_bytes, family(process.pid)))
        inventory.land(house.library / "large.png", png_bomb(13_000, 1))

        def is_given_up() -> bool:
            for pid in family(process.pid)[1:]:
                if resident_bytes(pid) > usual + 50_000_000:
                    os.kill(pid, signal.SIGKILL)
                    killed.add(pid)
            return "the decoder crashed (SIGKILL)" in (house.state.parent / "daemon.log").read_text()

        house.wait(is_given_up, "the photo given up")
        inventory.land(house.library / "copy.jpg", known[0])
        house.wait(lambda: len(house.quarantined()) == 1, "the copy that landed afterwards")
        house.wait_idle()

        assert process.poll() is None
    [unreadable] = house.run("status")[0]["unreadable"]

    assert len(killed) == 2
    assert Path(unreadable["file"]).name == "large.png"
    assert unreadable["error"] == "the decoder crashed (SIGKILL)"


def test_f44_an_error_of_ours_in_a_handler_ends_nothing_and_asks_for_a_scan(tmp_path: Path) -> None:
    said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def sink(hint: Hint | Rescan) -> None:
        said.put("scan" if isinstance(hint, Rescan) else hint.path.name)
        if isinstance(hint, Hint):
            raise ValueError("a fault of ours")

    with _observing(tmp_path, sink) as observer:
        for name in ("a.jpg", "scan", "b.jpg"):
            if name != "scan":
                (tmp_path / name).write_bytes(b"x")
            while said.get(timeout=30) != name:
                pass

        assert observer.is_alive()
        assert "hints lost" in [problem.kind for problem in observer.problems()]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_f44_an_error_that_ends_the_thread_of_watchdog_is_never_silent(tmp_path: Path) -> None:
    """Its threads that read go on and the process looks well: nobody hands the events out any more."""
    with _observing(tmp_path, lambda _: None) as observer:
        assert observer.is_alive()
        watchdog = observer._watchdog
        [(_, watch)] = observer._watches.values()
        watchdog.add_handler_for_watch(_Faulty(), watch)
        (tmp_path / "a.jpg").write_bytes(b"x")
        watchdog.join(timeout=30)

        assert all(emitter.is_alive() for emitter in watchdog.emitters)
        assert not observer.is_alive()


class _Faulty(FileSystemEventHandler):
    """What nobody may add: a handler that raises."""

    def on_any_event(self, event: FileSystemEvent) -> None:
        raise ValueError("a fault of ours")


@contextmanager
def _observing(folder: Path, sink: Callable[[Hint | Rescan], None]) -> Iterator[Observer]:
    root = RootConfig(path=folder, role=Role.LIBRARY)
    observer = Observer(sink, IgnoreList.load())
    observer.start()
    observer.add_root(open_root(root, None, new_identity=lambda: "id-1", write_marker=lambda *_: True))
    try:
        yield observer
    finally:
        observer.stop()
