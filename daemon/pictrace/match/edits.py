"""Names and measures what was done to one picture to get the other."""

from __future__ import annotations

from typing import Final

import numpy as np

from pictrace.match import blocks
from pictrace.match.equalized import Equalized, Size
from pictrace.match.overlap import Overlap
from pictrace.match.posture import Posture
from pictrace.match.surroundings import SIDES, Around
from pictrace.model import Edit, EditKind

# Rounding to whole pixels changes a side by less.
SAME_SIZE: Final = 0.006
# A change of luma, or of the colors, below this is what compression does (root mean square, levels).
_RETONED_LEVELS, _RECOLORED_LEVELS = 3.5, 6.0
# A greyscale picture has next to no chroma; its source has (levels).
_MOST_GRAY_CHROMA: Final = 1.5
_LEAST_COLOR_CHROMA: Final = 2.5
_LEAST_UNEVENNESS: Final = 0.10
# Of the frame, which is 384 pixels long at most.
_LEAST_BLUR_PIXELS: Final = 0.7
# Compression softens too.
_LEAST_BLUR_OF_POOR_JPEG: Final = 1.2
_FAIR_QUALITY: Final = 70
# A picture with noise has so much more fine detail of its own (levels).
_NOISE_LEVELS: Final = 1.0
# Beyond, one of the pictures has lost its finest detail by being resized.
_LIKE_SIZE: Final = 1.2
_NOISE_BLOCK_PIXELS: Final = 16
LEAST_OVERLAID: Final = 0.008


def shape_edits(posture: Posture, overlap: Overlap) -> list[Edit]:
    """Return what was done to the picture's shape: size, turn, mirror, crop, border, place in a collage."""
    found = []
    if abs(posture.scale - 1.0) > SAME_SIZE:
        found.append(Edit(kind=EditKind.RESIZED, scale=round(posture.scale, 4)))
    if posture.axis is not None:
        found.append(Edit(kind=EditKind.MIRRORED, axis=posture.axis))
    if posture.degrees:
        found.append(Edit(kind=EditKind.ROTATED, degrees=posture.degrees))
    if posture.has_perspective:
        found.append(Edit(kind=EditKind.PERSPECTIVE))
    if overlap.around.around is Around.SCENE:
        found.append(Edit(kind=EditKind.CROPPED, kept=round(overlap.covered, 4), box=overlap.outer_box))
    if overlap.around.around is Around.BORDER:
        # The corners that a turn leaves blank lie on no side more than on another.
        found.append(Edit(kind=EditKind.BORDERED, sides=overlap.around.sides or SIDES))
    if overlap.around.around is Around.OTHER:
        found.append(Edit(kind=EditKind.COLLAGE_TILE, box=overlap.outer_box, source_box=overlap.inner_box))
    return found


def look_edits(pair: Equalized, different: float, scale: float, least_quality: int) -> list[Edit]:
    """Return what was done to the picture's look: colors, light, softness, noise, things laid over it.

    Args:
        pair: the two pictures in one frame.
        different: share of the area that shows something else.
        scale: side of one picture / side of the other.
        least_quality: of the poorer JPEG, 1..100.
    """
    kinds = []
    is_recolored = pair.luma_levels > _RETONED_LEVELS or pair.unevenness > _LEAST_UNEVENNESS
    if not is_grayscale(pair):
        is_recolored |= pair.tone_levels > _RECOLORED_LEVELS
    if is_grayscale(pair):
        kinds.append(EditKind.GRAYSCALE)
    if is_recolored:
        kinds.append(EditKind.RECOLORED)
    has_like_size = 1 / _LIKE_SIZE < scale < _LIKE_SIZE
    least_blur = _LEAST_BLUR_PIXELS if least_quality >= _FAIR_QUALITY else _LEAST_BLUR_OF_POOR_JPEG
    if has_like_size and abs(pair.blur_pixels) >= least_blur:
        kinds.append(EditKind.BLURRED)
    if has_like_size and _noise_levels(pair) > _NOISE_LEVELS:
        kinds.append(EditKind.NOISED)
    found = [Edit(kind=kind) for kind in kinds]
    if different >= LEAST_OVERLAID:
        found.append(Edit(kind=EditKind.OVERLAID, share=round(different, 4)))
    return found


def is_grayscale(pair: Equalized) -> bool:
    """Return whether one of the two lost its colors."""
    less, more = sorted((pair.source_chroma, pair.target_chroma))
    return less <= _MOST_GRAY_CHROMA and more >= _LEAST_COLOR_CHROMA


def _noise_levels(pair: Equalized) -> float:
    """Return how much finest detail one picture has that the other one does not explain, in its quiet blocks."""
    is_known = blocks.known(pair.masks[Size.FULL], _NOISE_BLOCK_PIXELS)
    a, b = (
        blocks.cut(blocks.fine(values[Size.FULL]), _NOISE_BLOCK_PIXELS)[is_known]
        for values in (pair.expected_luma, pair.found_luma)
    )
    if not len(a):
        return 0.0
    powers, shared = ((a * a).mean(axis=1), (b * b).mean(axis=1)), (a * b).mean(axis=1)
    quiet = np.argsort(np.minimum(*powers), kind="stable")[: max(1, len(shared) // 3)]
    first, second = (float(power[quiet].mean()) for power in powers)
    unexplained = 1 - float(shared[quiet].mean()) ** 2 / max(1e-6, first * second)
    return abs(float(np.sqrt(max(0.0, first * unexplained))) - float(np.sqrt(max(0.0, second * unexplained))))
