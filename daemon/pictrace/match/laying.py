"""Lays one picture over the other: the one that is contained gives the frame, the other is warped into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import resized
from pictrace.match import geometry
from pictrace.match.geometry import Matrix
from pictrace.match.scaled import Scaled

Pixels = NDArray[np.uint8]

# Beside the edge of what is known, interpolation makes pixels up.
_EDGE_PIXELS: Final = 2
_SMALLEST_SIDE_PIXELS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Two pictures in one frame.

    ``inner`` and ``outer`` are uint8 RGB, (height, width, 3): the contained picture, and what the other shows there.
    ``mask``, bool (height, width): where both are known. ``is_first_inner``: which picture gave the frame.
    ``to_inner``, ``to_outer`` take pixels of the frame to those of the two pictures as they were handed in.
    """

    inner: Pixels
    outer: Pixels
    mask: NDArray[np.bool_]
    is_first_inner: bool
    to_inner: Matrix
    to_outer: Matrix

    @property
    def matrix(self) -> Matrix:
        """What takes pixels of the first picture to those of the second."""
        return self.corrected(np.eye(3))

    def corrected(self, correction: Matrix) -> Matrix:
        """Return what takes pixels of the first picture to those of the second, once the other one was moved a little.

        Args:
            correction: takes pixels of the frame to where in it their content was found.
        """
        there = self.to_outer @ correction @ geometry.inverse(self.to_inner)
        return there if self.is_first_inner else geometry.inverse(there)

    def reduced(self, part: int) -> Laid:
        """Return the same frame with sides ``part`` times shorter."""
        height, width = (max(1, side // part) for side in self.mask.shape)
        small = resized(self.mask.astype(np.uint8) * 255, width, height) == 255
        return Laid(
            inner=resized(self.inner, width, height),
            outer=resized(self.outer, width, height),
            mask=small,
            is_first_inner=self.is_first_inner,
            to_inner=self.to_inner,
            to_outer=self.to_outer,
        )


def containments(matrix: Matrix, first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float]:
    """Return which share of the first picture the second one shows, and the other way round, 0..1.

    Args:
        matrix: first → second.
        first, second: width and height in pixels.
    """
    shares = []
    for matrix_there, here, there in ((matrix, first, second), (geometry.inverse(matrix), second, first)):
        corners = geometry.corners(*here)
        if not geometry.is_before(matrix_there, corners):
            shares.append(0.0)  # it reaches beyond the horizon
            continue
        quad = geometry.moved(matrix_there, corners).astype(np.float32)
        border = geometry.corners(*there).astype(np.float32)
        area, _ = cv2.intersectConvexConvex(cv2.convexHull(quad), border)
        shares.append(min(1.0, area / max(1e-6, float(cv2.contourArea(cv2.convexHull(quad))))))
    return shares[0], shares[1]


def laid(first: Scaled, second: Scaled, matrix: Matrix, longest_side: int) -> Laid | None:
    """Return two pictures in one frame, at the resolution of the coarser one; None where hardly anything is shared.

    Args:
        first, second: the pictures.
        matrix: takes pixels of the first to those of the second.
        longest_side: of the frame, in pixels.
    """
    shares = containments(matrix, first.size, second.size)
    is_first_inner = shares[0] >= shares[1]
    inner, outer = (first, second) if is_first_inner else (second, first)
    there = matrix if is_first_inner else geometry.inverse(matrix)
    if not max(shares):
        return None
    width, height = inner.size
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    scale = min(1.0, geometry.scale_at(there, middle), longest_side / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if min(size) < _SMALLEST_SIDE_PIXELS:
        return None
    to_inner = geometry.resizing(width / size[0], height / size[1])
    return _in_frame(inner, outer, size, to_inner, there @ to_inner, is_first_inner=is_first_inner)


def relaid(first: Scaled, second: Scaled, before: Laid, correction: Matrix) -> Laid:
    """Return the same frame after the other picture was moved a little.

    Args:
        first, second: as they were handed to `laid`.
        before: what it gave.
        correction: takes pixels of the frame to where in it their content was found.
    """
    inner, outer = (first, second) if before.is_first_inner else (second, first)
    size = before.mask.shape[1], before.mask.shape[0]
    to_outer = before.to_outer @ correction
    return _in_frame(inner, outer, size, before.to_inner, to_outer, is_first_inner=before.is_first_inner)


def _in_frame(  # noqa: PLR0913 – the two pictures, and where the frame lies in each
    inner: Scaled, outer: Scaled, size: tuple[int, int], to_inner: Matrix, to_outer: Matrix, *, is_first_inner: bool
) -> Laid:
    centre = np.array([(size[0] - 1) / 2, (size[1] - 1) / 2])
    shrink = max(1.0, geometry.scale_at(to_outer, centre))
    width, height = outer.size
    small_size = max(1, round(width / shrink)), max(1, round(height / shrink))
    small = outer.at(*small_size)
    to_small = geometry.resizing(small_size[0] / width, small_size[1] / height) @ to_outer
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(small, to_small, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return Laid(
        inner=inner.at(*size),
        outer=np.asarray(warped, np.uint8),
        mask=_known(small_size, to_small, size),
        is_first_inner=is_first_inner,
        to_inner=to_inner,
        to_outer=to_outer,
    )


def _known(small_size: tuple[int, int], to_small: Matrix, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return where in the frame the other picture, so small, is known; its edge is left out."""
    known = np.full(small_size[::-1], 255, np.uint8)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    mask = cv2.warpPerspective(known, to_small, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    if not mask.all():
        edge = _EDGE_PIXELS
        around = cv2.copyMakeBorder(mask, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
        kernel = np.ones((2 * edge + 1, 2 * edge + 1), np.uint8)
        mask = cv2.erode(around, kernel)[edge:-edge, edge:-edge]
    return mask > 0
