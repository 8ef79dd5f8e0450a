"""Worker processes that die, hang and swallow memory: each costs only its own task.

The functions are those of the standard library, because a worker does not know this module.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import operator
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path

import cv2
import pytest
from PIL import Image

from pictrace.errors import BusyError, UndecodableError
from pictrace.fingerprint import WorkerPool, describe, hash_file, worker_process
from pictrace.fingerprint import pool as pool_module
from pictrace.fingerprint.bars import Limits
from pictrace.fingerprint.gate import Gate
from pictrace.fingerprint.trying import allocate
from pictrace.fingerprint.worker import Request
from pictrace.fingerprint.worker_process import EndedError, WorkerProcess
from pictrace.model import PhotoState

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def pool():
    pool = WorkerPool(2)
    yield pool
    pool.close()


@pytest.fixture
def hasty_pool():
    pool = WorkerPool(2, seconds_per_task=2)
    yield pool
    pool.close()


def test_opencv_short_of_memory_is_no_fault_of_ours(pool):
    asked = pool.submit(cv2.getGaussianKernel, 10**9 + 1, 1.0)  # 8 GB

    with pytest.raises(UndecodableError, match="needs more memory than a worker may use"):
        asked.result()


def test_each_bad_task_costs_only_itself(hasty_pool, tmp_path):
    pipe = tmp_path / "endless.jpg"
    os.mkfifo(pipe)
    bad = [
        (hasty_pool.submit(os._exit, 3), r"the decoder crashed \(exit code 3\)"),
        (hasty_pool.submit(signal.raise_signal, signal.SIGKILL), r"the decoder crashed \(SIGKILL\)"),
        (hasty_pool.submit(ctypes.string_at, 0), r"the decoder crashed \(SIGSEGV\)"),
        (hasty_pool.submit(bytearray, 3 * 1024**3), "decoding needs more memory than a worker may use"),
        (hasty_pool.submit(open, pipe), r"endless\.jpg: decoding took longer than 2 s"),
    ]
    good = [hasty_pool.submit(operator.mul, 6, number) for number in range(30)]

    for future, reason in bad:
        with pytest.raises(UndecodableError, match=reason):
            future.result()
    assert [future.result() for future in good] == [6 * number for number in range(30)]


def test_the_first_of_many_pictures_is_named(pool):
    many = pool.submit(operator.mul, (Path("first.jpg"), Path("other.jpg")), 10**9)  # 16 GB

    with pytest.raises(UndecodableError, match=r"^first\.jpg: "):
        many.result()


def test_errors_of_a_task_arrive_as_they_are(pool):
    with pytest.raises(ZeroDivisionError):
        pool.submit(operator.truediv, 1, 0).result()


def test_a_worker_has_limits_and_one_thread(pool):
    assert pool.submit(resource.getrlimit, resource.RLIMIT_AS).result() == (2 * 1024**3,) * 2
    assert pool.submit(resource.getrlimit, resource.RLIMIT_CORE).result() == (0, 0)
    assert pool.submit(cv2.getNumThreads).result() == 1
    assert pool.submit(os.getenv, "OPENBLAS_NUM_THREADS").result() == "1"
    assert pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN


def kept_back(pid):
    """Return which signals a process keeps back, as bits."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("SigBlk:"))


def test_a_worker_hears_no_ctrl_c_from_its_first_moment_on(pool):
    interrupt = 1 << (signal.SIGINT - 1)

    assert kept_back(pool.submit(os.getpid).result()) & interrupt
    assert not kept_back(os.getpid()) & interrupt


def test_what_is_loaded_leaves_most_of_a_share(pool, photo):
    path = photo("a.jpg")
    pool.submit(describe, path, *hash_file(path)).result()

    assert pool.submit(allocate, 400 * 1024**2).result() == 400 * 1024**2


def test_what_needs_more_than_a_share_is_done_alone(pool):
    # Two at a time would be more than all workers together may have.
    greedy = [pool.submit(allocate, 900 * 1024**2) for _ in range(2)]

    assert [future.result() for future in greedy] == [900 * 1024**2] * 2


class CountingGate(Gate):
    """Counts who was alone."""

    def __init__(self):
        super().__init__()
        self.alone_count = 0

    def alone(self):
        self.alone_count += 1
        return super().alone()


def test_only_the_greedy_and_the_crashing_are_tried_again_alone():
    pool = WorkerPool(1, seconds_per_task=2)
    pool._gate = gate = CountingGate()
    counts = []
    try:
        for function, *args in (
            (allocate, 10 * 1024**2),
            (operator.truediv, 1, 0),
            (time.sleep, 20),
            (os._exit, 3),
            (allocate, 900 * 1024**2),
        ):
            pool.submit(function, *args).exception()
            counts.append(gate.alone_count)
    finally:
        pool.close()

    assert counts == [0, 0, 0, 1, 2]


def test_a_photo_of_a_hundred_megapixels_is_described(pool, tmp_path):
    path = tmp_path / "large.png"
    Image.new("RGB", (12_500, 8_000), (9, 80, 7)).save(path, compress_level=1)

    assert pool.submit(describe, path, *hash_file(path)).result().state is PhotoState.DECODED


