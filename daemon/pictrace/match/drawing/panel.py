"""Pictures on the sheet: where each one lies, and from its pixels to those of the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pictrace.imaging import resized
from pictrace.match.drawing.canvas import Pixels, Points

# Even a picture that is a line gets as many pixels.
_LEAST_PIXELS: Final = 10
# Stacked ones take so much of the width, whatever that makes of their height.
_LEAST_WIDTH: Final = 0.75
# So much is left for the name of a narrow one.
_LEAST_COLUMN: Final = 260
# Both wider than this: one above the other shows more of them.
_WIDE: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A place on the sheet where a picture is shown; sides in pixels.

    ``source_width`` and ``source_height`` are those of the picture that is shown there.
    """

    left: int
    top: int
    width: int
    height: int
    source_width: int
    source_height: int

    @property
    def at(self) -> tuple[int, int]:
        """Return the top left corner."""
        return self.left, self.top

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height on the sheet."""
        return self.width, self.height

    @property
    def bottom(self) -> int:
        """Return where it ends."""
        return self.top + self.height

    def on_sheet(self, points: Points) -> Points:
        """Return points of the picture, (n, 2), as points of the sheet."""
        scale = np.array([self.width / self.source_width, self.height / self.source_height])
        return np.asarray(points * scale + np.array([self.left, self.top]))

    def shown(self, picture: Pixels) -> Pixels:
        """Return a picture in the size of the panel."""
        return resized(picture, self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """The place for two pictures: its width, the most height of one row of it, and what lies between and above."""

    left: int
    width: int
    most_height: int
    gap: int
    caption: int


def placed(
    first: tuple[int, int], second: tuple[int, int], space: Space, top: int, *, second_left: int | None = None
) -> tuple[Panel, Panel]:
    """Return the panels of two pictures: side by side and equally high; stacked and equally wide where both are wide.

    Args:
        first, second: width and height of the pictures.
        space: what there is.
        top: where the caption of the first begins.
        second_left: where the second should begin, as far as there is room; by itself it begins in the middle.
    """
    wides = first[0] / first[1], second[0] / second[1]
    if min(wides) >= _WIDE:
        return _stacked(first, second, space, top + space.caption)
    room = space.width - space.gap
    # Where one is extremely wide, the other keeps a column for its name.
    height = min(space.most_height, room / sum(wides), (room - _LEAST_COLUMN) / max(wides))
    widths = [max(_LEAST_PIXELS, int(height * wide)) for wide in wides]
    height = max(_LEAST_PIXELS, int(height))
    wanted = space.left + (space.width + space.gap) // 2 if second_left is None else second_left
    latest = space.left + space.width - max(widths[1], _LEAST_COLUMN)
    left = max(space.left + widths[0] + space.gap, min(wanted, latest))
    top += space.caption
    return _panel(first, (space.left, top), (widths[0], height)), _panel(second, (left, top), (widths[1], height))


def _stacked(first: tuple[int, int], second: tuple[int, int], space: Space, top: int) -> tuple[Panel, Panel]:
    widest = max(space.width * _LEAST_WIDTH, space.most_height * min(first[0] / first[1], second[0] / second[1]))
    width = int(min(space.width, widest))
    heights = [max(_LEAST_PIXELS, round(width * size[1] / size[0])) for size in (first, second)]
    below = top + heights[0] + space.gap + space.caption
    return _panel(first, (space.left, top), (width, heights[0])), _panel(
        second, (space.left, below), (width, heights[1])
    )


def _panel(source: tuple[int, int], at: tuple[int, int], size: tuple[int, int]) -> Panel:
    return Panel(left=at[0], top=at[1], width=size[0], height=size[1], source_width=source[0], source_height=source[1])
