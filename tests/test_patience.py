"""A disk that does not answer holds up its own thread and nobody else."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pictrace.patience import Asker, StalledError, asker_of, real_path


class Disk:
    """Answers at once, or only when it is let go."""

    def __init__(self) -> None:
        self.gate = threading.Event()

    def slow(self) -> str:
        self.gate.wait(30)
        return "late"

    def quick(self) -> str:
        return "at once"

    def broken(self) -> str:
        raise TimeoutError(errno.ETIMEDOUT, "the device said so itself")


@pytest.fixture
def disk() -> Iterator[Disk]:
    made = Disk()
    yield made
    made.gate.set()


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    return Asker(str(tmp_path), patience_seconds=0.1)


def test_an_answer_comes_back(asker: Asker, disk: Disk) -> None:
    assert [asker.ask(disk.quick) for _ in range(3)] == ["at once"] * 3


def test_a_hanging_disk_is_waited_for_once_and_named(asker: Asker, disk: Disk, tmp_path: Path) -> None:
    with pytest.raises(StalledError) as first:
        asker.ask(disk.slow)
    started = time.monotonic()
    for _ in range(100):
        with pytest.raises(StalledError):
            asker.ask(disk.quick)

    assert first.value.filename == str(tmp_path)
    assert time.monotonic() - started < 100 * 0.1


def test_a_disk_that_answers_again_is_asked_again(asker: Asker, disk: Disk) -> None:
    with pytest.raises(StalledError):
        asker.ask(disk.slow)
    disk.gate.set()

    assert _answered(asker, disk) == "at once"


def _answered(asker: Asker, disk: Disk) -> str:
    limit = time.monotonic() + 30
    while True:
        try:
            return asker.ask(disk.quick)
        except StalledError:
            assert time.monotonic() < limit


def test_a_timeout_of_the_disk_itself_is_an_answer(asker: Asker, disk: Disk) -> None:
    with pytest.raises(TimeoutError) as told:
        asker.ask(disk.broken)

    assert not isinstance(told.value, StalledError)
    assert asker.ask(disk.quick) == "at once"


def test_a_question_may_ask_the_same_disk(asker: Asker, disk: Disk) -> None:
    assert asker.ask(lambda: asker.ask(disk.quick)) == "at once"


def test_two_threads_may_ask_one_disk(tmp_path: Path) -> None:
    asker = Asker(str(tmp_path), patience_seconds=20)
    answers: list[int] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(asker.ask(lambda: n))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == list(range(20))


def test_a_folder_has_one_asker(tmp_path: Path) -> None:
    assert asker_of(tmp_path) is asker_of(Path(str(tmp_path)))


def test_real_path_follows_links(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert real_path(tmp_path / "link") == (tmp_path / "real").resolve()


def test_a_thread_that_could_not_be_started_is_started_for_the_next_question(monkeypatch: pytest.MonkeyPatch) -> None:
    asker = Asker("/mnt/nas", patience_seconds=20)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", _refuse)
        with pytest.raises(StalledError):
            asker.ask(lambda: "never asked")

    assert asker.ask(lambda: "answered") == "answered"


def _refuse(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")
