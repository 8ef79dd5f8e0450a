"""What comparing two pictures gave, with all that is needed to show it: where they lie over each other, what agrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pictrace.match import geometry
from pictrace.match.equalized import Size
from pictrace.match.measures import BLOCK_PIXELS, DIFFERENT_RESIDUAL, block_measures
from pictrace.match.pictures import Loaded
from pictrace.match.verify import Verified
from pictrace.model import Match

Pixels = NDArray[np.uint8]

_LONGEST_SIDE_CELLS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """A match with its geometry and its map of disagreement.

    ``file_rgb``, ``other_rgb``: the pictures as they were compared, uint8 (height, width, 3), upright, 960 pixels at
    most. ``matrix``: float64 (3, 3), takes pixels of the file to pixels of the other; None where nothing is shared.
    ``points``: float64 (n, 4), what the two share: x, y in the file, x, y in the other. ``disagreement``: float32
    (rows, columns), laid over the file as a whole: 0 agrees, 1 and more is clearly different, NaN is not shared or
    holds too little detail to say.
    """

    match: Match
    file_rgb: Pixels
    other_rgb: Pixels
    matrix: NDArray[np.float64] | None
    points: NDArray[np.float64]
    disagreement: NDArray[np.float32]


def examination(
    match: Match, found: Verified | None, file: Loaded, other: Loaded, *, is_file_first: bool
) -> Examination:
    """Return what comparing two photos gave, seen from the file.

    Args:
        match: what came of it.
        found: how the two lie over each other; None where they do not.
        file, other: the two photos.
        is_file_first: whether the file is the first picture of ``found``.
    """
    matrix, points = None, np.zeros((0, 4))
    if found is not None:
        matrix = found.matrix if is_file_first else geometry.inverse(found.matrix)
        points = found.points if is_file_first else found.points[:, [2, 3, 0, 1]]
    return Examination(
        match=match,
        file_rgb=file.picture.rgb,
        other_rgb=other.picture.rgb,
        matrix=matrix,
        points=points,
        disagreement=_disagreement(found, file.picture.rgb, is_file_first=is_file_first),
    )


def _disagreement(found: Verified | None, file_rgb: Pixels, *, is_file_first: bool) -> NDArray[np.float32]:
    """Return how much the pictures differ at each cell of the file: 1 is as much as a cell varies itself."""
    height, width = file_rgb.shape[:2]
    part = _LONGEST_SIDE_CELLS / max(height, width)
    rows, columns = max(1, round(height * part)), max(1, round(width * part))
    cells = np.full((rows, columns), np.nan, np.float32)
    if found is None:
        return cells
    side = BLOCK_PIXELS[Size.HALF]
    measured = block_measures(found.pair, Size.HALF)
    half_height, half_width = found.pair.masks[Size.HALF].shape
    blocks = np.full((half_height // side, half_width // side), np.nan, np.float32)
    blocks.ravel()[measured.is_known] = measured.residual / DIFFERENT_RESIDUAL
    to_file = found.laid.to_inner if found.laid.is_first_inner == is_file_first else found.laid.to_outer
    down, across = np.mgrid[0:rows, 0:columns]
    middles = np.column_stack([(across.ravel() + 0.5) * width / columns, (down.ravel() + 0.5) * height / rows]) - 0.5
    spots = np.floor(geometry.moved(geometry.inverse(to_file), middles) / (Size.HALF * side)).astype(np.intp)
    is_inside = ((spots >= 0) & (spots < [blocks.shape[1], blocks.shape[0]])).all(axis=1)
    cells.ravel()[is_inside] = blocks[spots[is_inside, 1], spots[is_inside, 0]]
    return cells
