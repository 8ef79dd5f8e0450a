"""What a worker gives up: each bar holds, is missed where it is taken away, and is named where a kernel lacks it."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import resource
import struct
import subprocess
import sys

import pytest
from PIL import Image

from pictrace.errors import UndecodableError
from pictrace.fingerprint import BARS, WorkerPool, hash_file, try_all
from pictrace.fingerprint import kernel as real
from pictrace.fingerprint.bars import ADDRESS_BYTES, TREE_BYTES, Limits, fitting_workers
from pictrace.fingerprint.kernel import KernelLacksError
from pictrace.fingerprint.landlock import restrict_to_reading
from pictrace.fingerprint.seccomp import ABSENT, DENIED, LOOKED_INTO, refuse_dangerous_calls
from pictrace.imaging import read_photo
from pictrace.model import PhotoState
from pictrace.pipeline.asking import take_in

pytestmark = pytest.mark.timeout(120)

MIB = 1024 * 1024
LIMITS = Limits(share_bytes=500 * MIB, alone_bytes=900 * MIB, seconds=30)
# Puts up all bars but those named, in a process of its own, tries everything, and prints what came of it.
ALONE = """
import json, os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)[1:] * 2)
from pictrace.fingerprint import bars, kernel
from pictrace.fingerprint.trying import try_all
without = sys.argv[1].split(",")
out = os.dup(1)
bars.ALL = tuple(bar for bar in bars.ALL if bar.name not in without)
def refuse(*_):
    raise OSError(38, "Function not implemented")
