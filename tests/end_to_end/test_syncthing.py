"""Two real Syncthings share a folder, and PicTrace acts on one of the two: nothing is lost on either."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pictrace.watch.syncthing import is_passed_over

from .conftest import House  # type: ignore[import-not-found]
from .syncthing import Device, alone, pair  # type: ignore[import-not-found]

Photo = Callable[..., Path]

# A line each; `|` stands for the end of a line.
PATTERNS = [
    r"",
    r"/Photos/.pictrace",
    r"/Photos/.pictrace/",
    r"Photos/.pictrace",
    r".pictrace",
    r"**/.pictrace",
    r"(?d)(?i).PICTRACE",
    r".*",
    r".[op]ic?race",
    r".[!p]ictrace",
    r".[^p]ictrace",
    r"/{Photos,Pictures}/.pictrace",
    r"/P**e",
    r"*",
    r"/Photos/.pictrace|!/Photos/.pictrace/quarantine",
    r"!/Photos/.pictrace/quarantine|/Photos/.pictrace",
    r"!*.jpg|/Photos/.pictrace",
    r"(?d)(?i)!.PICTRACE|.pictrace",
    r"/.pictrace",
    r".PICTRACE",
    r".pictrac",
    r"/*.pictrace",
    r"/Photos/.pictrace/*.jsonl",
    r"/Photos/.pictrace/quarantine|/Photos/.pictrace/root-id",
    r"/Photos/\.pictrace",
    r"/Photos/.pictrace\*",
    r"#include more.txt",
    r"// /Photos/.pictrace",
    r"",
]

RULES = """
  - name: sync conflicts
    when:
      relation: [same-bytes, same-pixels, rendition]
      duplicate: {path: "**/*.sync-conflict-*"}
    keep: [{not-in: "**/*.sync-conflict-*"}]
    do: [quarantine]
"""


@pytest.fixture
def shared(tmp_path: Path, photo: Photo) -> Iterator[tuple[House, Device, Device]]:
    """Return a house whose library is shared with another device, both with the same two photos."""
    house = House(library=tmp_path / "one/Photos", state=tmp_path / "state", config=tmp_path / "config.yaml")
    with pair(tmp_path, house.wait) as (one, two):
        photo("beach.jpg", seed=1, folder=house.library, size=(960, 720))
        photo("forest.jpg", seed=2, folder=house.library, size=(960, 720))
        level(house, one, two)
        yield house, one, two


def level(house: House, one: Device, two: Device) -> None:
    """Wait until both have the same."""
    for device in (one, two):
        device.scan()
    house.wait(lambda: one.is_level_with(two) and two.is_level_with(one), "two devices that have the same")


def edit_on_both(house: House, one: Device, two: Device, name: str, *, date: float) -> dict[str, str]:
    """Store a photo again on both devices while they do not see each other; returns what each then holds."""
    one.part()
    for device, quality, age in ((one, 90, 0), (two, 60, 60)):
        path = device.folder / name
        with Image.open(path) as image:
            image.load()
        new = device.home / "new.jpg"
        image.save(new, quality=quality)
        shutil.move(new, path)
        os.utime(path, (date - age, date - age))  # the later one stays under its name
        device.scan()
    edited = {device.home.parent.name: digest(device.folder / name) for device in (one, two)}
    one.meet()
    house.wait(lambda: one.is_connected() and two.is_connected(), "devices that meet again")
    house.wait(lambda: conflicts(one) and conflicts(two), "a conflict on both")
    level(house, one, two)
    return edited


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(folder: Path) -> set[str]:
    return {digest(path) for path in folder.rglob("*") if path.suffix == ".jpg"}


def conflicts(device: Device) -> list[str]:
    return sorted(name for name in device.names() if "sync-conflict" in name and not name.startswith(".pictrace"))


def events(house: House, kind: str) -> list[dict[str, Any]]:
    lines = (house.state.parent / "daemon.log").read_text().splitlines()
    return [one for line in lines if line.startswith("{") and (one := json.loads(line))["event"] == kind]


def troubles(house: House) -> list[str]:
    running = house.run("status")[0]["daemon"]
    return [one["cause"] for one in running["degraded"] if one["kind"] == "acts held"]


def test_a_conflict_waits_for_the_line_and_then_goes_to_a_quarantine_that_stays_on_its_device(
    shared: tuple[House, Device, Device],
) -> None:
    house, one, two = shared
    house.configure(rules=RULES, extra="brake: none\n")
    with house.daemon():
        edited = edit_on_both(house, one, two, "beach.jpg", date=1_700_000_000)
        house.wait(lambda: events(house, "finding"), "a finding")
        house.wait_idle()

        # Without the line: told, and held on both devices.
        (finding,) = events(house, "finding")
        assert (finding["relation"], finding["certainty"]) == ("rendition", "verified")
        assert "`/.pictrace` the first line of" in finding["held"]
        assert any("`/.pictrace`" in cause for cause in troubles(house))
        assert one.names() == two.names() == {"beach.jpg", "forest.jpg", *conflicts(two)}
        assert digests(one.folder) == digests(two.folder) > set(edited.values())

        # With it: put away here, and gone from the other device, which does not get the quarantine.
        for device in (one, two):
            (device.folder / ".stignore").write_text("/.pictrace\n")
        house.wait(lambda: not conflicts(one), "the conflict to be put away")
        house.wait_idle()
        level(house, one, two)
        house.wait(lambda: not conflicts(two), "the other device to hear of it")
        assert troubles(house) == []
        assert two.names() == {"beach.jpg", "forest.jpg"}
        (away,) = house.quarantined()
        assert {digest(away), digest(one.folder / "beach.jpg")} == set(edited.values())
        assert digests(two.folder) == digests(one.folder) - {digest(away)}

        # Taken back, it is on both again.
        house.run("undo", "--all", "--yes")
        house.wait(lambda: conflicts(one), "the conflict to be back")
        level(house, one, two)
        house.wait(lambda: conflicts(two), "the conflict to be back on the other device")
        house.wait_idle()
        assert digests(two.folder) == digests(one.folder) > set(edited.values())
    assert not (two.folder / ".pictrace").exists()


def test_what_is_passed_over_is_read_from_stignore_as_syncthing_reads_it(tmp_path: Path, house: House) -> None:
    ours = ("root-id", "quarantine/manifest.jsonl", "quarantine/2024-01/1a2b3c4d-photo.jpg")
    with alone(tmp_path, house.wait) as device:
        own = device.folder / "Photos/.pictrace"
        for name in ours:
            (own / name).parent.mkdir(parents=True, exist_ok=True)
            (own / name).touch()
        (device.folder / "more.txt").write_text(".pictrace\n")
        for pattern in PATTERNS:
            (device.folder / ".stignore").write_text(pattern.replace("|", "\n"))
            device.scan()

            theirs = all(device.passes_over(f"Photos/.pictrace/{name}") for name in ours)

            assert is_passed_over(device.folder, own) == theirs, pattern
