"""The packed form of local features, as ``fingerprint.orb`` writes it and ``match`` reads it."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np

DESCRIPTOR_BYTES: Final = 32
# x, y relative to the picture (0..65535 is 0..1), size in pixels, angle in 1/65536 turns.
KEYPOINT: Final = np.dtype([("x", "<u2"), ("y", "<u2"), ("size", "<u2"), ("angle", "<u2")])


class AskedFeatures(Protocol):
    """The local features of a photo asked about, plain and mirrored; each pair has a row in both of its halves."""

    @property
    def keypoints(self) -> bytes:
        """Where they lie in the upright picture, packed as `KEYPOINT`."""

    @property
    def descriptors(self) -> bytes:
        """What is seen there, 32 bytes each."""

    @property
    def mirrored_keypoints(self) -> bytes:
        """Where they lie in the picture seen in a mirror."""

    @property
    def mirrored_descriptors(self) -> bytes:
        """What is seen there in the mirror, 32 bytes each."""
