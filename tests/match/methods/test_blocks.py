"""The sums of color in blocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pictrace.match.methods import Sight
from pictrace.match.methods.blocks import Blocks, first_difference

METHOD = Blocks()


def described(rgb: np.ndarray) -> np.ndarray:
    return METHOD.describe(Sight(path=Path("drawn.png"), rgb=rgb))


def test_it_is_the_block_that_differs_most_in_one_color() -> None:
    a, b = np.full((256, 256, 3), 100, np.uint8), np.full((256, 256, 3), 100, np.uint8)
    b[32:64, 64:96, 1] = 140  # the eleventh block
    b[:16, :32, 2] = 40  # half of the first

    found = METHOD.compare(described(a), described(b))

    assert found.values == {"largest": 40.0}
    assert found.details == {"blocks-to-32-levels": 11}


def test_what_differs_nowhere_so_much_has_all_blocks_looked_at() -> None:
    a = described(np.full((256, 256, 3), 100, np.uint8))

    assert METHOD.compare(a, a).details == {"blocks-to-32-levels": 64}


def sums(seed: int, most: int) -> np.ndarray:
    """Draw sums of blocks that are whole and half levels apart."""
    return np.random.default_rng(seed).integers(0, most + 1, (64, 3), np.int64) * 512


SUMS = st.builds(sums, st.integers(0, 1000), st.integers(0, 6))


@given(SUMS, SUMS, st.sampled_from([0, 0.5, 1, 1.5, 2, 2.5, 3, 4]))
def test_an_early_exit_answers_as_the_whole_value_does(a: np.ndarray, b: np.ndarray, max_levels: float) -> None:
    found = first_difference(a, b, max_levels)

    assert (found is not None) == (METHOD.compare(a, b).values["largest"] > max_levels)


def test_an_early_exit_looks_at_nothing_behind_the_first_difference() -> None:
    a = np.zeros((64, 3), np.int64)
    b = a.copy()
    b[[5, 9], [2, 0]] = 3 * 1024

    assert first_difference(a, b, 2.9) == 5
    assert first_difference(a, b, 3) is None
