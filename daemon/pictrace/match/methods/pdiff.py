"""The share of pixels that a person would see to differ, once both pictures lie over each other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from pictrace.imaging import gray, resized
from pictrace.match.features import Features, features_of
from pictrace.match.hypotheses import from_points
from pictrace.match.laying import Laid
from pictrace.match.methods.base import Metric, Pixels, Reading, Sight
from pictrace.match.methods.perceived import is_seen
from pictrace.match.registration import FRAME_PIXELS, registered
from pictrace.match.scaled import Scaled

_LONGEST_SIDE_PIXELS: Final = 512
# Different photos share fewer points by chance.
_FEWEST_INLIERS: Final = 12
# Of a smaller piece nobody would say that it is the picture.
_LEAST_OVERLAP: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class PdiffDescription:
    """A picture at 512 pixels with its local features; ``identity`` puts pictures in an order."""

    identity: bytes
    rgb: Pixels
    features: Features


@dataclass(frozen=True, slots=True)
class Pdiff:
    """The share of pixels that differ to the eye after both pictures were brought to lie over each other.

    Source: Yee, «A perceptual metric for production testing», 2004, as in the project perceptualdiff, whose count of
    100 failing pixels is a share here; field of view 45°, gamma 2.2, white of 100 cd/m², color factor 1.
    The pictures are compared squashed to one size, and laid over each other as PicTrace's own matcher lays them; the
    smaller share counts.
    """

    name = "pdiff"
    metrics = (Metric(name="failing", unit="share of pixels", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> PdiffDescription:
        """Return the small picture and its features."""
        rgb = sight.fitted(_LONGEST_SIDE_PIXELS)
        identity = hashlib.sha256(repr(rgb.shape).encode() + rgb.tobytes()).digest()
        return PdiffDescription(identity=identity, rgb=rgb, features=features_of(gray(rgb)))

    def compare(self, a: PdiffDescription, b: PdiffDescription) -> Reading:
        """Return the failing share.

        Details: ``is-aligned`` tells whether the pictures were laid over each other by what they show, else they were
        squashed to one size; ``overlap`` is the share of the contained picture that was compared; ``inliers``.
        """
        # Whichever is handed in first: bringing together is not the same both ways.
        first, second = (a, b) if a.identity <= b.identity else (b, a)
        squashed = _squashed_share(first, second)
        details = {"is-aligned": 0.0, "overlap": 1.0, "inliers": 0.0}
        if not squashed:
            return Reading(values={"failing": 0.0}, details=details)
        laid, inliers = _laid(first, second)
        aligned = 1.0 if laid is None else float(is_seen(laid.inner, laid.outer)[laid.mask].mean())
        details["inliers"] = float(inliers)
        if laid is None or aligned >= squashed:
            return Reading(values={"failing": squashed}, details=details)
        details |= {"is-aligned": 1.0, "overlap": float(laid.mask.mean())}
        return Reading(values={"failing": aligned}, details=details)


def _squashed_share(first: PdiffDescription, second: PdiffDescription) -> float:
    """Return the share of failing pixels of the whole pictures, in the proportions of the smaller one."""
    height, width = min(first.rgb.shape[:2], second.rgb.shape[:2], key=lambda shape: shape[0] * shape[1])
    part = min(1.0, FRAME_PIXELS / max(height, width))
    size = max(1, round(width * part)), max(1, round(height * part))
    return float(is_seen(resized(first.rgb, *size), resized(second.rgb, *size)).mean())


def _laid(first: PdiffDescription, second: PdiffDescription) -> tuple[Laid | None, int]:
    """Return both pictures in one frame, None where too little speaks for any; and how many points do."""
    found = from_points(first.features, second.features)
    if not found:
        return None, 0
    inliers = len(found[0].points)
    laid = registered(Scaled(first.rgb), Scaled(second.rgb), found[0]) if inliers >= _FEWEST_INLIERS else None
    return (None if laid is None or np.mean(laid.mask) < _LEAST_OVERLAP else laid), inliers
