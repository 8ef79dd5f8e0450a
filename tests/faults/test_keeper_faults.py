"""F13 to F19: names that clash, keepers that go, links that look like copies."""

from __future__ import annotations

import os
from pathlib import Path

from .conftest import House  # type: ignore[import-not-found]
from .counting import nothing_lost  # type: ignore[import-not-found]
from .making import held_still, jpeg, stock, told  # type: ignore[import-not-found]

_RULES = """
  - name: aside
    when: {relation: same-bytes, duplicate: {path: "card-2/**"}}
    do:
      - move: {to: Copies}
  - include: exact-copies
"""


def test_f13_twenty_files_of_one_name_all_arrive_in_quarantine_and_in_one_folder(house: House) -> None:
    known = stock(house, 4)
    house.configure(rules=_RULES)
    with nothing_lost(house) as inventory, house.daemon():
        for number in range(20):
            inventory.land(house.library / "card-1" / f"{number}" / "IMG_0001.jpg", known[number % 4])
            inventory.land(house.library / "card-2" / f"{number}" / "IMG_0001.jpg", known[number % 4])
        house.wait(lambda: not list(house.library.glob("card-*/*/*.jpg")), "every copy put away")
        house.wait_idle()

    # What a rule moved is a copy at its new place too, and is not moved again.
    assert len(told(house, "change")) == 40
    assert len(house.quarantined()) == 20
    assert len(list(house.library.glob("Copies/IMG_0001*.jpg"))) == 20


def test_f14_f15_copies_whose_keeper_vanished_or_changed_stay(house: House) -> None:
    known = stock(house, 3)
    vanishing, changing, staying = (house.library / f"photo-{number}.jpg" for number in range(3))
    before = changing.stat()
    with nothing_lost(house) as inventory, house.daemon() as process:
        with held_still(process):
            copies = [inventory.land(house.library / f"copy-{number}.jpg", known[number]) for number in range(3)]
            vanishing.unlink()
            inventory.forget(known[0])
            # In place, and with the time it had.
            inventory.forget(known[1])
            inventory.land(changing, jpeg(50))
            os.utime(changing, ns=(before.st_atime_ns, before.st_mtime_ns))
        house.wait(lambda: not copies[2].exists(), "the copy whose keeper is whole in quarantine")
        house.wait_idle()

    assert [copy.read_bytes() for copy in copies[:2]] == known[:2]
    assert [path.read_bytes() for path in house.quarantined()] == [known[2]]
    assert staying.read_bytes() == known[2]


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
    folder.mkdir()
    with nothing_lost(house, outside) as inventory, house.daemon() as process:
        with held_still(process):
            # Its event has the daemon look at a path that leads elsewhere by then.
            inventory.land(folder / "copy.jpg", known[0])
            os.rename(folder, outside)
            os.symlink(outside, folder)
            later = inventory.land(house.library / "later.jpg", known[1])
        house.wait(lambda: not later.exists(), "the other copy in quarantine")
        house.wait_idle()

    assert os.listdir(outside) == ["copy.jpg"]
    assert folder.is_symlink()
    assert [path.read_bytes() for path in house.quarantined()] == [known[1]]
    assert [Path(one["from"]).name for one in told(house, "change") if one["state"] == "aborted"] == ["copy.jpg"]
