"""What a folder holds, told by names."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.watch import Program
from pictrace.watch.survey import Bounds, Survey, survey


def fill(top: Path, *names: str) -> None:
    for name in names:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).touch()


def look(folder: Path) -> Survey:
    return survey(folder, monotonic=lambda: 0.0)


def test_photos_pairs_sidecars_and_conflicts_are_counted(tmp_path: Path) -> None:
    fill(tmp_path, "a.cr2", "a.JPG", "a.cr2.xmp", "b.jpg", "b.pp3", "x/b.nef", "x/c.heic", "x/c.dng", "film.mp4")
    fill(tmp_path, "b.sync-conflict-20240101-101010-ABCDEFG.jpg", ".hidden.jpg", ".thumbnails/t.jpg")

    found = look(tmp_path)

    assert (found.photos, found.raw_pairs, found.sidecars, found.conflicts) == (7, 2, 2, 1)
    assert found.is_complete


def test_folders_of_messengers_and_takeouts_are_named_the_outermost(tmp_path: Path) -> None:
    fill(tmp_path, "phone/WhatsApp/WhatsApp Images/a.jpg", "Takeout/Google Fotos/b.jpg", "Telegram/c.jpg")

    found = look(tmp_path)

    assert found.messengers == [tmp_path / "Telegram", tmp_path / "phone/WhatsApp"]
    assert found.takeouts == [tmp_path / "Takeout"]


def test_traces_below_are_found_and_what_is_passed_over_is_not_entered(tmp_path: Path) -> None:
    fill(tmp_path, "apps/immich/library/.immich", "My.photoslibrary/originals/a.jpg", "x/y/digikam4.db")

    found = look(tmp_path)

    assert set(found.neighbours) == {Program.IMMICH, Program.APPLE_PHOTOS, Program.DIGIKAM}
    assert found.photos == 0


def test_folders_with_a_marker_are_counted_and_not_entered(tmp_path: Path) -> None:
    fill(tmp_path, "a/.nomedia", "a/b.jpg", "c.jpg")

    found = look(tmp_path)

    assert (found.photos, found.silenced) == (1, 1)


@pytest.mark.parametrize(("head", "is_one"), [("<x:xmpmeta darktable:history=", True), ("<x:xmpmeta", False)])
def test_a_sidecar_of_darktable_is_known_by_its_words(tmp_path: Path, head: str, is_one: bool) -> None:
    (tmp_path / "a.jpg.xmp").write_text(head)

    assert look(tmp_path).has_darktable is is_one


@pytest.mark.parametrize("bounds", [Bounds(most_names=12), Bounds(seconds=2.5)])
def test_a_large_folder_is_not_looked_through_to_its_end(tmp_path: Path, bounds: Bounds) -> None:
    for number in range(10):
        fill(tmp_path, *(f"{number}/{one}.jpg" for one in range(10)))
    seconds = iter(range(100))

    found = survey(tmp_path, monotonic=lambda: float(next(seconds)), bounds=bounds)

    assert not found.is_complete
    assert found.photos < 30


def test_how_far_it_is_is_told(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "x/b.jpg")
    told: list[int] = []

    survey(tmp_path, monotonic=lambda: 0.0, progress=told.append)

    assert told == [1, 2]