has_old_kernel = "old kernel" in without
old = bars.Kernel(syscall=refuse, machine=kernel.machine()) if has_old_kernel else None
limits = bars.Limits(share_bytes=500 << 20, alone_bytes=900 << 20, seconds=30)
missing = bars.put_up_all(limits, old)
os.write(out, json.dumps([missing, {one.name: [one.is_held, one.said] for one in try_all()}]).encode())
"""


def tried_without(*bars):
    done = subprocess.run([sys.executable, "-c", ALONE, ",".join(bars)], capture_output=True, timeout=60, check=True)
    missing, tried = json.loads(done.stdout)
    return missing, {name: tuple(one) for name, one in tried.items()}


@pytest.fixture(scope="module")
def pool():
    pool = WorkerPool(1)
    pool.submit(os.getpid).result()
    yield pool
    pool.close()


@pytest.fixture
def whole_kernel(pool):
    """Skip where this kernel cannot put up every bar."""
    if pool.missing:
        pytest.skip(f"not every bar can be put up here: {pool.missing}")


def test_a_worker_is_refused_all_that_it_tries(pool, whole_kernel):
    tried = pool.submit(try_all).result()

    assert [one for one in tried if not one.is_held] == []
    assert len(tried) == 14


@pytest.mark.parametrize(
    ("bars", "what"),
    [
        (("landlock", "seccomp"), "write a file"),
        (("landlock", "seccomp"), "create a file"),
        (("landlock", "seccomp"), "run a program"),
        (("landlock", "seccomp"), "connect"),
        (("landlock", "seccomp"), "signal others"),
        (("seccomp",), "signal others by a file"),  # Landlock, since version 6, refuses the sending only
        (("memory", "cpu"), "memory"),  # the second sets the first one's limit anew for each task
        (("cpu",), "CPU time"),
        (("privileges",), "gain privileges"),
        (("dumpable",), "be looked into"),
    ],
)
def test_a_bar_that_is_taken_away_is_missed(whole_kernel, bars, what):
    assert tried_without(*bars)[1][what][0] is False


@pytest.mark.parametrize(
    ("bar", "what"), [("core", "core file"), ("file size", "file size"), ("open files", "open files")]
)
def test_a_limit_that_is_taken_away_is_another_one(bar, what):
    if bar == "core" and resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("nobody here may write a core file anyway")
    assert tried_without(bar)[1][what] != tried_without("none")[1][what]


@pytest.mark.parametrize("alone", ["landlock", "seccomp"])
def test_either_of_the_two_great_bars_holds_alone(whole_kernel, alone):
    other = "seccomp" if alone == "landlock" else "landlock"

    missing, tried = tried_without(other)

    assert missing == {}
    for what in ("write a file", "run a program", "connect", "signal others"):
        assert tried[what][0], (what, tried[what])


def test_an_old_kernel_is_named_and_the_rest_holds():
    missing, tried = tried_without("old kernel")

    assert missing["landlock"] == "this kernel has no Landlock (5.13 and later have it)"
    assert missing["seccomp"] in (
        "this kernel takes no seccomp filter: Function not implemented",
        f"no seccomp filter is known for {real.machine()}",
    )
    assert set(missing) == {"landlock", "seccomp"}
    assert tried["memory"][0]
    assert tried["file size"] == (True, "at most 0 bytes")


def test_a_file_that_is_there_can_be_read_and_not_changed(pool, whole_kernel, tmp_path):
    path = tmp_path / "there.txt"
    path.write_text("as it was")

    assert pool.submit(path.read_text).result() == "as it was"
    for act in (path.unlink, path.touch, path.rmdir, (tmp_path / "new").mkdir):
        with pytest.raises(PermissionError):
            pool.submit(act).result()
    with pytest.raises(PermissionError):
        pool.submit(os.rename, path, tmp_path / "other.txt").result()
    assert [one.name for one in tmp_path.iterdir()] == ["there.txt"]
    assert path.read_text() == "as it was"


def test_a_decoder_that_ends_itself_is_seen_as_that(pool):
    with pytest.raises(UndecodableError, match="SIGABRT"):
        pool.submit(os.abort).result()


FORMATS = {
    "jpg": {}, "png": {}, "webp": {}, "gif": {}, "bmp": {}, "tif": {"compression": "tiff_lzw"}, "avif": {}, "heic": {},
}  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_decoded_behind_the_bars(pool, photo, tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    with Image.open(photo("drawn.png", size=(1200, 900))) as drawn:
        drawn.save(path, **FORMATS[suffix])

    taken = pool.submit(take_in, path, *hash_file(path)).result()

    assert taken.photo.state is PhotoState.DECODED
    assert taken.photo == take_in(path, *hash_file(path)).photo
    assert taken.asking is not None


def test_the_corpus_is_decoded_behind_the_bars_as_without(pool, corpus):
    paths = [path for path in sorted((corpus / "formats").rglob("*")) if path.is_file()]
    seen = 0
    for path in paths:
        try:
            read_photo(path, longest_side=64)
        except UndecodableError:
            continue
        taken = pool.submit(take_in, path, *hash_file(path)).result()

        assert taken.photo.state is PhotoState.DECODED, (path, taken.photo.reason)
        seen += 1
    assert seen > 20


SPIN = """
import time
from pictrace.fingerprint.bars import Limits, grant, put_up_all, fitting_workers
limits = Limits(share_bytes=500 << 20, alone_bytes=900 << 20, seconds=0.5)
put_up_all(limits)
for is_alone in (False, True):
    grant(limits, is_alone=is_alone)
while True:
    pass
