"""The benchmarks are scripts beside the package: their folder is put where Python looks for them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))


@pytest.fixture
def scene() -> np.ndarray:
    """A picture with smooth color in all places and no symmetry: where a pixel comes from can be told."""
    x, y = np.meshgrid(np.linspace(0, 1, 240), np.linspace(0, 1, 160))
    waves = 30 * np.sin(9 * x + 4 * y), 30 * np.sin(5 * x - 7 * y), 30 * np.cos(8 * x * y)
    channels = [60 + 130 * x + waves[0], 70 + 120 * y + waves[1], 190 - 90 * x * y + waves[2]]
    return np.clip(np.stack(channels, axis=2), 0, 255).astype(np.uint8)


@pytest.fixture
def photos(tmp_path: Path, scene: np.ndarray) -> Path:
    """A folder of five different photographs."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(5):
        rolled = np.roll(scene, (17 * number, 31 * number), axis=(0, 1))
        Image.fromarray(rolled).save(folder / f"photo{number}.jpg", quality=95)
    return folder
