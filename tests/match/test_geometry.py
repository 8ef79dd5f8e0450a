"""How one picture lies in another."""

import numpy as np
import pytest

from pictrace.match import geometry
from pictrace.match.laying import laid
from pictrace.match.scaled import Scaled


def test_corners_beyond_the_horizon_are_not_before_the_viewer() -> None:
    tilted = np.array([[1, 0, 0], [0, 1, 0], [0, -0.009, 1.0]])

    assert geometry.is_before(tilted, geometry.corners(100, 100))
    assert not geometry.is_before(tilted, geometry.corners(100, 130))
    assert geometry.is_before(-tilted, geometry.corners(100, 100)) is False


def test_pictures_that_both_reach_beyond_the_horizon_are_not_laid() -> None:
    picture = Scaled(np.zeros((130, 100, 3), np.uint8))
    tilted = np.array([[1, 0, 0], [0, 1, 0], [0, -0.02, 1.0]])
    middle_up, middle_down = (np.array([[1, 0, 0], [0, 1, move], [0, 0, 1.0]]) for move in (-65, 65))
    tilted = middle_down @ tilted @ middle_up

    assert laid(picture, picture, np.eye(3), 64) is not None
    assert laid(picture, picture, tilted, 64) is None


SPOTS = np.array([(0.0, 0.0), (400.0, 300.0), (130.0, 250.0)])


@pytest.mark.parametrize(
    ("matrix", "is_possible"),
    [
        (np.diag([1.0, 1.0, 1.0]), True),
        (np.diag([-0.5, 0.5, 1.0]), True),  # mirrored
        (np.diag([2.9, 1.0, 1.0]), True),
        (np.diag([3.1, 1.0, 1.0]), False),  # stretched too far
        (np.diag([25.0, 25.0, 1.0]), False),
        (np.diag([0.04, 0.04, 1.0]), False),
        (np.array([[0.0, 0.0, 50.0], [0.0, 0.0, 50.0], [0.0, 0.0, 1.0]]), False),  # all at one point
        (np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), False),  # all on one line
        (np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-0.01, 0.0, 1.0]]), False),  # beyond the horizon
        (np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0015, 0.0, 1.0]]), True),  # seen aslant
        (np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.003, 0.0, 1.0]]), False),  # from the edge
    ],
)
def test_no_copy_is_folded_or_seen_from_the_edge(matrix: np.ndarray, is_possible: bool) -> None:
    assert geometry.is_plausible(matrix, SPOTS) is is_possible


def test_many_points_at_one_place_give_no_transform() -> None:
    random = np.random.default_rng(1)

    assert geometry.estimated(random.uniform(0, 300, (40, 2)), np.full((40, 2), 50.0)) is None