def test_a_cancelled_task_frees_its_worker(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pool = WorkerPool(1, seconds_per_task=50)
    try:
        first = pool.submit(os.getpid).result()
        endless = pool.submit(Path.read_bytes, pipe)
        with pipe.open("wb"):  # opens only when the worker has opened it too, and now waits for bytes
            assert endless.cancel()

            assert pool.submit(os.getpid).result(timeout=20) != first
    finally:
        pool.close()


def test_close_ends_waiting_tasks_and_workers():
    pool = WorkerPool(1)
    worker = pool.submit(os.getpid).result()
    tasks = [pool.submit(time.sleep, 50) for _ in range(3)]

    pool.close()

    for task in tasks:
        with pytest.raises(CancelledError):
            task.result(timeout=5)
    assert worker not in [child.pid for child in multiprocessing.active_children()]


PARENT = """
import os, sys
from pathlib import Path
from pictrace.fingerprint import WorkerPool
if __name__ == "__main__":
    pool = WorkerPool(1)
    print(pool.submit(os.getpid).result(), flush=True)
    pool.submit(Path.read_bytes, Path(sys.argv[1])).result()
"""


def test_workers_do_not_outlive_a_killed_parent(tmp_path):
    pipe, script = tmp_path / "pipe", tmp_path / "parent.py"
    os.mkfifo(pipe)
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, script, pipe], stdout=subprocess.PIPE, text=True) as parent:
        worker = int(parent.stdout.readline())
        with pipe.open("wb"):
            parent.kill()
            parent.wait()

            deadline = time.monotonic() + 10
            while _is_running(worker) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert not _is_running(worker)


def test_a_killed_parent_leaves_no_warning_behind(tmp_path):
    pipe, script = tmp_path / "pipe", tmp_path / "parent.py"
    os.mkfifo(pipe)
    script.write_text(PARENT)
    command = [sys.executable, script, pipe]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as parent:
        parent.stdout.readline()
        with pipe.open("wb"):
            parent.kill()
            told = parent.stderr.read()  # until all that it started has ended, too

    assert told == ""


def test_a_worker_that_cannot_be_killed_does_not_hold_up_its_thread(monkeypatch):
    # As one that waits for a network share that is gone.
    monkeypatch.setattr(worker_process, "SECONDS_TO_DIE", 0.5)
    worker = WorkerProcess(Limits.for_workers(1, seconds=1))
    process = worker._process
    monkeypatch.setattr(process, "kill", lambda: None)
    try:
        started = time.monotonic()
        with pytest.raises(EndedError) as caught:
            worker.ask(Request(time.sleep, (40,), False))

        assert caught.value.is_late
        assert time.monotonic() - started < 30
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.join()


def _is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rsplit(") ", 1)[1][0] not in "ZX"
    except FileNotFoundError:
        return False


def test_what_decoders_print_does_not_reach_our_log(capfd):
    pool = WorkerPool(1)
    try:
        pool.submit(os.write, 2, b"forged\n").result()
        pool.submit(print, "forged").result()
    finally:
        pool.close()

    assert "forged" not in "".join(capfd.readouterr())


class FewThreads:
    """Refuses the first so many threads of a kind, as a system at its limit does."""

    def __init__(self, monkeypatch, kind, refusals):
        self.left, start = refusals, kind.start

        def refuse(thread):
            if type(thread) is kind and self.left:
                self.left -= 1
                raise RuntimeError("can't start new thread")
            start(thread)

        monkeypatch.setattr(kind, "start", refuse)


@pytest.mark.parametrize("refusals", [1, 5])
def test_a_thread_that_cannot_be_started_for_a_moment_costs_no_task(monkeypatch, refusals):
    few = FewThreads(monkeypatch, threading.Timer, refusals)
    pool = WorkerPool(1)
    try:
        assert pool.submit(operator.mul, 6, 7).result(timeout=50) == 42
        assert pool.is_alive()
        assert few.left == 0
        few.left = refusals
        assert pool.submit(operator.mul, 6, 7).result(timeout=50) == 42
    finally:
        pool.close()


def test_threads_that_never_can_be_started_end_as_a_word(monkeypatch):
    monkeypatch.setattr(worker_process, "_sleep", lambda seconds: None)
    pool = WorkerPool(1)
    try:
        pool.submit(os.getpid).result()
        FewThreads(monkeypatch, threading.Timer, 1_000_000)
        with pytest.raises(BusyError, match="no more threads"):
            pool.submit(os.getpid).result(timeout=50)
    finally:
        pool.close()


def test_a_slot_without_a_thread_is_seen_and_started_later(monkeypatch):
    pool = WorkerPool(2)
    few = FewThreads(monkeypatch, pool_module._Slot, 1)
    try:
        with pytest.raises(BusyError, match="no thread"):
            pool.start()
        assert not pool.is_alive()
        pool.start()
        assert pool.is_alive()
        assert few.left == 0
    finally:
        pool.close()


def test_an_error_behind_a_task_ends_that_task_only(monkeypatch):
    pool = WorkerPool(1)
    try:
        pool.submit(os.getpid).result()
        with monkeypatch.context() as patched:
            patched.setattr(pool_module._Slot, "_tell", lambda slot, job: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                pool.submit(os.getpid).result(timeout=50)
        assert pool.submit(operator.mul, 6, 7).result(timeout=50) == 42
        assert pool.is_alive()
    finally:
        pool.close()
