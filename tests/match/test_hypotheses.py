"""Which ways of laying two whole pictures over each other are tried."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from pictrace.match.features import Features
from pictrace.match.hypotheses import as_wholes, from_points
from pictrace.match.pictures import Loaded, load


def stored(path: Path, gray: np.ndarray) -> Loaded:
    """Return a gray picture as it is read."""
    Image.fromarray(np.clip(gray, 0, 255).astype(np.uint8)).save(path)
    return load(path)


def waves(across: float, down: float) -> np.ndarray:
    """Return a picture of waves, with as much contrast as a photograph."""
    y, x = np.mgrid[0:96, 0:128]
    return 128 + 90 * np.sin(x * across + 0.4) * np.cos(y * down)


def test_pictures_clearly_unlike_are_not_laid_over_each_other(tmp_path: Path) -> None:
    one, other = stored(tmp_path / "a.png", waves(0.1, 0.05)), stored(tmp_path / "b.png", waves(0.35, 0.3))

    assert as_wholes(one, other) == []
    assert as_wholes(one, one)


def test_pictures_with_little_contrast_are_laid_over_each_other_however_unlike(tmp_path: Path) -> None:
    one = stored(tmp_path / "a.png", 128 + (waves(0.1, 0.05) - 128) * 0.05)
    other = stored(tmp_path / "b.png", 128 + (waves(0.35, 0.3) - 128) * 0.05)

    assert as_wholes(one, other)


def test_a_picture_that_is_the_same_all_ways_round_is_laid_over_its_negative(tmp_path: Path) -> None:
    y, x = np.mgrid[-1:1:96j, -1:1:128j]
    blob = 30 + 200 * np.exp(-3 * (x**2 + y**2))
    one, negative = stored(tmp_path / "a.png", blob), stored(tmp_path / "b.png", 255 - blob)

    assert as_wholes(one, negative)


def scattered(points: np.ndarray, poses: np.ndarray) -> Features:
    """Return features, each of which shows something else."""
    return Features(
        points=points, poses=poses, descriptors=np.eye(128, dtype=np.float32)[: len(points)], width_pixels=400
    )


def test_shared_points_that_are_turned_each_another_way_are_no_hypothesis() -> None:
    random = np.random.default_rng(5)
    points = random.uniform(0, 400, (40, 2))
    poses = np.full(40, 64 << 8 | 80)
    copy = scattered(points * 0.5 + 9, poses - 16)  # half the size is an octave, 16 steps

    (found,) = from_points(scattered(points, poses), copy)
    each_another_way = np.arange(40) * 6 << 8 | 40 + np.arange(40) % 4 * 40
    none = from_points(scattered(points, poses), scattered(points * 0.5 + 9, each_another_way))

    assert len(found.points) == 40
    assert np.allclose(found.matrix, [[0.5, 0, 9], [0, 0.5, 9], [0, 0, 1]], atol=1e-6)
    assert none == []
