"""Which wavelet coefficients are the largest, and with which sign."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import pywt
from numpy.typing import NDArray

from pictrace.match.methods.base import Metric, Pixels, Reading, Sight

_SIDE_PIXELS: Final = 128
_KEPT: Final = 40
# Beneath it a coefficient is a rounding error.
_NOTHING: Final = 1e-9
# YIQ of the NTSC in thousandths: of whole numbers gray pictures get no color but exact zeros.
_YIQ: Final = np.array([(299, 587, 114), (596, -274, -322), (211, -523, 312)], np.float32)
# By bin (0: the mean) and channel, for photographs: imgSeek, after table 1 of the paper.
_WEIGHTS: Final = np.array(
    [
        (5.00, 19.21, 34.37),
        (0.83, 1.26, 0.36),
        (1.01, 0.44, 0.45),
        (0.52, 0.53, 0.14),
        (0.47, 0.28, 0.18),
        (0.30, 0.14, 0.27),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """``means``: of Y, I and Q, 0..1 and around 0. ``keys``: the largest coefficients of all channels, sorted.

    A key holds channel, row, column and sign of one coefficient, its weight is in ``weights``.
    """

    means: NDArray[np.float64]
    keys: NDArray[np.int64]
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wavelet:
    """The 40 largest signed wavelet coefficients of each channel of a small picture: a sketch of it.

    Source: Jacobs, Finkelstein and Salesin, «Fast multiresolution image querying», 1995; weights as in imgSeek; the
    standard two-dimensional Haar transform by PyWavelets, of 128 pixels squared in YIQ.
    The paper's score is a distance that falls with each shared coefficient. Here, with w the weight of a bin,
    similarity = max(0, (sum of w over shared coefficients - sum of w0·|difference of means|) / most), where most is
    the larger of the two sums of w over all coefficients of one picture; 1 where both have none.
    """

    name = "wavelet"
    metrics = (Metric(name="similarity", unit="0 to 1", is_similarity=True, perfect=1.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> Signature:
        """Return the signature."""
        channels = _transformed(sight.squashed(_SIDE_PIXELS))
        keys, weights = zip(*(_largest(one, channel) for channel, one in enumerate(channels)), strict=True)
        means = channels[:, 0, 0] / _SIDE_PIXELS
        return Signature(means=means, keys=np.concatenate(keys), weights=np.concatenate(weights))

    def compare(self, a: Signature, b: Signature) -> Reading:
        """Return the weighted share of common coefficients, less the difference of the means."""
        is_shared = np.isin(a.keys, b.keys, assume_unique=True)
        shared = float(a.weights[is_shared].sum())
        means = float(_WEIGHTS[0] @ np.abs(a.means - b.means))
        most = max(float(a.weights.sum()), float(b.weights.sum()))
        similarity = max(0.0, (shared - means) / most if most else 1.0 - means)
        return Reading(values={"similarity": similarity}, details={"shared": float(is_shared.sum()), "means": means})


def _transformed(rgb: Pixels) -> NDArray[np.float64]:
    """Return the coefficients of Y, I and Q, float64, shape (3, 128, 128); the values of a picture are 0..1."""
    yiq = rgb.astype(np.float32) @ _YIQ.T / (1000 * 255)
    # Rows as deep as they go, then columns; imgSeek and the paper do so, other Haar transforms alternate.
    transform = pywt.fswavedecn(yiq.astype(np.float64), "haar", axes=(0, 1))
    return np.moveaxis(np.asarray(transform.coeffs), -1, 0)


def _largest(coefficients: NDArray[np.float64], channel: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return keys and weights of the largest coefficients but the mean; what is zero is not among them."""
    flat = coefficients.ravel()
    # The mean is left out; of equal ones the first counts.
    order = 1 + np.argsort(-np.abs(flat[1:]), kind="stable")[:_KEPT]
    order = np.sort(order[np.abs(flat[order]) > _NOTHING])
    keys = (channel * flat.size + order) * 2 + (flat[order] > 0)
    return keys, _WEIGHTS[_bins().ravel()[order], channel]


@functools.cache
def _bins() -> NDArray[np.int64]:
    """Return which weight belongs to each coefficient, int64, shape (128, 128): by the finer of its two scales."""
    places = np.minimum(np.arange(_SIDE_PIXELS), len(_WEIGHTS) - 1)
    return np.maximum(places[:, None], places[None, :])
