"""``pictrace refuse``, ``tombstones`` and what `quarantine purge` leaves behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

Run = Callable[..., Any]


@pytest.fixture
def purged(pictrace: Run, photo: Callable[..., Path], tmp_path: Path) -> list[str]:
    """Have a copy put away and purged; returns the options that name the config."""
    library = tmp_path / "library"
    photo("a.jpg", folder=library)
    shutil.copyfile(library / "a.jpg", library / "b.jpg")
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\nroots:\n  - path: {json.dumps(str(library))}\nrules:\n  - include: exact-copies\n")
    config.chmod(0o600)
    options = ["--config", str(config)]
    assert pictrace("scan", "--act", "--yes", *options).code == 0
    assert pictrace("quarantine", "purge", "--older-than", "0", "--yes", *options).code == 0
    return options


def told(ran: Any, event: str) -> list[dict[str, Any]]:
    return [one for one in map(json.loads, ran.out.splitlines()) if one["event"] == event]


def test_what_was_purged_is_recognized_when_it_returns(pictrace: Run, purged: list[str], tmp_path: Path) -> None:
    library = tmp_path / "library"
    (kept,) = library.glob("*.jpg")
    shutil.copyfile(kept, library / "again.jpg")

    (stone,) = told(pictrace("tombstones", "--json", *purged), "tombstone")
    (finding,) = told(pictrace("scan", "--json", *purged), "finding")

    assert (stone["went"], stone["picture"]) == ("purged", True)
    assert (finding["returned"], Path(finding["file"]).name) == (True, "again.jpg")


def test_what_could_not_be_purged_leaves_no_tombstone(
    pictrace: Run, photo: Callable[..., Path], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    photo("a.jpg", folder=library)
    shutil.copyfile(library / "a.jpg", library / "b.jpg")
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\nroots:\n  - path: {json.dumps(str(library))}\nrules:\n  - include: exact-copies\n")
    config.chmod(0o600)
    options = ["--config", str(config)]
    pictrace("scan", "--act", "--yes", *options)
    for kept in library.glob("*.jpg"):
        kept.unlink()

    assert pictrace("quarantine", "purge", "--older-than", "0", "--yes", *options).code == 2

    assert pictrace("tombstones", *options).out == ""


def test_a_photo_is_refused_and_stays_where_it_is(pictrace: Run, photo: Callable[..., Path]) -> None:
    path = photo("a.jpg")

    (stone,) = told(pictrace("refuse", path, "--json"), "tombstone")

    assert path.exists()
    assert (stone["went"], stone["kept"], stone["picture"]) == ("refused", None, True)
    assert "no copy was kept" in pictrace("tombstones").out


def test_what_was_refused_is_explained_as_such(pictrace: Run, photo: Callable[..., Path]) -> None:
    path = photo("a.jpg")
    pictrace("scan", path.parent)
    before = told(pictrace("explain", path, "--json"), "tombstone")
    pictrace("refuse", path)

    after = told(pictrace("explain", path, "--json"), "tombstone")

    assert (before, [one["went"] for one in after]) == ([], ["refused"])
    assert "refused " in pictrace("explain", path).out


def test_what_was_refused_is_welcome_again(pictrace: Run, photo: Callable[..., Path]) -> None:
    path = photo("a.jpg")
    pictrace("refuse", path)

    assert pictrace("refuse", path, "--forget").code == 0
    assert pictrace("refuse", path, "--forget").code == 2
    assert pictrace("tombstones").out == ""


def test_what_returns_without_a_kept_copy_is_told(pictrace: Run, photo: Callable[..., Path], tmp_path: Path) -> None:
    library = tmp_path / "library"
    photo("other.jpg", folder=library, seed=9)
    pictrace("scan", library)
    path = photo("a.jpg")
    pictrace("refuse", path)
    shutil.copyfile(path, library / "again.jpg")

    (event,) = told(pictrace("scan", library, "--json"), "returned")

    assert (event["went"], event["name"], event["kept"]) == ("refused", "a.jpg", None)


RULES = """
  - {name: put away, when: {relation: rendition, duplicate: {path: "**/copy.jpg"}}, do: [quarantine]}
  - {name: again, when: {returned: true}, do: [quarantine]}
"""


@pytest.fixture
def returned(pictrace: Run, photo: Callable[..., Path], tmp_path: Path) -> list[str]:
    """Have a rendition purged, and land again beside the photo that was kept and a small one that was always there."""
    library, config = tmp_path / "library", tmp_path / "config.yaml"
    with Image.open(photo("photo.jpg", size=(640, 480))) as image:
        image.save(tmp_path / "copy.jpg", quality=60)
        image.resize((400, 300)).save(tmp_path / "small.jpg", quality=90)
    (tmp_path / "photo.jpg").rename(tmp_path / "kept.jpg")
    bytes_before = (tmp_path / "copy.jpg").read_bytes()
    config.write_text(f"version: 1\nroots:\n  - path: {json.dumps(str(library))}\nrules:{RULES}")
    config.chmod(0o600)
    options = ["--config", str(config)]
    library.mkdir()
    # One after the other: which of three copies becomes known first says which pairs are compared.
    for name in ("copy.jpg", "small.jpg", "kept.jpg"):
        (tmp_path / name).rename(library / name)
        assert pictrace("scan", *options).code == 0
    assert pictrace("scan", "--act", "--yes", *options).code == 0
    assert pictrace("quarantine", "purge", "--older-than", "0", "--yes", *options).code == 0
    (library / "again.jpg").write_bytes(bytes_before)
    return options


def test_a_rule_puts_away_what_returned_and_a_person_takes_it_back_for_good(
    pictrace: Run, returned: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "library" / "again.jpg"
    before = path.read_bytes()

    (change,) = told(pictrace("scan", "--act", "--yes", "--json", *returned), "change")
    is_away = not path.exists()
    undone = pictrace("undo", "--yes", str(change["id"]), *returned)
    again = pictrace("scan", "--act", "--yes", "--json", *returned)

    assert (change["kind"], change["rule"], is_away) == ("quarantine", "again", True)
    assert undone.code == 0
    assert path.read_bytes() == before
    assert told(again, "change") == []


def test_nothing_is_done_to_what_returned_where_the_kept_copy_is_gone(
    pictrace: Run, returned: list[str], tmp_path: Path
) -> None:
    (tmp_path / "library" / "kept.jpg").unlink()

    ran = pictrace("scan", "--act", "--yes", "--json", *returned)

    (finding,) = told(ran, "finding")
    assert {Path(finding[side]).name for side in ("file", "other")} == {"again.jpg", "small.jpg"}
    assert "returned" not in finding
    assert told(ran, "change") == []
    assert (tmp_path / "library" / "again.jpg").exists()
