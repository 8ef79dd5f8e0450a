"""A decoder that lacks memory calls the bytes broken: that is told apart."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest
from PIL import Image

from pictrace.errors import OutOfMemoryError
from pictrace.fingerprint import WorkerPool, describe, hash_file
from pictrace.imaging.memory import may_have_lacked
from pictrace.model import PhotoState

READ = """
import resource, sys
from pathlib import Path
from pictrace.imaging import read_photo
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
try:
    read_photo(Path(sys.argv[2]), longest_side=64)
except Exception as error:
    print(type(error).__name__)
else:
    print("read")
"""


def read_within(mib, path):
    words = [sys.executable, "-c", READ, str(mib * 1024**2), str(path)]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.webp", {"method": 0, "quality": 20}),
        ("a.png", {"compress_level": 1}),
        ("a.jpg", {"progressive": True, "quality": 60}),
        ("a.heic", {"quality": 30}),
        ("a.avif", {"speed": 10, "quality": 30}),
    ],
)
def test_f25_too_little_memory_is_not_called_broken(tmp_path, name, how):
    path = tmp_path / name
    Image.new("RGB", (6000, 5000), (90, 60, 30)).save(path, **how)

    assert read_within(2000, path) == "read"
    assert read_within(130, path) in ("OutOfMemoryError", "read")
    assert name == "a.jpg" or read_within(130, path) == "OutOfMemoryError"


def test_a_small_broken_file_is_not_blamed_on_memory(photo):
    path = photo("a.jpg")
    path.write_bytes(path.read_bytes()[:900])

    assert read_within(500, path) == "UndecodableError"


def test_without_a_limit_nothing_lacks_memory():
    if resource.getrlimit(resource.RLIMIT_DATA)[0] != resource.RLIM_INFINITY:
        pytest.skip("the memory of this process is limited")

    assert not may_have_lacked(10**9, "out of memory")


def test_what_is_too_large_for_its_share_is_described_alone(tmp_path):
    path = tmp_path / "large.webp"
    # Takes 0.8 GiB; of two workers each may have 0.6 while the other works.
    Image.new("RGB", (8000, 6000), (90, 60, 30)).save(path, method=0, quality=20)
    pool = WorkerPool(2)
    try:
        futures = [pool.submit(describe, path, *hash_file(path)) for _ in range(2)]

        assert [future.result().state for future in futures] == [PhotoState.DECODED] * 2
    finally:
        pool.close()


def test_out_of_memory_is_a_kind_of_undecodable():
    assert OutOfMemoryError.__mro__[1].__name__ == "UndecodableError"
