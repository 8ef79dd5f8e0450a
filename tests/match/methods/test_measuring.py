"""How pairs of files are measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from pictrace.errors import UndecodableError
from pictrace.match.methods import MethodSettings
from pictrace.match.methods.measuring import grid

Photo = Callable[..., Path]


def test_every_row_is_measured_with_every_column(photo: Photo) -> None:
    rows, columns = [photo("a.png", seed=1), photo("b.png", seed=2)], [photo("c.png", seed=1)]

    measured = grid(rows, columns, ["phash"], MethodSettings())

    values = {(one.row, one.column): one.outcomes[0].reading.values["distance"] for one in measured}
    assert values[0, 0] == 0
    assert values[1, 0] > 0


def test_a_file_that_changed_is_described_anew(photo: Photo) -> None:
    first, second = photo("a.png", seed=1), photo("b.png", seed=1)
    grid([first], [second], ["phash"], MethodSettings())
    with Image.open(photo("other.png", seed=2)) as other:
        other.save(second)

    (measured,) = grid([first], [second], ["phash"], MethodSettings())

    assert measured.outcomes[0].reading.values["distance"] > 0


def test_what_is_no_picture_is_no_score(photo: Photo, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(photo("a.jpg").read_bytes()[:600])

    with pytest.raises(UndecodableError, match=r"broken\.jpg"):
        grid([broken], [photo("b.jpg")], ["phash"], MethodSettings())
