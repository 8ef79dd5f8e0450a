"""What speaks against acts in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.watch import Program, managed_by, managed_in, marker_claim, quarantine_claim


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a root that nobody lays claim to."""
    (tmp_path / "disk/Photos").mkdir(parents=True)
    return tmp_path / "disk/Photos"


def put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_an_ordinary_folder_is_nobodys(root: Path) -> None:
    assert managed_in(root) is None
    assert marker_claim(root) is None
    assert quarantine_claim(root, None) is None


@pytest.mark.parametrize("folder", ["", "..", "library"])
def test_immich_lays_claim_by_its_marker_at_the_root_above_or_in_it(root: Path, folder: str) -> None:
    put(root / folder / ".immich")

    claim = managed_in(root)

    assert claim is not None
    assert claim.program is Program.IMMICH
    assert "database" in claim.reason
    assert marker_claim(root) == claim


def test_a_tree_deep_in_a_root_is_claimed_and_its_neighbours_are_not(root: Path) -> None:
    put(root / "apps/immich/library/.immich")

    assert managed_in(root) is None
    assert managed_by(root / "apps/immich/library/2024/a.jpg", root=root) is not None
    assert managed_by(root / "apps/a.jpg", root=root) is None


def test_photoprism_lays_claim_to_its_storage_and_to_originals_with_its_folder(root: Path) -> None:
    put(root / ".photoprism/x.yml")
    put(root.parent / "storage/.ppstorage")

    assert managed_by(root / "a.jpg", root=root) is not None
    assert managed_by(root.parent / "storage/b.jpg", root=root.parent) is not None
    assert managed_by(root.parent / "c.jpg", root=root.parent) is None


def test_settings_of_photoprism_above_a_root_claim_nothing(root: Path) -> None:
    put(root.parent / ".photoprism/options.yml")

    assert managed_in(root) is None


def test_a_list_of_what_photoprism_passes_over_claims_nothing(root: Path) -> None:
    put(root / ".ppignore")

    assert managed_in(root) is None


def test_syncthing_lays_claim_until_the_line_is_there(root: Path) -> None:
    put(root.parent / ".stfolder")

    claim = quarantine_claim(root, None)
    assert claim is not None
    assert "`/Photos/.pictrace` the first line of" in claim.reason
    assert marker_claim(root) == claim
    (root.parent / ".stignore").write_text("/Photos/.pictrace\n")
    assert quarantine_claim(root, None) is None
    assert marker_claim(root) is None


def test_a_quarantine_outside_may_be_filled_and_the_marker_stays_away(root: Path, tmp_path: Path) -> None:
    put(root / ".stfolder")

    assert quarantine_claim(root, tmp_path / "else") is None
    assert marker_claim(root) is not None


def test_a_quarantine_in_another_synced_folder_is_sent_away_as_well(root: Path, tmp_path: Path) -> None:
    put(tmp_path / "documents/.stfolder")

    claim = quarantine_claim(root, tmp_path / "documents/away")

    assert claim is not None
    assert "`/away`" in claim.reason


def test_a_list_that_cannot_be_understood_holds(root: Path) -> None:
    put(root / ".stfolder")
    (root / ".stignore").write_text("#include gone\n/.pictrace\n")

    claim = quarantine_claim(root, None)

    assert claim is not None
    assert "cannot be told" in claim.reason
