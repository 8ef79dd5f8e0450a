"""What actions take as options, before anything is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.act import ACTIONS


@pytest.mark.parametrize(
    "folder", ["", "../up", "/photos/../etc", ".pictrace/quarantine", "/photos/.pictrace", "~no-such-user/x", "a\0b", 7]
)
def test_a_folder_to_move_to_that_is_none_is_refused(folder: object) -> None:
    with pytest.raises(ValueError, match="`move"):
        ACTIONS["move"].parse(folder)


@pytest.mark.parametrize(
    ("folder", "target"),
    [("Duplicates", Path("Duplicates")), ("/srv/photos", Path("/srv/photos")), ("~/aside", Path.home() / "aside")],
)
def test_a_folder_to_move_to_is_known_beforehand(folder: str, target: Path) -> None:
    assert Path(ACTIONS["move"].parse({"to": folder})["to"]) == target
