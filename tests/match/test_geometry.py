"""How one picture lies in another."""

import numpy as np

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
