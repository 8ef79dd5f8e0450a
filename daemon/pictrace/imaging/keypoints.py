"""Which of the keypoints that were found in a picture are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_GRID: Final = 8


def spread(points: Sequence[cv2.KeyPoint], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return the rows of keypoints, shape (n,): the strongest of each cell of a grid, then the second ones, and so on.

    The strongest alone would all lie on the foliage of a landscape, or on one picture of a collage.

    Args:
        points: as OpenCV found them.
        shape: of the picture, in pixels: height, width.
    """
    places = np.asarray(cv2.KeyPoint.convert(points)) / (shape[1], shape[0])
    cells = np.floor(places * _GRID).astype(np.int64) @ (1, _GRID)
    strengths = np.array([point.response for point in points])
    order = np.lexsort((-strengths, cells))
    starts = np.searchsorted(cells[order], cells[order], side="left")
    ranks = np.arange(len(order)) - starts
    return order[np.lexsort((-strengths[order], ranks))]
