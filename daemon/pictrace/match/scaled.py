"""A picture as comparing needs it: at the sizes it is asked for, each made once."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray, resized

Pixels = NDArray[np.uint8]

_THUMBNAIL_PIXELS: Final = 32
# A hub is laid over others in one or two frames, at most 384 pixels long: 0.4 MB each.
_MOST_KEPT, _MOST_KEPT_PIXELS = 3, 384 * 384


class Scaled:
    """A picture, uint8 RGB (height, width, 3), and what was made smaller of it; nobody writes into these.

    Beside the picture it keeps 1.3 MB at most.
    """

    def __init__(self, rgb: Pixels) -> None:
        """Take a picture as it was read."""
        self.rgb = rgb
        self._kept: dict[tuple[int, int], Pixels] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.rgb.shape[1], self.rgb.shape[0]

    def at(self, width_pixels: int, height_pixels: int) -> Pixels:
        """Return the picture in another size; see `imaging.resized`."""
        size = width_pixels, height_pixels
        if size in self._kept:
            return self._kept[size]
        made = resized(self.rgb, *size)
        if made is not self.rgb and width_pixels * height_pixels <= _MOST_KEPT_PIXELS:
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[size] = made
        return made

    @cached_property
    def thumbnail(self) -> NDArray[np.float32]:
        """Luma, float32 (32, 32), mean 0 and length 1: what two whole pictures are laid over each other by."""
        return self._tiny / max(1e-6, float(np.linalg.norm(self._tiny)))

    @property
    def contrast_levels(self) -> float:
        """How much the thumbnail varies before it is brought to length 1, as a standard deviation, 0..128."""
        return float(np.linalg.norm(self._tiny)) / _THUMBNAIL_PIXELS

    @cached_property
    def _tiny(self) -> NDArray[np.float32]:
        small = resized(gray(self.rgb), _THUMBNAIL_PIXELS, _THUMBNAIL_PIXELS).astype(np.float32)
        return np.asarray(small - small.mean())
