"""Other programs, told by the names that they leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.watch import Program, neighbours_of
from pictrace.watch.neighbours import is_conflict_name, is_messenger_folder, is_takeout_folder, program_of


@pytest.mark.parametrize(
    ("name", "program"),
    [
        (".stfolder", Program.SYNCTHING),
        (".stignore", Program.SYNCTHING),
        (".sync_9a7b8c6d5e4f.db", Program.NEXTCLOUD),
        ("._sync_9a7b8c6d5e4f.db", Program.NEXTCLOUD),
        (".owncloudsync.log", Program.NEXTCLOUD),
        (".dropbox.cache", Program.DROPBOX),
        (".immich", Program.IMMICH),
        (".ppstorage", Program.PHOTOPRISM),
        (".ppignore", Program.PHOTOPRISM),
        ("digikam4.db", Program.DIGIKAM),
        ("Lightroom Catalog.lrcat", Program.LIGHTROOM),
        ("My Photos.photoslibrary", Program.APPLE_PHOTOS),
        ("immich", None),
        ("a.stfolder", None),
        ("digikam4.db.bak", None),
        ("IMG_0001.jpg", None),
    ],
)
def test_a_program_is_told_by_a_name(name: str, program: Program | None) -> None:
    assert program_of(name) is program


def test_traces_in_the_folder_and_above_it_are_found_the_nearest_of_each(tmp_path: Path) -> None:
    inner = tmp_path / "sync/a/Photos"
    inner.mkdir(parents=True)
    for name in ("sync/.stfolder", "sync/a/.stignore", "sync/My.lrcat", "sync/a/Photos/digikam4.db"):
        (tmp_path / name).touch()

    found = {one.program: one.trace for one in neighbours_of(inner)}

    assert found == {
        Program.DIGIKAM: inner / "digikam4.db",
        Program.SYNCTHING: tmp_path / "sync/a/.stignore",
    }


@pytest.mark.parametrize("name", ["WhatsApp Images", "Telegram", "Signal", "Messenger", "signal-2024", "com.whatsapp"])
def test_messenger_folders_are_told(name: str) -> None:
    assert is_messenger_folder(name)


@pytest.mark.parametrize("name", ["Signals", "My WhatsApp", "Holiday", "Passenger"])
def test_other_folders_are_no_messenger(name: str) -> None:
    assert not is_messenger_folder(name)


def test_takeout_folders_are_told() -> None:
    assert is_takeout_folder("Takeout")
    assert is_takeout_folder("Takeout-20240101T000000Z-001")
    assert is_takeout_folder("Google Fotos")
    assert not is_takeout_folder("Takeouts")


@pytest.mark.parametrize(
    "name",
    [
        "a.sync-conflict-20240101-101010-ABCDEFG.jpg",
        "a (conflicted copy 2024-01-02 030405).jpg",
        "a (Anna's conflicted copy 2024-01-02).jpg",
        "a_conflict-20240102-030405.jpg",
    ],
)
def test_conflict_names_are_told(name: str) -> None:
    assert is_conflict_name(name)
    assert not is_conflict_name("a conflict.jpg")
