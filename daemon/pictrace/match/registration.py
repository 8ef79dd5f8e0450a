"""Brings two pictures that already lie nearly over each other together, to a fraction of a pixel.

The frame is cut into blocks, each says how far it is off (Lucas and Kanade, 1981), and one transform is fitted to all
of them, from coarse to fine. Blocks that were covered or repainted say something else than the rest, and are outvoted.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray
from pictrace.match import blocks, geometry, tone
from pictrace.match.geometry import Matrix, Model
from pictrace.match.hypotheses import Hypothesis
from pictrace.match.laying import Laid, laid, relaid
from pictrace.match.scaled import Scaled

Floats = NDArray[np.float32]

FRAME_PIXELS: Final = 384
# Sides are this many times shorter in each round.
_ROUNDS: Final = (2, 1, 1)
_FEWEST_PIXELS: Final = 400
# A smaller correction is noise; a larger one says that the pictures do not lie over each other.
_DONE_PIXELS, _LOST_PIXELS = 0.02, 12.0
_BLOCK_PIXELS: Final = 24
_FEWEST_BLOCKS: Final = 6
# Blocks less alike show something else.
_LEAST_CORRELATION: Final = 0.4
# A homography is fitted only where so many blocks speak, else it bends to noise.
_BLOCKS_FOR_HOMOGRAPHY: Final = 24
_MOST_PIXELS: Final = 3.0
_ROBUST_ROUNDS: Final = 4
_ROBUST_PIXELS: Final = 0.15
_RIDGE: Final = 1e-9


def registered(first: Scaled, second: Scaled, hypothesis: Hypothesis) -> Laid | None:
    """Return the two pictures in one frame, as a hypothesis lays them and then brought together; None if too small.

    Args:
        first, second: the pictures.
        hypothesis: how the first lies in the second.
    """
    found = laid(first, second, hypothesis.matrix, FRAME_PIXELS)
    if found is None:
        return None
    matrix = found.matrix
    for left, part in zip(range(len(_ROUNDS) - 1, -1, -1), _ROUNDS, strict=True):
        small = found if part == 1 else found.reduced(part)
        if small.mask.sum() < _FEWEST_PIXELS:
            break
        before, after = gray(small.inner), gray(small.outer)
        curve = tone.rising_curve(blocks.where(small.mask, before), blocks.where(small.mask, after))
        expected = np.asarray(cv2.LUT(before, curve), np.float32)
        moved = correction(expected, after.astype(np.float32), small.mask, hypothesis.richest)
        if moved is None:
            break
        height, width = found.mask.shape
        zoom = geometry.resizing(small.mask.shape[1] / width, small.mask.shape[0] / height)
        moved = geometry.inverse(zoom) @ moved @ zoom
        corners = geometry.corners(width, height)
        step = float(np.abs(geometry.moved(moved, corners) - corners).max())
        if not _DONE_PIXELS <= step <= _LOST_PIXELS:
            break
        matrix = found.corrected(moved)
        if left:
            found = relaid(first, second, found, moved)
    # Brought together, the other one may turn out to be the contained one.
    return laid(first, second, matrix, FRAME_PIXELS)


def correction(expected: Floats, found: Floats, mask: NDArray[np.bool_], model: Model) -> Matrix | None:
    """Return the transform of the frame that takes what is expected to where it is found; None where nothing tells.

    Args:
        expected, found: luma, float32, shape (height, width), the tone change taken out.
        mask: where both are known.
        model: the richest transform that may be fitted.
    """
    centres, moves, weights = blocks.moves(expected, found, mask, _BLOCK_PIXELS, _LEAST_CORRELATION)
    is_usable = np.hypot(*moves.T) <= _MOST_PIXELS
    centres, moves, weights = centres[is_usable], moves[is_usable], weights[is_usable]
    if len(centres) < _FEWEST_BLOCKS:
        return None
    richest = model if len(centres) >= _BLOCKS_FOR_HOMOGRAPHY else min(model, Model.AFFINE)
    size = np.array(expected.shape[::-1], np.float64)
    # Around the middle and of size one, so that the equations are well conditioned.
    near = (centres - size / 2) / size.max()
    votes = weights / weights.max()
    fitted = np.zeros(_unknowns(richest))
    for _ in range(_ROBUST_ROUNDS):
        rows, wanted = _equations(near, moves / size.max(), richest)
        weighted = rows * np.repeat(votes, 2)[:, None]
        fitted = np.linalg.solve(weighted.T @ rows + _RIDGE * np.eye(len(fitted)), weighted.T @ wanted)
        away = np.hypot(*((rows @ fitted - wanted).reshape(-1, 2) * size.max()).T)
        votes = weights / weights.max() / (1 + (away / _ROBUST_PIXELS) ** 2)
    to_unit = np.array([[1, 0, -size[0] / 2], [0, 1, -size[1] / 2], [0, 0, size.max()]]) / size.max()
    return np.asarray(geometry.inverse(to_unit) @ _matrix(fitted, richest) @ to_unit)


def _unknowns(model: Model) -> int:
    return {Model.SIMILARITY: 4, Model.AFFINE: 6, Model.HOMOGRAPHY: 8}[model]


def _equations(points: NDArray[np.float64], moves: NDArray[np.float64], model: Model) -> tuple[Matrix, Matrix]:
    """Return the linear equations of a small transform: identity plus unknowns, first order in them."""
    x, y = points.T
    zero, one = np.zeros_like(x), np.ones_like(x)
    if model is Model.SIMILARITY:
        across, down = [x, -y, one, zero], [y, x, zero, one]
    else:
        across, down = [x, y, one, zero, zero, zero], [zero, zero, zero, x, y, one]
    if model is Model.HOMOGRAPHY:
        across += [-x * x, -x * y]
        down += [-x * y, -y * y]
    rows = np.stack([np.column_stack(across), np.column_stack(down)], axis=1).reshape(2 * len(points), -1)
    return rows, moves.reshape(-1)


def _matrix(unknowns: NDArray[np.float64], model: Model) -> Matrix:
    if model is Model.SIMILARITY:
        a, b, across, down = unknowns
        return np.array([[1 + a, -b, across], [b, 1 + a, down], [0, 0, 1]])
    a, b, across, c, d, down = unknowns[:6]
    g, h = unknowns[6:] if model is Model.HOMOGRAPHY else (0.0, 0.0)
    return np.array([[1 + a, b, across], [c, 1 + d, down], [g, h, 1]])
