from __future__ import annotations

import numpy as np
import pytest

from pictrace.imaging import ORIENTATIONS, gray, oriented, resized

CORNERS = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)


def test_there_are_eight_orientations_and_the_first_changes_nothing():
    assert len(set(ORIENTATIONS)) == 8
    assert np.array_equal(oriented(CORNERS, 0), CORNERS)


def test_all_eight_orientations_differ():
    assert len({(oriented(CORNERS, index).shape, oriented(CORNERS, index).tobytes()) for index in range(8)}) == 8


def test_orientation_one_is_a_quarter_turn_clockwise():
    assert oriented(CORNERS, 1).tolist() == [[4, 1], [5, 2], [6, 3]]


def test_orientation_four_swaps_left_and_right():
    assert oriented(CORNERS, 4).tolist() == [[3, 2, 1], [6, 5, 4]]


def test_orientation_five_mirrors_before_it_turns():
    assert oriented(CORNERS, 5).tolist() == [[6, 3], [5, 2], [4, 1]]


@pytest.mark.parametrize("index", range(8))
def test_orientations_work_on_colors_too(index):
    colors = np.dstack([CORNERS, CORNERS + 10, CORNERS + 20])

    turned = oriented(colors, index)

    assert np.array_equal(turned[..., 1], oriented(CORNERS + 10, index))
    assert turned.flags["C_CONTIGUOUS"]


def test_gray_weighs_green_most():
    pure = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)

    assert gray(pure).tolist() == [[76, 150, 29]]


def test_shrinking_averages():
    checkers = np.tile(np.array([[0, 200], [200, 0]], np.uint8), (8, 8))

    assert np.unique(resized(checkers, 4, 4)).tolist() == [100]


def test_the_same_size_is_the_same_array():
    assert resized(CORNERS, 3, 2) is CORNERS


def test_resized_takes_width_before_height():
    assert resized(np.zeros((10, 20, 3), np.uint8), 8, 5).shape == (5, 8, 3)
