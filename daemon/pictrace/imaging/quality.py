"""The quality setting a JPEG was stored with, estimated from its quantisation tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# The luminance table of the JPEG standard (ITU T.81, Annex K.1); encoders scale it by the quality setting.
_STANDARD_SUM = 3685


def jpeg_quality(tables: Mapping[int, Sequence[int]]) -> int | None:
    """Return the estimated quality, 1..100, on the scale of the Independent JPEG Group.

    The sum of the luminance table is held against the standard one; encoders with tables of their own get the nearest
    setting. None where there is no table.
    """
    table = tables.get(0)
    if not table:
        return None
    percent = 100.0 * sum(table) / _STANDARD_SUM
    quality = (200.0 - percent) / 2.0 if percent <= 100 else 5000.0 / percent
    return max(1, min(100, round(quality)))
