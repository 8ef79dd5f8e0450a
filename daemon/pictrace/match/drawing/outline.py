"""Where one picture lies in another: the outline of what both show."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Matrix = NDArray[np.float64]

# What a tilted plane shows near its horizon is no picture any more.
_NEAREST_TO_HORIZON: Final = 1e-3
_FEWEST_CORNERS: Final = 3


def outline(matrix: Matrix, size: tuple[int, int], there: tuple[int, int]) -> Points:
    """Return the outline of a picture in another one, cut off at that one's edges.

    Sutherland and Hodgman (1974), in homogeneous coordinates: a corner beyond the horizon comes out right as well.

    Args:
        matrix: takes pixels of the picture to pixels of the other one.
        size, there: width and height of the two, in pixels.

    Returns:
        float64 (n, 2), corners in pixels of the other one; n is 0 where it lies outside.
    """
    width, height = size
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], np.float64) @ matrix.T
    middle = matrix @ np.array([width / 2, height / 2, 1.0])
    corners *= 1.0 if middle[2] >= 0 else -1.0
    corners /= max(1e-12, abs(float(middle[2])))
    sides = [(0, 0, 1), (1, 0, 0), (0, 1, 0), (-1, 0, there[0]), (0, -1, there[1])]
    for side, least in zip(sides, (_NEAREST_TO_HORIZON, 0, 0, 0, 0), strict=True):
        corners = _cut(corners, corners @ np.array(side, np.float64) - least)
        if len(corners) < _FEWEST_CORNERS:
            return np.zeros((0, 2))
    return np.asarray(corners[:, :2] / corners[:, 2:], np.float64)


def box_outline(box: tuple[float, float, float, float], size: tuple[int, int]) -> Points:
    """Return the corners of a relative box in pixels of a picture of that width and height."""
    left, top, right, bottom = box
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
    return np.asarray(corners * np.array(size), np.float64)


def area(corners: Points) -> float:
    """Return the area inside an outline, in pixels."""
    if len(corners) < _FEWEST_CORNERS:
        return 0.0
    x, y = corners.T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _cut(corners: Points, above: Points) -> Points:
    """Return the part of a polygon where a linear function, given at its corners, is not below zero."""
    kept = []
    for at in range(len(corners)):
        here, before = above[at], above[at - 1]
        if (here >= 0) != (before >= 0):
            share = before / (before - here)
            kept.append(corners[at - 1] + share * (corners[at] - corners[at - 1]))
        if here >= 0:
            kept.append(corners[at])
    return np.array(kept).reshape(-1, 3)
