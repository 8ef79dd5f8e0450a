"""What a method of telling likeness is: it describes each picture alone, and compares two descriptions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import read_photo, resized
from pictrace.model import Network

# What is larger is read smaller: at 38 MB a picture, a worker has room for two of them and what is made of them.
LONGEST_SIDE_PIXELS: Final = 4096

Pixels = NDArray[np.uint8]


class IncomparableError(Exception):
    """A method cannot tell how alike two pictures are; says why in one line. That is no score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A picture as methods see it: ``rgb`` uint8, shape (height, width, 3), upright, sRGB, at most 4096 on a side."""

    path: Path
    rgb: Pixels

    def squashed(self, side_pixels: int) -> Pixels:
        """Return the picture as a square of so many pixels, uint8, shape (side, side, 3), whatever its proportions."""
        return resized(self.rgb, side_pixels, side_pixels)

    def fitted(self, longest_side: int) -> Pixels:
        """Return the picture with its longest side so long, or as it is where that is shorter; (height, width, 3)."""
        height, width = self.rgb.shape[:2]
        part = min(1.0, longest_side / max(height, width))
        return resized(self.rgb, max(1, round(width * part)), max(1, round(height * part)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What one number of a method means.

    ``is_similarity``: it grows with likeness, else it grows with difference. ``perfect``: what two pictures give that
    are equal pixel for pixel.
    """

    name: str
    unit: str
    is_similarity: bool
    perfect: float

    def is_closer(self, value: float, other: float) -> bool:
        """Return whether one value tells of more likeness than another."""
        return value > other if self.is_similarity else value < other


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What comparing two pictures gave: ``values`` by the names of the metrics, ``details`` that led to them."""

    values: dict[str, float]
    details: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSettings:
    """What a person may choose about methods.

    ``seed_side_pixels``: the square that the seeds' methods squash pictures to; None: what they did.
    ``wants_ssim_parts``: whether `ssim` tells luminance, contrast and structure, which takes twice as long.
    ``network``: for `cnn`; None: there is none.
    """

    seed_side_pixels: int | None = None
    wants_ssim_parts: bool = False
    network: Network | None = None


class Method(Protocol):
    """A way of telling how alike two pictures are.

    ``name``: stable, as on the command line. ``is_record_only``: kept to show what it gave; not to be relied on.
    """

    @property
    def name(self) -> str:
        """The stable name, as on the command line."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What its numbers mean, the one to rank by first."""

    @property
    def is_record_only(self) -> bool:
        """Whether it is kept for the record: neither symmetric nor the same in every run."""

    def describe(self, sight: Sight) -> Any:  # Any: each has its own description, and only it reads that
        """Return what can be computed of one picture alone.

        Raises:
            IncomparableError: there is nothing that could be compared.
        """

    def compare(self, a: Any, b: Any) -> Reading:
        """Return how alike two described pictures are; the same for b and a, and in every run.

        Raises:
            IncomparableError: it cannot be told.
        """


def sight_of(path: Path) -> Sight:
    """Return a picture as methods see it.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: it cannot be decoded.
    """
    return Sight(path=path, rgb=read_photo(path, longest_side=LONGEST_SIDE_PIXELS).rgb)
