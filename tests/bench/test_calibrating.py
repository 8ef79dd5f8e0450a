"""Which photos are calibrated with, and which are near in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.bench.calibrating import Calibration, are_near_in_time, photos_below, row_of
from pictrace.bench.plots import of_calibration
from pictrace.bench.running import wanted
from pictrace.bench.tally import Tallies
from pictrace.imaging import read_metadata
from pictrace.match.methods import MethodSettings

Photo = Callable[..., Path]


def test_photos_lie_in_folders_below_but_not_hidden_and_no_links(photo: Photo, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    wanted = [photo("b.jpg", folder=folder), photo("a.png", folder=folder / "deep" / "er")]
    photo("c.jpg", folder=folder / ".hidden")
    photo(".d.jpg", folder=folder)
    (folder / "notes.txt").write_text("no photo")
    (folder / "e.jpg").symlink_to(wanted[0])

    assert photos_below(folder) == wanted


@pytest.mark.parametrize(
    ("other", "is_near"),
    [
        ("2024-05-01T12:00:59", True),
        ("2024-05-01T11:59:01.250+02:00", True),
        ("2024-05-01T12:02:00", False),
        ("2024-05-01", False),
        ("some day", False),
        (None, False),
    ],
)
def test_a_minute_is_near(photo: Photo, other: str | None, is_near: bool) -> None:
    plain = read_metadata(photo("a.jpg"))
    one = replace(plain, captured_at="2024-05-01T12:00:00")

    assert are_near_in_time(one, replace(plain, captured_at=other)) is is_near
    assert are_near_in_time(replace(plain, captured_at=other), one) is is_near


def test_a_method_that_could_tell_no_pair_has_no_value_to_draw() -> None:
    tallies = Tallies.empty(wanted(["thumb4"], MethodSettings()))
    (tally,) = tallies.of("thumb4")
    rows = (row_of(tally, ""),)

    png = of_calibration(
        Calibration(photos=2, copies_left_out=0, series=0, with_series=False, rows=rows, tallies=tallies)
    )

    assert png.startswith(b"\x89PNG")
