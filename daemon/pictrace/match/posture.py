"""Reads size, turn, mirroring and perspective off a transform."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pictrace.match import geometry
from pictrace.match.geometry import Matrix, Points

# Nearer to a quarter turn than this (degrees) is one.
_QUARTER_DEGREES: Final = 0.25
# A transform that moves a corner farther from where an affine one would (share of the longer side) has perspective.
_PERSPECTIVE: Final = 0.012


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """How the file shows what the other picture shows.

    ``scale``: side of the file / side of the other, at the size they are stored. ``degrees``: how far the file is
    turned clockwise, 0..360, after ``axis`` (``horizontal``: left and right swapped, ``vertical``) was mirrored.
    """

    scale: float
    degrees: float
    axis: str | None
    has_perspective: bool

    @property
    def is_quarter(self) -> bool:
        """Whether it is turned by whole quarters, or not at all."""
        return self.degrees % 90 == 0

    def reversed(self) -> Posture:
        """Return how the other picture shows what the file shows."""
        # A mirrored picture that was turned is turned back the same way round.
        degrees = self.degrees if self.axis is not None else -self.degrees % 360
        return replace(self, scale=1 / self.scale, degrees=degrees)


def posture(file_to_other: Matrix, area: Points, file_zoom: float, other_zoom: float) -> Posture:
    """Return how the file shows what the other picture shows.

    Args:
        file_to_other: takes pixels of the file to those of the other, both as they were read.
        area: corners of what both show, in pixels of the file, (n, 2).
        file_zoom, other_zoom: side as stored / side as read.
    """
    middle = area.mean(axis=0)
    jacobian = geometry.inverse(_affine(file_to_other, area))
    scale = float(np.sqrt(abs(np.linalg.det(jacobian)))) * file_zoom / other_zoom
    is_mirrored = bool(np.linalg.det(jacobian) < 0)
    turn = jacobian @ np.diag([-1.0, 1.0]) if is_mirrored else jacobian
    degrees = float(np.degrees(np.arctan2(turn[1, 0] - turn[0, 1], turn[0, 0] + turn[1, 1]))) % 360
    quarter = round(degrees / 90) * 90
    degrees = float(quarter % 360) if abs(degrees - quarter) <= _QUARTER_DEGREES else round(degrees, 2)
    axis = "horizontal" if is_mirrored else None
    if is_mirrored and 90 < degrees < 270:
        axis, degrees = "vertical", (degrees - 180) % 360
    straight = (area - middle) @ _affine(file_to_other, area).T
    bent = geometry.moved(file_to_other, area)
    straight += bent.mean(axis=0) - straight.mean(axis=0)
    extent = float(np.ptp(bent, axis=0).max())
    has_perspective = float(np.hypot(*(bent - straight).T).max()) > _PERSPECTIVE * extent
    return Posture(scale=scale, degrees=degrees, axis=axis, has_perspective=has_perspective)


def _affine(matrix: Matrix, area: Points) -> Matrix:
    """Return the linear part of the affine transform nearest to a homography over an area, (2, 2)."""
    low, high = area.min(axis=0), area.max(axis=0)
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 5).T), axis=-1).reshape(-1, 2)
    there = geometry.moved(matrix, grid)
    rows = np.column_stack([grid, np.ones(len(grid))])
    return np.asarray(np.linalg.lstsq(rows, there, rcond=None)[0][:2].T)
