"""Fixtures for every room: drawn photographs, and the corpus where there is one."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray
from PIL import Image, ImageDraw

_REPOSITORY = Path(__file__).resolve().parent.parent
_MOST_WORKERS = 8

# On a busy machine any example may take long: what is slow is measured in benchmarks/, never by a test.
settings.register_profile("pictrace", deadline=None)
settings.load_profile("pictrace")


def pytest_xdist_auto_num_workers() -> int:
    """Return how many workers run side by side where nobody says: one more than cores, since much of it waits."""
    return min(_MOST_WORKERS, len(os.sched_getaffinity(0)) + 1)


@contextmanager
def log_left_as_it_is() -> Iterator[None]:
    """Take back what a command set up: the log is one for all tests of a process."""
    root, ours = logging.getLogger(), logging.getLogger("pictrace")
    before = (root.handlers[:], root.level, ours.level)
    try:
        yield
    finally:
        root.handlers[:], root.level, ours.level = before


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """Begin with the log as it is without a command: fixtures of a whole module may have run one before."""
    logging.getLogger("pictrace").setLevel(logging.NOTSET)
    logging.getLogger().setLevel(logging.WARNING)
    with log_left_as_it_is():
        yield


def draw_photo(seed: int, width: int = 320, height: int = 240) -> Image.Image:
    """Return a drawn scene: soft clouds of colour, hard-edged shapes, some grain; no symmetry, every seed another."""
    random = np.random.default_rng(seed)
    clouds = _clouds(random, width, height)
    image = Image.fromarray(clouds)
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = random.uniform(0, width), random.uniform(0, height)
        a, b = random.uniform(0.04, 0.25, 2) * min(width, height)
        color = tuple(int(value) for value in random.integers(0, 256, 3))
        shape = random.integers(0, 3)
        if shape == 0:
            pen.ellipse((x - a, y - b, x + a, y + b), fill=color)
        elif shape == 1:
            pen.rectangle((x - a, y - b, x + a, y + b), fill=color)
        else:
            pen.polygon([(x, y - a), (x + b, y + a / 2), (x - a, y + b)], fill=color)
    grain = random.normal(0, 4, (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def _clouds(random: np.random.Generator, width: int, height: int) -> NDArray[np.uint8]:
    total = np.zeros((height, width, 3))
    for cells, weight in ((3, 1.0), (7, 0.6), (15, 0.35)):
        small = random.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
        layer = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
        total += weight * np.asarray(layer)
    return np.clip(total / 1.95, 0, 255).astype(np.uint8)


@pytest.fixture(scope="session", autouse=True)
def _usual_umask() -> Iterator[None]:
    """Keep configs from being writable by a group, which PicTrace refuses, whoever runs the tests."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that stores a drawn photograph: ``photo("a.jpg", seed=3)``."""

    def store(name: str, *, seed: int = 0, folder: Path = tmp_path, size: tuple[int, int] = (320, 240)) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draw_photo(seed, *size).save(path, quality=92)
        return path

    return store


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder with real photographs; tests that need it are skipped where it is not."""
    for place in (os.environ.get("PICTRACE_CORPUS"), _REPOSITORY.parent / "shared" / "corpus"):
        if place and (Path(place) / "photos").is_dir():
            return Path(place)
    pytest.skip("no corpus of real photographs: set PICTRACE_CORPUS to a folder that has photos/, series/, formats/")


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on another file system than ``tmp_path``; tests that need it are skipped where there is none."""
    shm = Path("/dev/shm")
    if not shm.is_dir() or shm.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system at /dev/shm to move across")
    folder = Path(tempfile.mkdtemp(dir=shm))
    yield folder
    shutil.rmtree(folder)
