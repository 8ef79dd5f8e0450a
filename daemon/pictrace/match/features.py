"""Local features of a picture read for comparing, and which of two pictures correspond.

SIFT (Lowe, «Distinctive image features from scale-invariant keypoints», 2004) with the square root taken of its
histograms (Arandjelović and Zisserman, «Three things everyone should know to improve object retrieval», 2012). The
stored ORB features retrieve; SIFT, which costs ten times as much, is computed only for pairs that are verified.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import spread
from pictrace.match.index.poses import mirrored_poses, packed

_MOST_FEATURES: Final = 1000
# So many times more are looked for than kept. Of 1,500 that were only the strongest, one picture of a collage had most:
# 1,000 spread over the picture find as many crops and collages, in less than half the time (docs/adr/0018).
_SURPLUS: Final = 2
# Below OpenCV's own 0.04: fog, skies and strong compression leave little contrast.
_CONTRAST: Final = 0.02
# The nearest descriptor has to be this much nearer than the next one somewhere else.
_MAX_RATIO: Final = 0.86
# Features so near to each other (pixels) are one place, found twice.
_SAME_PLACE_PIXELS: Final = 4.0
_CELLS, _BINS = 4, 8

Floats = NDArray[np.float32]
Points = NDArray[np.float64]
Indices = NDArray[np.intp]


# Without slots: what was computed of them is kept.
@dataclass(frozen=True, kw_only=True)
class Features:
    """Keypoints and descriptors: ``points`` (n, 2) are x, y in pixels, ``descriptors`` (n, 128) of length 1.

    ``poses`` (n,): angle and size, as `index.poses` packs them. ``width_pixels`` is that of the picture.
    """

    points: Points
    poses: NDArray[np.int64]
    descriptors: Floats
    width_pixels: int

    @cached_property
    def mirrored(self) -> Features:
        """The features that the picture would have with left and right swapped.

        The cells of a descriptor change sides and its directions their sense; nothing is computed anew.
        """
        points = self.points.copy()
        points[:, 0] = self.width_pixels - 1 - points[:, 0]
        cells = self.descriptors.reshape(-1, _CELLS, _CELLS, _BINS)
        directions = (-np.arange(_BINS)) % _BINS
        flipped = cells[:, ::-1, :, :][..., directions]
        descriptors = np.ascontiguousarray(flipped.reshape(-1, _CELLS * _CELLS * _BINS))
        return Features(
            points=points, poses=mirrored_poses(self.poses), descriptors=descriptors, width_pixels=self.width_pixels
        )

    @cached_property
    def places(self) -> Places:
        """Which features lie at one place, found twice in two directions."""
        _, place = np.unique(np.round(self.points / _SAME_PLACE_PIXELS), axis=0, return_inverse=True)
        return Places.of(place.ravel())


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Features by place: those of the place of feature ``n`` are ``members[starts[n] : starts[n] + counts[n]]``."""

    members: Indices
    starts: Indices
    counts: Indices

    @classmethod
    def of(cls, place: Indices) -> Places:
        """Return features by place, from the number of each one's place, 0 and up."""
        sizes = np.bincount(place)
        starts = np.cumsum(sizes) - sizes
        return cls(members=np.argsort(place, kind="stable"), starts=starts[place], counts=sizes[place])

    def beside(self, chosen: Indices) -> tuple[Indices, Indices]:
        """Return all features at the places of some: which of these, counted from 0, and the feature, (n,) each."""
        counts = self.counts[chosen]
        rows = np.repeat(np.arange(len(chosen)), counts)
        along = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        return rows, self.members[self.starts[chosen][rows] + along]


def features_of(luma: NDArray[np.uint8]) -> Features:
    """Return the strongest features of each part of a picture.

    Args:
        luma: uint8, shape (height, width).
    """
    keypoints, found = _detected(luma)
    sums = np.abs(found).sum(axis=1, keepdims=True)
    return Features(
        points=np.array([keypoint.pt for keypoint in keypoints], np.float64).reshape(-1, 2),
        poses=packed(np.array([(keypoint.angle, keypoint.size) for keypoint in keypoints]).reshape(-1, 2)),
        descriptors=np.sqrt(found / np.maximum(sums, 1e-6)),
        width_pixels=luma.shape[1],
    )


def _detected(luma: NDArray[np.uint8]) -> tuple[Sequence[cv2.KeyPoint], Floats]:
    keypoints, found = _detector().detectAndCompute(luma, None)
    if not keypoints:
        return (), np.zeros((0, _CELLS * _CELLS * _BINS), np.float32)
    rows = spread(keypoints, luma.shape)[:_MOST_FEATURES]
    return [keypoints[row] for row in rows.tolist()], np.asarray(found[rows], np.float32)


def correspondences(a: Features, b: Features) -> tuple[Indices, Indices]:
    """Return which features of ``a`` and which of ``b`` show the same by their descriptors, (n,) each."""
    if len(a.points) < 2 or len(b.points) < 2:
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    likeness = a.descriptors @ b.descriptors.T
    best = likeness.argmax(axis=1)
    nearest = likeness[np.arange(len(best)), best]
    is_mutual = _are_nearest_back(best, nearest, likeness.max(axis=0))
    # One place found twice, in two directions, does not compete with itself.
    likeness[b.places.beside(best)] = 0
    second = likeness.max(axis=1)
    is_clear = np.sqrt(np.maximum(0, 2 - 2 * nearest)) <= _MAX_RATIO * np.sqrt(np.maximum(1e-9, 2 - 2 * second))
    rows = np.flatnonzero(is_clear & is_mutual)
    return rows, best[rows]


def _are_nearest_back(best: Indices, nearest: Floats, nearest_back: Floats) -> NDArray[np.bool_]:
    """Return which of the features are also the nearest one to their nearest; of equal ones, the first.

    Args:
        best, nearest: which one is nearest, and how like it is, (n,).
        nearest_back: for each of the others, how like its nearest one is, (m,).
    """
    rows = np.flatnonzero(nearest == nearest_back[best])[::-1]
    first = np.full(len(nearest_back), -1)
    first[best[rows]] = rows
    return np.asarray(first[best] == np.arange(len(best)))


@functools.cache
def _detector() -> cv2.SIFT:
    return cv2.SIFT.create(nfeatures=_SURPLUS * _MOST_FEATURES, contrastThreshold=_CONTRAST)
