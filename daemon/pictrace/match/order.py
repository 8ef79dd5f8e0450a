"""Order statistics as numpy gives them, to the last bit, at a fraction of the time: sorting is what it does best."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def quantiles(values: Floats, shares: tuple[float, ...]) -> tuple[float, ...]:
    """Return the values below which these shares of all lie, between two by a straight line; as `numpy.quantile`.

    Args:
        values: float32 or float64, (n,), no NaN among them.
        shares: 0..1.
    """
    ordered = np.sort(values, axis=None)
    return tuple(_at(ordered, share * (ordered.size - 1)) for share in shares)


def median(values: Floats) -> float:
    """Return the middle value, or the mean of the two in the middle; as `numpy.median`.

    Args:
        values: float32 or float64, (n,), no NaN among them.
    """
    middle = values.size // 2
    parted = np.partition(values, middle, axis=None)
    upper = parted[middle]
    return float(upper if values.size % 2 else (parted[:middle].max() + upper) / values.dtype.type(2))


def _at(ordered: Floats, place: float) -> float:
    low = math.floor(place)
    part = place - low
    below, above = ordered[low], ordered[min(low + 1, ordered.size - 1)]
    step = float(above - below)
    # From the nearer one, as numpy does, so that the ends are met.
    return float(above) - step * (1 - part) if part >= 0.5 else float(below) + step * part
