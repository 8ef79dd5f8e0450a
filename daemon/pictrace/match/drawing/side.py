"""What is shown of each of the two pictures, and what the other one has of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pictrace.match.drawing.canvas import Color, Pixels, Points
from pictrace.match.drawing.heat import WHOLE, View
from pictrace.match.drawing.outline import area, box_outline, outline
from pictrace.match.examination import Examination
from pictrace.model import Box, Match, Relation

_FILE_COLOR: Final[Color] = (222, 92, 0)
_OTHER_COLOR: Final[Color] = (0, 98, 196)

# An outline so near to the whole picture says nothing that its frame does not say.
_WHOLE_SHARE: Final = 0.985
# Where less of a picture is shared, that part is shown larger, with some of what lies around it.
_SMALL_SHARE: Final = 0.5
_AROUND: Final = 0.04
_LEAST_PIXELS: Final = 8
# A box that lies elsewhere than the geometry says is one that we do not understand.
_LEAST_OVERLAP: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two pictures, uint8 RGB, and what the other one has of it.

    ``shared``: the outline of the other one in it, in its pixels; None where nothing is shared. ``box``: as much of
    that as a collage or a screenshot shows, where it is measured.
    """

    tag: str
    name: str
    color: Color
    picture: Pixels
    shared: Points | None
    box: Points | None

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels."""
        return self.picture.shape[1], self.picture.shape[0]

    @property
    def outlines(self) -> list[Points]:
        """Return what is known of where the other one lies; all of it holds at once."""
        return [one for one in (self.shared, self.box) if one is not None]

    @property
    def share(self) -> float:
        """Return which part of the area the other one shows, 0..1."""
        return min((area(one) for one in self.outlines), default=0.0) / (self.size[0] * self.size[1])

    @property
    def is_whole(self) -> bool:
        """Whether the other one shows all of it."""
        return self.share >= _WHOLE_SHARE

    def view(self) -> View:
        """Return the part worth a closer look, relative: all, or what is shared where that is little."""
        share = self.share
        if share == 0 or share >= _SMALL_SHARE:
            return WHOLE
        low = np.max([one.min(axis=0) for one in self.outlines], axis=0) / self.size
        high = np.min([one.max(axis=0) for one in self.outlines], axis=0) / self.size
        # However small, it is some pixels wide.
        around = np.maximum(_AROUND * (high - low).max(), _LEAST_PIXELS / np.array(self.size))
        low, high = np.clip(low - around, 0, 1), np.clip(high + around, 0, 1)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def sides_of(examination: Examination, file_name: str, other_name: str) -> tuple[Side, Side]:
    """Return the file and the other with what each has of the other."""
    file, other, matrix = examination.file_rgb, examination.other_rgb, examination.matrix
    sizes = [(picture.shape[1], picture.shape[0]) for picture in (file, other)]
    in_file = in_other = None
    if matrix is not None:
        in_file = outline(np.asarray(np.linalg.inv(matrix), np.float64), sizes[1], sizes[0])
        in_other = outline(matrix, sizes[0], sizes[1])
    boxes = _boxes(examination.match, (in_file, in_other), sizes)
    return (
        Side(tag="FILE", name=file_name, color=_FILE_COLOR, picture=file, shared=in_file, box=boxes[0]),
        Side(tag="OTHER", name=other_name, color=_OTHER_COLOR, picture=other, shared=in_other, box=boxes[1]),
    )


def _boxes(
    match: Match, shared: tuple[Points | None, Points | None], sizes: list[tuple[int, int]]
) -> list[Points | None]:
    """Return the box of a part in the file and in the other: it lies in that picture where the outline lies too."""
    found: list[Points | None] = [None, None]
    if match.relation is not Relation.PART:
        return found
    for edit in match.edits:
        if edit.box is None:
            continue
        overlaps = [_overlap(edit.box, size, corners) for corners, size in zip(shared, sizes, strict=True)]
        larger = int(np.argmax(overlaps))
        if overlaps[larger] >= _LEAST_OVERLAP:
            found[larger] = box_outline(edit.box, sizes[larger])
            if edit.source_box is not None:
                found[1 - larger] = box_outline(edit.source_box, sizes[1 - larger])
    return found


def _overlap(box: Box, size: tuple[int, int], corners: Points | None) -> float:
    """Return how much a relative box and the box around an outline have in common, 0..1."""
    if corners is None or not len(corners):
        return 0.0
    low, high = corners.min(axis=0) / size, corners.max(axis=0) / size
    common = np.clip(np.minimum(high, box[2:]) - np.maximum(low, box[:2]), 0, None).prod()
    both = (high - low).prod() + (box[2] - box[0]) * (box[3] - box[1]) - common
    return float(common / both) if both > 0 else 0.0
