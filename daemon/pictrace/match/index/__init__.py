"""Indexes that answer which photos are near a hash; every one gives the answers of the linear scan."""

from pictrace.match.index.base import HashIndex, Hit
from pictrace.match.index.linear import LinearIndex

ALL: tuple[type[HashIndex], ...] = (LinearIndex,)

__all__ = ["ALL", "HashIndex", "Hit", "LinearIndex"]
