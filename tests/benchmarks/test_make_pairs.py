"""Copies are the same for the same seed, and their rows fit the files."""

from __future__ import annotations

import numpy as np
import pytest

import make_pairs
from pairs.storing import read


def _made(photos, target, attacks, seed=1):
    rows = []
    for job in make_pairs.jobs_for(make_pairs.photos_in(photos), 2, seed, attacks):
        (target / job.attack).mkdir(parents=True, exist_ok=True)
        rows.append(make_pairs.make(job, target))
    return rows


@pytest.mark.parametrize("attack", ["jpeg50", "noise10", "stickers", "collage2x2", "print", "heavy"])
def test_same_seed_makes_the_same_bytes(attack, photos, tmp_path):
    rows = _made(photos, tmp_path / "a", [attack])

    assert rows == _made(photos, tmp_path / "b", [attack])
    for row in rows:
        assert (tmp_path / "a" / row["copy"]).read_bytes() == (tmp_path / "b" / row["copy"]).read_bytes()


def test_another_seed_makes_others(photos, tmp_path):
    assert _made(photos, tmp_path / "a", ["crop40"]) != _made(photos, tmp_path / "b", ["crop40"], seed=2)


@pytest.mark.parametrize("attack", [attack.name for attack in make_pairs.ATTACKS])
def test_every_attack_stores_a_file_of_the_size_it_says(attack, photos, tmp_path):
    row = _made(photos, tmp_path, [attack])[0]

    assert list(read(tmp_path / row["copy"]).shape[1::-1]) == row["copy_size"]
    assert row["relations"]


@pytest.mark.parametrize("attack", ["stripped", "png", "exif-flag", "bytes"])
def test_attacks_on_the_metadata_leave_the_pixels_equal(attack, photos, tmp_path):
    row = _made(photos, tmp_path, [attack])[0]

    assert np.array_equal(read(tmp_path / row["copy"]), read(photos / row["original"]))
