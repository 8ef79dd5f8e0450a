"""What is said of other programs that look after a root."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.cli.neighbours import Remark, advice_on, remarks_on
from pictrace.watch import Program


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a root."""
    (tmp_path / "sync/Photos").mkdir(parents=True)
    return tmp_path / "sync/Photos"


def remarks(root: Path, *, may_act: bool = True, quarantine: Path | None = None) -> list[Remark]:
    return list(remarks_on(root, may_act=may_act, quarantine=quarantine))


def test_of_an_ordinary_folder_nothing_is_said(root: Path) -> None:
    assert remarks(root) == []


def test_the_line_for_syncthing_is_shown_until_it_is_there(root: Path) -> None:
    (root.parent / ".stfolder").mkdir()

    line, why = remarks(root)

    assert line.is_fine is False
    assert f"`/Photos/.pictrace` the first line of {root.parent}/.stignore" in line.words
    assert "deleted on your other devices" in why.words
    assert ".stignore is not synced" in why.words
    (root.parent / ".stignore").write_text("/Photos/.pictrace\n")
    assert remarks(root)[0].is_fine is True


@pytest.mark.parametrize("may_act", [True, False])
def test_where_nothing_is_put_away_in_a_synced_folder_only_the_marker_is_missing(
    root: Path, tmp_path: Path, may_act: bool
) -> None:
    (root.parent / ".stfolder").mkdir()

    marker, _ = remarks(root, may_act=may_act, quarantine=tmp_path / "away" if may_act else None)

    assert marker.is_fine is None
    assert "no marker is written" in marker.words


def test_a_marker_that_is_sent_already_is_told(root: Path) -> None:
    (root.parent / ".stfolder").mkdir()
    (root / ".pictrace").mkdir()
    (root / ".pictrace/root-id").write_text("ab12")

    assert "already is sent" in remarks(root)[1].words
    (root.parent / ".stignore").write_text("/Photos/.pictrace\n")
    assert not any("already is sent" in one.words for one in remarks(root))


@pytest.mark.parametrize("may_act", [True, False])
def test_a_tree_that_immich_manages_is_wrong_for_acts_only(root: Path, may_act: bool) -> None:
    (root / "library").mkdir()
    (root / "library/.immich").touch()

    (managed,) = remarks(root, may_act=may_act)

    assert managed.is_fine is not may_act
    assert str(root / "library") in managed.words


def test_every_program_has_its_advice(root: Path) -> None:
    assert all(advice_on(program) for program in Program)
    (root / "digikam4.db").touch()
    (told,) = remarks(root)
    assert (told.about, told.is_fine) == ("digiKam", None)
