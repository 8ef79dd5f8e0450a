"""Copies of photos, made the same way each time, and the truth about each of them."""

from pictrace.bench.copies.attacks import ATTACKS, FAMILIES, Attack
from pictrace.bench.copies.canvas import Drawn, Truth, drawn, truth_of
from pictrace.bench.copies.making import Copy, Made, make, making
from pictrace.bench.copies.originals import Group, groups_in, originals_in

__all__ = [
    "ATTACKS",
    "FAMILIES",
    "Attack",
    "Copy",
    "Drawn",
    "Group",
    "Made",
    "Truth",
    "drawn",
    "groups_in",
    "make",
    "making",
    "originals_in",
    "truth_of",
]
