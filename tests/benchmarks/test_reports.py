"""What is printed says what was measured."""

from __future__ import annotations

import pytest

from judging import bars, report
from judging.pairwise import verdict
from judging.scanning import Scan


def _rows(found, family="jpeg", attack="jpeg50"):
    base = {"family": family, "attack": attack, "relation": "rendition", "relations": ["rendition"], "is_large": False}
    base |= {"scale": 1.0, "degrees": 0.0, "axis": None, "kept": 1.0, "edits": {}, "found_edits": {}}
    return [base | {"is_verified": one > 1, "is_copy": one > 0} for one in found]


def _bar(lines, measure):
    return next(bar for bar in lines if bar.measure == measure)


def test_a_bar_that_is_missed_is_called_short():
    lines = bars.copy_bars(_rows([2] * 93 + [0] * 7))

    assert "**short**" in _bar(lines, "copies found, verified").line
    assert _bar(lines, "copies found, verified").n == 100


def test_the_negative_counts_in_no_mean():
    lines = bars.copy_bars([*_rows([2] * 10), *_rows([0] * 10, family="negative", attack="negative")])

    assert _bar(lines, "copies found, verified").got.startswith("1.000")


def test_suspected_copies_are_apart_from_verified_ones():
    table = report.attacks(_rows([2, 2, 1, 0]))

    assert "| jpeg50 | 4 | 2 | 1 | 3 |" in table


def test_a_false_pair_breaks_its_bar():
    pair = {"is_verified": True, "is_copy": True}

    lines = bars.negative_bars([pair], [pair | {"is_verified": False, "is_copy": False}] * 50)

    assert not _bar(lines, "false pairs between different photographs, verified").is_reached
    assert _bar(lines, "series pairs called a copy, verified").is_aim_reached


def test_a_file_without_a_link_was_not_found():
    scan = Scan(photos=3, seconds=1.0, cpu_seconds=1.0, links={"a.jpg": {"certainty": "suspected"}}, false_pairs=[])

    assert scan.outcome("a.jpg") == (False, True)
    assert scan.outcome("b.jpg") == (False, False)


def test_the_verdict_on_a_file_with_itself_is_a_copy(photo):
    found = verdict(photo("a.jpg", seed=1), photo("b.jpg", seed=1))

    assert found["is_verified"]
    assert found["relation"] == "same-pixels"


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_files_that_cannot_be_read_are_told_and_stop_nothing(content, photo, tmp_path):
    (tmp_path / "broken.jpg").write_bytes(content)

    found = verdict(tmp_path / "broken.jpg", photo("a.jpg"))

    assert found["relation"] == "unreadable"
    assert "broken.jpg" in found["error"]
