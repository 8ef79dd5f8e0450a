"""The quality setting a JPEG was stored with, estimated from its quantisation tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

# The luminance table of the JPEG standard (ITU T.81, Annex K.1); encoders scale it by the quality setting.
# fmt: off
_STANDARD: Final = (
    16, 11, 10, 16,  24,  40,  51,  61,
    12, 12, 14, 19,  26,  58,  60,  55,
    14, 13, 16, 24,  40,  57,  69,  56,
    14, 17, 22, 29,  51,  87,  80,  62,
    18, 22, 37, 56,  68, 109, 103,  77,
    24, 35, 55, 64,  81, 104, 113,  92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103,  99,
)
# fmt: on


def _scaled_sum(quality: int) -> int:
    """Return the sum of the table at a quality (libjpeg, ``jpeg_quality_scaling`` and ``jpeg_add_quant_table``)."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return sum(min(255, max(1, (entry * percent + 50) // 100)) for entry in _STANDARD)


_SUMS: Final = {quality: _scaled_sum(quality) for quality in range(1, 101)}


def jpeg_quality(tables: Mapping[int, Sequence[int]]) -> int | None:
    """Return the estimated quality, 1..100, on the scale of the Independent JPEG Group.

    The sum of the luminance table is held against the sums that each setting gives. Encoders with tables of their own
    get the setting that is nearest. None where there is no table.
    """
    table = tables.get(0)
    if not table:
        return None
    total = sum(table)
    return min(_SUMS, key=lambda quality: (abs(_SUMS[quality] - total), -quality))
