"""Which keypoints are kept."""

from __future__ import annotations

import cv2

from pictrace.imaging import spread


def test_the_strongest_of_each_cell_come_first_then_the_second_ones() -> None:
    points = [
        cv2.KeyPoint(x, y, 5.0, 0.0, strength)
        for x, y, strength in ((10, 10, 9.0), (15, 12, 8.0), (12, 15, 7.0), (700, 300, 1.0), (710, 310, 2.0))
    ]

    assert spread(points, (400, 800)).tolist() == [0, 4, 1, 3, 2]
