"""Durations, sizes, rates."""

from __future__ import annotations

import pytest

from pictrace.config.units import per_hour, seconds, size_bytes


@pytest.mark.parametrize(
    ("text", "value"), [("5s", 5), ("10m", 600), ("1h", 3600), ("2d", 172800), ("250ms", 0.25), ("1.5 h", 5400)]
)
def test_durations(text: str, value: float) -> None:
    assert seconds(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "value"), [("12B", 12), ("500kB", 500_000), ("1.5MB", 1_500_000), ("2GiB", 2**31), ("1KiB", 1024)]
)
def test_sizes(text: str, value: int) -> None:
    assert size_bytes(text) == value


@pytest.mark.parametrize("text", ["", "5", "s", "5 s s", "5mb", "1e3s", "5S", "٥s", "5s\n", "-1s", "1h30m"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    for convert in (seconds, size_bytes, per_hour):
        with pytest.raises(ValueError):
            convert(text)


def test_rates() -> None:
    assert per_hour("50/h") == 50
