"""Copies of photographs, drawn at random but always the same, and the truth about each of them."""

from pairs.families import ATTACKS, FAMILIES, Attack
from pictrace.bench.copies.canvas import Drawn, Truth, drawn, truth_of

__all__ = ["ATTACKS", "FAMILIES", "Attack", "Drawn", "Truth", "drawn", "truth_of"]
