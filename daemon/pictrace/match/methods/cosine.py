"""The cosine similarity of the colors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from pictrace.match.methods.base import Metric, Pixels, Reading, Sight

_SIDE_PIXELS: Final = 256


@dataclass(frozen=True, slots=True)
class Pointing:
    """A picture as one long vector: ``pixels`` uint8, shape (256, 256, 3), and the square of its length."""

    pixels: Pixels
    squared_length: float


@dataclass(frozen=True, slots=True)
class Cosine:
    """The cosine of the angle between two squares of pixels, each taken as one vector from black.

    Source: Zaafarani, «Build an Image Duplicate Finder System: A Guide», with PyTorch's ``CosineSimilarity``. That
    gives 0 for two black pictures; here they are equal, so 1. Black and another picture give 0.
    """

    name = "cosine"
    metrics = (Metric(name="cosine", unit="0 to 1", is_similarity=True, perfect=1.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> Pointing:
        """Return the squashed picture with its length."""
        pixels = sight.squashed(_SIDE_PIXELS)
        return Pointing(pixels=pixels, squared_length=cv2.norm(pixels, cv2.NORM_L2SQR))

    def compare(self, a: Pointing, b: Pointing) -> Reading:
        """Return the cosine."""
        if not (a.squared_length and b.squared_length):
            return Reading(values={"cosine": float(a.squared_length == b.squared_length)})
        # Sums of whole numbers below 2**53 are exact in float64, so that order and machine change nothing.
        product = float(np.dot(*(one.pixels.ravel().astype(np.float64) for one in (a, b))))
        return Reading(values={"cosine": min(1.0, product / math.sqrt(a.squared_length * b.squared_length))})
