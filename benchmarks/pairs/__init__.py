"""Copies of photographs, drawn at random but always the same, and the truth about each of them."""

from pairs.canvas import Drawn, Truth, drawn, truth_of
from pairs.families import ATTACKS, FAMILIES, Attack

__all__ = ["ATTACKS", "FAMILIES", "Attack", "Drawn", "Truth", "drawn", "truth_of"]