"""


def test_a_task_whose_daemon_hangs_ends_by_its_cpu_time():
    done = subprocess.run([sys.executable, "-c", SPIN], timeout=60, check=False)

    assert -done.returncode in (24, 9)  # SIGXCPU


def test_the_cpu_limit_moves_along_with_the_tasks(pool):
    before = pool.submit(try_all).result()
    for _ in range(30):
        pool.submit(sum, range(1_000_000)).result()
    after = pool.submit(try_all).result()

    seconds = [int(one.said.split()[2]) for tried in (before, after) for one in tried if one.name == "CPU time"]
    assert seconds[1] >= seconds[0] >= 60


@pytest.mark.parametrize("workers", [1, 2])
def test_up_to_two_workers_stay_within_the_tree(workers):
    limits = Limits.for_workers(workers, seconds=30)
    daemon, libraries, idle = 200 * MIB, 50 * MIB, 200 * MIB
    untouched = 75 * MIB  # stacks

    assert workers * (limits.share_bytes - untouched + libraries) + daemon <= TREE_BYTES
    assert limits.alone_bytes - untouched + libraries + (workers - 1) * idle + daemon <= TREE_BYTES
    assert limits.alone_bytes < ADDRESS_BYTES


def test_many_workers_still_have_what_a_photo_takes():
    limits = Limits.for_workers(64, seconds=30)

    assert limits.share_bytes == 384 * MIB
    assert limits.alone_bytes == 1024 * MIB


# -- Landlock, with kernels that are not here


class OldKernel:
    """Has Landlock of some version, or answers with an error."""

    def __init__(self, version=0, error=0):
        self.version, self.error = version, error
        self.made = b""

    def __call__(self, number, *args):
        if self.error:
            raise OSError(self.error, os.strerror(self.error))
        if number == 444 and args[0] is None:
            return self.version
        if number == 444:
            self.made = ctypes.string_at(args[0], args[1])
            return os.open(os.devnull, os.O_RDONLY)
        return 0


@pytest.mark.parametrize(
    ("version", "rights", "size"),
    [(1, 13, 8), (2, 14, 8), (3, 15, 8), (4, 15, 16), (5, 16, 16), (6, 16, 24), (9, 16, 24)],
)
def test_landlock_asks_an_older_kernel_for_what_it_knows(version, rights, size):
    old = OldKernel(version)

    assert restrict_to_reading(old) == version
    assert len(old.made) == size
    assert struct.unpack_from("<Q", old.made)[0] == 2**rights - 1


@pytest.mark.parametrize(
    ("error", "words"),
    [(errno.ENOSYS, "no Landlock"), (errno.EOPNOTSUPP, "switched off"), (errno.EPERM, "cannot be asked")],
)
def test_a_kernel_without_landlock_is_told_apart(error, words):
    with pytest.raises(KernelLacksError, match=words):
        restrict_to_reading(OldKernel(error=error))


# -- the filter, run by hand: on the machine of this test and on the other one

ALLOW, REFUSED, NO_CALL = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


class Filter:
    """Takes a filter instead of a kernel, and says what it makes of a call."""

    def __init__(self, machine, process_id=77):
        self.column = list(ARCH).index(machine)
        refuse_dangerous_calls(self._take, machine, process_id)

    def _take(self, number, mode, flags, program):
        assert (number, mode, flags) == ((317, 277)[self.column], 1, 1)
        length, at = struct.unpack_from("<HxxxxxxQ", ctypes.string_at(program, 16))
        data = ctypes.string_at(at, 8 * length)
        self.lines = [struct.unpack_from("<HBBI", data, 8 * n) for n in range(length)]
        return 0

    def asked(self, number, *args, arch=None):
        words = [number, arch or list(ARCH.values())[self.column], 0, 0]
        words += [part for arg in (*args, *[0] * (6 - len(args))) for part in (arg & 0xFFFFFFFF, arg >> 32)]
        held, at = 0, 0
        while True:
            code, if_true, if_false, operand = self.lines[at]
            at += 1
            if code == 0x20:
                held = words[operand // 4]
            elif code == 0x06:
                return operand
            else:
                is_true = {0x15: held == operand, 0x35: held >= operand, 0x45: bool(held & operand)}[code]
                at += if_true if is_true else if_false

    def named(self, name, *args):
        return self.asked({**DENIED, **ABSENT, **LOOKED_INTO}[name][self.column], *args)


@pytest.fixture(params=ARCH)
def filtered(request):
    return Filter(request.param)


def test_the_filter_refuses_what_is_listed(filtered):
    for names, answer in ((DENIED, REFUSED), (ABSENT, NO_CALL)):
        for name, numbers in names.items():
            if numbers[filtered.column] is not None:
                assert filtered.named(name) == answer, name


def test_the_filter_lets_files_be_read_and_not_written(filtered):
    for flags in (os.O_RDONLY, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW, os.O_PATH):
        assert filtered.named("openat", 3, 0, flags) == ALLOW
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_TMPFILE, os.O_WRONLY | os.O_CLOEXEC, 3):
        assert filtered.named("openat", 3, 0, flags) == REFUSED


def test_the_filter_lets_nobody_be_told_of_a_file_by_a_signal(filtered):
    for command in (fcntl.F_SETOWN, fcntl.F_SETSIG, 15):  # F_SETOWN_EX
        assert filtered.named("fcntl", 3, command) == REFUSED
        assert filtered.named("fcntl", 3, command | 1 << 32) == REFUSED, "the kernel looks at 32 bits"
    for command in (fcntl.F_GETFL, fcntl.F_SETFL, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETOWN):
        assert filtered.named("fcntl", 3, command) == ALLOW
    for request in (0x8901, 0x8902, 0x5412):  # FIOSETOWN, SIOCSPGRP, TIOCSTI
        assert filtered.named("ioctl", 3, request) == REFUSED
    assert filtered.named("ioctl", 1, 0x5401) == ALLOW  # TCGETS: is it a terminal?


def test_the_filter_looks_into_arguments(filtered):
    assert filtered.named("clone", 0x3D0F00) == ALLOW  # a thread
    assert filtered.named("clone", 0x1200011) == REFUSED  # a process
    for name in ("kill", "tgkill"):
        assert filtered.named(name, 77, 6) == ALLOW  # itself
        assert filtered.named(name, 1, 0) == REFUSED
    assert filtered.named("prlimit64", 0) == ALLOW
    assert filtered.named("prlimit64", 1) == REFUSED
    assert filtered.named("ioctl", 0, 0x5401) == ALLOW
    assert filtered.named("ioctl", 0, 0x5412) == REFUSED


def test_the_filter_knows_only_the_calls_of_its_machine(filtered):
    read = (0, 63)[filtered.column]

    assert filtered.asked(read) == ALLOW
    assert filtered.asked(read, arch=0x40000003) == REFUSED
    assert filtered.asked(9999) == ALLOW
    if filtered.column == 0:
        assert filtered.asked(0x40000000 | 1) == REFUSED


def test_a_machine_without_a_table_gets_no_filter():
    with pytest.raises(KernelLacksError, match="no seccomp filter is known for riscv64"):
        refuse_dangerous_calls(real.syscall, "riscv64", 1)


def test_every_bar_says_what_it_keeps():
    assert len({bar.name for bar in BARS}) == len(BARS)
    assert all(bar.keeps for bar in BARS)


@pytest.mark.parametrize(("memory_mib", "workers"), [(None, 8), (4096, 8), (1536, 3), (1024, 2), (700, 1), (100, 1)])
def test_as_many_workers_run_as_find_room(memory_mib: int | None, workers: int) -> None:
    memory_bytes = None if memory_mib is None else memory_mib * 1024**2

    assert fitting_workers(8, memory_bytes) == workers


@pytest.mark.parametrize("memory_mib", [700, 1024, 1536, 4096])
def test_workers_and_daemon_stay_within_the_memory_they_are_given(memory_mib: int) -> None:
    memory_bytes = memory_mib * 1024**2
    workers = fitting_workers(8, memory_bytes)
    limits = Limits.for_workers(workers, seconds=1, memory_bytes=memory_bytes)

    daemon_bytes, idle_bytes = 200 * 1024**2, 200 * 1024**2
    assert daemon_bytes + workers * limits.share_bytes <= memory_bytes
    assert daemon_bytes + limits.alone_bytes + (workers - 1) * idle_bytes <= memory_bytes
