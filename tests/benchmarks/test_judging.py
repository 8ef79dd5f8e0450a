"""Halves, shares and verdicts of the accuracy benchmark."""

from __future__ import annotations

from pathlib import Path

import pytest

from judging import edits
from judging.halves import Half, photos_of, series_pairs
from pictrace.bench.shares import Share


def _row(**values):
    base = {
        "is_copy": True,
        "relation": "edited",
        "relations": ["edited"],
        "scale": 1.0,
        "degrees": 0.0,
        "axis": None,
        "kept": 1.0,
        "box": [0, 0, 1, 1],
        "place": [0, 0, 1, 1],
        "edits": {},
        "found_edits": {},
    }
    return base | values


def test_halves_share_no_photo_and_make_up_all():
    photos = [Path(f"photo{number}.jpg") for number in range(200)]

    judged, fitted = (set(photos_of(photos, half)) for half in (Half.JUDGED, Half.FITTED))

    assert not judged & fitted
    assert judged | fitted == set(photos_of(photos, Half.ALL))
    assert 70 < len(judged) < 130


def test_a_series_lies_in_one_half_only(tmp_path):
    lines = [f"g{group}_{number}.jpg,g{group},walk" for group in range(4) for number in range(3)]
    (tmp_path / "groups.csv").write_text("\n".join(["file,group,kind", *lines]))

    groups = [{pair.group for pair in series_pairs(tmp_path, half)} for half in (Half.JUDGED, Half.FITTED)]

    assert [len(half) for half in groups] == [2, 2]
    assert not groups[0] & groups[1]
    assert len(series_pairs(tmp_path, Half.ALL)) == 4 * 3


def test_interval_is_that_of_wilson():
    low, high = Share(hits=9, n=10).interval

    assert (low, high) == (pytest.approx(0.596, abs=1e-3), pytest.approx(0.982, abs=1e-3))


def test_scale_is_held_against_three_percent():
    assert edits.scale_outcome(_row(scale=0.5, found_edits={"resized": {"scale": 0.51}})) is True
    assert edits.scale_outcome(_row(scale=0.5, found_edits={"resized": {"scale": 0.52}})) is False
    assert edits.scale_outcome(_row(scale=0.5)) is False
    assert edits.scale_outcome(_row()) is None


def test_a_turn_is_the_same_whichever_axis_it_is_told_by():
    told = {"mirrored": {"axis": "vertical"}, "rotated": {"degrees": 190.3}}

    assert edits.angle_outcome(_row(axis="horizontal", degrees=10.0, found_edits=told)) is True
    assert edits.angle_outcome(_row(degrees=359.8, found_edits={"rotated": {"degrees": 0.1}})) is True
    assert edits.angle_outcome(_row(degrees=10.0)) is False


def test_crop_that_was_not_named_is_wrong():
    cropped = _row(edits={"cropped": {}}, kept=0.5, box=[0, 0, 0.5, 1])

    assert edits.crop_outcome(cropped) is False
    assert edits.crop_outcome(cropped | {"found_edits": {"cropped": {"box": [0, 0, 0.52, 1]}}}) is True


def test_copies_that_were_missed_count_in_no_share_of_edits():
    assert edits.outcomes([_row(is_copy=False, scale=0.5)], edits.scale_outcome) == []
