"""Pairs that are no copies: photos among themselves, and photos with copies of other photos; seeded."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pictrace.bench.copies import Attack
from pictrace.model import Certainty, Match

# As the earlier methods were measured: 2,700 of 50 photos, beside the 1,225 pairs of photos.
_CROSSED_A_PHOTO: Final = 54
_SEED: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A pair of different pictures to compare: photos by their number; ``attack`` made a copy of the first one."""

    first: int
    second: int
    attack: Attack | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A pair of different pictures with what was said of it; None where they could not be compared."""

    file: str
    other: str
    match: Match | None
    kind: str = ""

    @property
    def relation(self) -> str:
        """The relation that was told, or ``error``."""
        return "error" if self.match is None else self.match.relation.value

    @property
    def is_false_copy(self) -> bool:
        """Whether it was surely called a copy."""
        return self.match is not None and self.match.is_sure_copy

    @property
    def is_suspected(self) -> bool:
        """Whether it was called a copy that a person is asked about."""
        match = self.match
        return match is not None and match.relation.is_copy and match.certainty is Certainty.SUSPECTED


def wrong_pairs(photos: int, attacks: Sequence[Attack], most: int | None) -> dict[int, list[Wrong]]:
    """Return the pairs to compare, by their first photo: all pairs of photos, and 54 a photo with copies of others.

    Args:
        photos: how many there are.
        attacks: what copies are made by; empty where none are.
        most: as many at most, drawn from all of them.
    """
    random = np.random.default_rng(_SEED)
    pairs = [Wrong(first=first, second=second) for first, second in itertools.combinations(range(photos), 2)]
    for first in range(photos):
        crossed = [
            Wrong(first=first, second=second, attack=attack)
            for attack in attacks
            for second in range(photos)
            if second != first
        ]
        picks = random.permutation(len(crossed))[:_CROSSED_A_PHOTO]
        pairs += [crossed[pick] for pick in sorted(picks)]
    if most is not None and most < len(pairs):
        pairs = [pairs[pick] for pick in sorted(random.permutation(len(pairs))[:most])]
    by_first: defaultdict[int, list[Wrong]] = defaultdict(list)
    for pair in pairs:
        by_first[pair.first].append(pair)
    return dict(by_first)
