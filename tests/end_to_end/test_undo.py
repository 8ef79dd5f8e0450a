"""A scan that acts, and all of it taken back by the command a person would give."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from .conftest import House  # type: ignore[import-not-found]

_PHOTOS = 8
_RULES = """
  - name: equal bytes
    when: {relation: same-bytes}
    do: [{tag: pictrace/copy}, quarantine]
  - name: smaller ones
    when: {relation: rendition, duplicate: {path: "**/small-[0-3].jpg"}}
    do: [{move: Copies}]
  - name: the rest
    when: {relation: rendition}
    do: [{tag: pictrace/lower-quality}]
"""


def seen(house: House) -> dict[str, tuple]:
    """Return digest, time, mode and attributes of every file outside quarantine."""
    tree = house.tree()
    paths = {name: house.library / name for name in tree}
    return {
        name: (*tree[name], path.stat().st_mode, {key: os.getxattr(path, key) for key in _keys(path)})
        for name, path in paths.items()
    }


def _keys(path: Path) -> list[str]:
    return [key for key in os.listxattr(path) if key.startswith("user.")]


def fill(house: House, photo: Callable[..., Path]) -> None:
    """Put photos in the library, each with an equal copy and a smaller one; times, modes and names are odd."""
    names = [os.fsdecode(b"copy-\xff"), "copy\nof", "-copy", "c" * 240, "copy 4", "copy'5", "copy 6", "copy 7"]
    for number in range(_PHOTOS):
        original = photo(f"{number}.jpg", seed=number, folder=house.library, size=(640, 480))
        copy = house.library / "In" / f"{names[number]}.jpg"
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(original, copy)
        small = house.library / "In" / f"small-{number}.jpg"
        with Image.open(original) as image:
            image.resize((400, 300)).save(small, quality=85)
        for path in (copy, small):
            os.utime(path, ns=(1, (-5, 10**18 + 1, 4 * 10**18)[number % 3]))
            path.chmod((0o644, 0o440, 0o600)[number % 3])
        if number % 2:
            copy.with_name(f"{copy.name}.xmp").write_text(
                '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
                '<rdf:Description rdf:about=""/></rdf:RDF></x:xmpmeta>'
            )


def test_everything_a_scan_did_is_taken_back_by_undo_all(house: House, photo: Callable[..., Path]) -> None:
    fill(house, photo)
    house.configure(rules=_RULES, extra="brake: none\n")
    before = seen(house)

    acted = house.run("scan", "--act", "--yes")
    after = seen(house)
    undone = house.run("undo", "--all", "--yes")
    again = house.run("undo", "--all", "--yes")

    kinds = [one["kind"] for one in acted if one["event"] == "change"]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"quarantine": 8 + 8, "move": 4, "tag": 8 + 4}
    assert all(one["state"] == "done" for one in acted + undone if one["event"] == "change")
    assert len(after) < len(before)
    assert seen(house) == before
    assert house.quarantined() == []
    assert not any(one["beside"] for one in undone)
    assert again == []


def test_undo_says_which_photo_came_beside_its_place(house: House, photo: Callable[..., Path]) -> None:
    photo("a.jpg", folder=house.library)
    copy = shutil.copyfile(house.library / "a.jpg", house.library / "b.jpg")
    house.configure(rules="  - include: exact-copies\n")
    house.run("scan", "--act", "--yes")
    [gone] = [path for path in (house.library / "a.jpg", copy) if not path.exists()]
    gone.write_bytes(b"another photo")

    shown = house.start("undo", "--all", "--yes")
    out, _ = shown.communicate(timeout=120)
    [undo] = [one for one in house.run("log") if one["kind"] == "undo"]

    assert "(its old place is taken)" in out
    assert undo["beside"] is True
    assert Path(undo["to"]) == gone.with_name(f"{gone.stem}~restored.jpg")
    assert Path(undo["to"]).exists()
    assert gone.read_bytes() == b"another photo"
