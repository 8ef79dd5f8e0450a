"""A name that is taken stays whose it is, with `renameat2` and without."""

from __future__ import annotations

import os

import pytest

from pictrace.act.changes import move_file, renaming
from pictrace.act.changes.renaming import Ends


@pytest.mark.parametrize("has_renameat2", [True, False])
def test_a_taken_name_is_never_overwritten(tmp_path, monkeypatch, has_renameat2) -> None:
    if not has_renameat2:
        monkeypatch.setattr(renaming, "_renameat2", lambda: None)
    (tmp_path / "a").write_bytes(b"mine")
    (tmp_path / "b").write_bytes(b"somebody else's")
    folder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)

    with pytest.raises(FileExistsError):
        move_file(Ends(source_folder=folder, source="a", target_folder=folder, target="b"), lambda _: None)
    os.close(folder)

    assert (tmp_path / "a").read_bytes() == b"mine"
    assert (tmp_path / "b").read_bytes() == b"somebody else's"
