"""F13 to F19: names that clash, keepers that go, links that look like copies."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.service.status import read_status

from .conftest import House  # type: ignore[import-not-found]
from .counting import Inventory, nothing_lost  # type: ignore[import-not-found]
from .making import held_still, jpeg, stock, told  # type: ignore[import-not-found]

_TO_ONE_FOLDER = "  - name: aside\n    when: {relation: same-bytes}\n    do:\n      - move: {to: Copies}\n"

Spoil = Callable[[Path, Inventory], None]


@pytest.mark.parametrize("rules", ["", _TO_ONE_FOLDER], ids=["quarantine", "move"])
def test_f13_twenty_files_of_one_name_all_arrive(house: House, rules: str) -> None:
    known = stock(house, 4)
    house.configure(rules=rules)
    with nothing_lost(house) as inventory, house.daemon():
        for number in range(20):
            inventory.land(house.library / f"day-{number}" / "IMG_0001.jpg", known[number % 4])
        house.wait(lambda: not list(house.library.glob("day-*/*.jpg")), "every copy put away")
        house.wait_idle()

    assert len(house.quarantined()) + len(list(house.library.glob("Copies/*.jpg"))) == 20


def _vanish(keeper: Path, inventory: Inventory) -> None:
    inventory.forget(keeper.read_bytes())
    keeper.unlink()


def _become_another_photo(keeper: Path, inventory: Inventory) -> None:
    """Overwrite it in place, and give it the time it had."""
    before = keeper.stat()
    inventory.forget(keeper.read_bytes())
    inventory.land(keeper, jpeg(50))
    os.utime(keeper, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_vanish, id="f14 keeper vanishes"),
        pytest.param(_become_another_photo, id="f15 keeper changes"),
    ],
)
def test_f14_f15_a_copy_without_its_keeper_stays(house: House, spoil: Spoil) -> None:
    known = stock(house, 2)
    keeper = house.library / "photo-0.jpg"
    with nothing_lost(house) as inventory, house.daemon() as process:
        with held_still(process):
            copy = inventory.land(house.library / "copy.jpg", known[0])
            spoil(keeper, inventory)
            other = inventory.land(house.library / "other-copy.jpg", known[1])
        house.wait(lambda: not other.exists(), "the other copy in quarantine")
        house.wait_idle()

    assert copy.read_bytes() == known[0]
    assert [path.read_bytes() for path in house.quarantined()] == [known[1]]


def test_f16_f17_f18_links_are_no_copies_and_no_way(house: House) -> None:
    known = stock(house, 3)
    library = house.library
    with nothing_lost(house) as inventory, house.daemon():
        os.link(library / "photo-0.jpg", library / "hard.jpg")
        inventory.note(known[0])
        os.symlink("photo-1.jpg", library / "soft.jpg")
        (library / "folder").mkdir()
        os.symlink("..", library / "folder" / "up")
        inventory.land(library / "folder" / "copy.jpg", known[2])
        house.wait(lambda: len(house.quarantined()) == 1, "the one real copy, in the folder with the loop")
        house.wait_idle()

    assert [path.read_bytes() for path in house.quarantined()] == [known[2]]
    assert (library / "hard.jpg").samefile(library / "photo-0.jpg")
    assert os.readlink(library / "soft.jpg") == "photo-1.jpg"
    assert os.readlink(library / "folder" / "up") == ".."
    assert {Path(one["file"]).name for one in told(house, "finding")} == {"copy.jpg"}


def test_f19_nothing_is_touched_behind_a_link_that_took_the_place_of_a_folder(house: House, tmp_path: Path) -> None:
    known = stock(house, 3)
    folder, outside = house.library / "folder", tmp_path / "outside"
    house.configure(quiet="3s")
    folder.mkdir()
    with nothing_lost(house, outside) as inventory, house.daemon() as process:
        # Seen while it settles, so that its path is known when the folder is another one.
        inventory.land(folder / "copy.jpg", known[0])
        house.wait(lambda: (read_status(house.state) or {"pending": 0})["pending"], "the copy that settles")
        with held_still(process):
            os.rename(folder, outside)
            os.symlink(outside, folder)
            later = inventory.land(house.library / "later.jpg", known[1])
        house.wait(lambda: not later.exists(), "the other copy in quarantine")
        house.wait_idle()

    assert os.listdir(outside) == ["copy.jpg"]
    assert folder.is_symlink()
    assert [path.read_bytes() for path in house.quarantined()] == [known[1]]
