"""Two pictures as a network's vectors; `tests/imaging/test_network.py` is about the vectors themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pictrace.config import load_network
from pictrace.errors import UsageError
from pictrace.match.methods import IncomparableError, MethodSettings, chosen
from pictrace.match.methods.cnn import Cnn

TINY = load_network(Path(__file__).resolve().parents[2] / "networks" / "tiny.yaml")


def vector(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


def test_cosine_is_of_the_angle_and_l2_of_the_lengths_too() -> None:
    values = Cnn(TINY).compare(vector(3, 0, 0), vector(3, 4, 0)).values

    assert values == {"cosine": pytest.approx(0.6), "l2": pytest.approx(4.0)}
    assert Cnn(TINY).compare(vector(1, 2), vector(2, 4)).values["l2"] == pytest.approx(5**0.5)


def test_opposite_vectors_are_as_far_as_can_be() -> None:
    assert Cnn(TINY).compare(vector(1, 2), vector(-1, -2)).values["cosine"] == pytest.approx(-1.0)


def test_a_vector_of_zeros_has_no_angle_but_to_itself() -> None:
    with pytest.raises(IncomparableError, match="nothing but zeros"):
        Cnn(TINY).compare(vector(0, 0), vector(1, 0))
    assert Cnn(TINY).compare(vector(0, 0), vector(0, 0)).values == {"cosine": 1.0, "l2": 0.0}


def test_rounding_never_leads_beyond_the_perfect_value() -> None:
    random = np.random.default_rng(2)
    for _ in range(200):
        a = random.normal(size=64).astype(np.float32)
        assert Cnn(TINY).compare(a, a * np.float32(1.0000001)).values["cosine"] <= 1.0


def test_without_a_network_it_says_how_to_add_one() -> None:
    with pytest.raises(UsageError, match=r"--method cnn: no network is named; .*--network RECIPE") as refused:
        chosen(["ssim", "cnn"], MethodSettings())

    assert "\n" not in str(refused.value)
    assert refused.value.exit_code == 2


def test_all_leaves_it_out_without_a_network() -> None:
    names = [method.name for method in chosen(["all"], MethodSettings())]

    assert "cnn" not in names
    assert "phash" in names
    assert [method.name for method in chosen(["cnn"], MethodSettings(network=TINY))] == ["cnn"]
