"""Makes spoilt files by their number: the same seed and number give the same file."""

from __future__ import annotations

import random
from dataclasses import dataclass

from fuzzing.mutations import spoilt
from fuzzing.seeds import Seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoilt:
    """A spoilt file. ``of``: the picture it was."""

    name: str
    of: str
    data: bytes


class Workshop:
    """Spoils one of some pictures for each number."""

    def __init__(self, pictures: list[Seed], seed: int) -> None:
        self._pictures, self._seed = pictures, seed

    def make(self, number: int) -> Spoilt:
        """Return the file of a number."""
        dice = random.Random(f"{self._seed}-{number}")  # nosec: no secret
        picture, other = dice.choice(self._pictures), dice.choice(self._pictures)
        data = spoilt(dice, picture.data, other.data)
        return Spoilt(name=f"{number:06}{picture.suffix}", of=picture.name, data=data)
