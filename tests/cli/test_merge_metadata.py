"""``merge-metadata`` from a real picture to a real sidecar, and home again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pictrace.imaging import parsed_xmp

RULES = """rules:
  - name: nothing is lost with a copy
    when: {relation: rendition}
    do: [merge-metadata]
"""


def _contents(library: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in library.iterdir() if path.is_file()}


@pytest.mark.timeout(180)
def test_what_only_a_small_copy_says_is_kept_comes_back_and_is_not_carried_again(
    pictrace: Callable[..., Any], photo: Callable[..., Path], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    photo("a.jpg", folder=library, size=(800, 600), seed=3)
    said = Image.Exif()
    said[0x010E], said[0x4746] = "By the sea", 4
    said.get_ifd(0x8825).update({1: "N", 2: (41.0, 54.0, 0.0), 3: "E", 4: (12.0, 30.0, 0.0)})
    Image.open(library / "a.jpg").resize((600, 450)).save(library / "b.jpg", quality=80, exif=said)
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\nbacklog: act\nroots:\n  - path: {json.dumps(str(library))}\n{RULES}")
    config.chmod(0o600)
    before = _contents(library)

    pictrace("scan", "--act", "--yes", "--config", config)
    after = _contents(library)
    pictrace("undo", "--all", "--yes", "--config", config)
    home = _contents(library)
    pictrace("scan", "--act", "--yes", "--config", config)

    found = parsed_xmp(after["a.jpg.xmp"], most_bytes=100_000)
    assert found is not None
    assert (found.rating, found.caption) == (4, "By the sea")
    assert found.place == pytest.approx((41.9, 12.5))
    assert set(after) == {"a.jpg", "a.jpg.xmp", "b.jpg"}
    assert home == before
    assert _contents(library) == before
