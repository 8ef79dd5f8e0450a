"""F22 to F24: what is no file, names that are no text, and files that are renamed all the time."""

from __future__ import annotations

import json
import os
import re
import socket
import time
import unicodedata
from pathlib import Path

from pictrace.store import Index

from .conftest import House  # type: ignore[import-not-found]
from .counting import nothing_lost  # type: ignore[import-not-found]
from .making import jpeg, stock, told  # type: ignore[import-not-found]

_NAMES = [
    b"not-\xff-utf8.jpg",
    b"new\nline.jpg",
    b"\x1b[2J\x1b[31mred.jpg",
    b"-rf.jpg",
    b"--act.jpg",
    b"x" * 246 + b".jpg",
    "emoji 🏔👩‍👩‍👧.jpg".encode(),
    b"\"double\" 'single' `back` $HOME %s {0}.jpg",
    b"<img src=x onerror=alert(1)>.jpg",
    unicodedata.normalize("NFC", "é").encode() + b".jpg",
    unicodedata.normalize("NFD", "é").encode() + b".jpg",
]


def test_f22_what_is_no_photo_file_hangs_nothing(house: House) -> None:
    """Pipes, sockets, empty files and folders with the names of photos: there at the start, and landing later."""
    known = stock(house, 2)
    library = house.library
    with (
        nothing_lost(house) as inventory,
        socket.socket(socket.AF_UNIX) as first,
        socket.socket(socket.AF_UNIX) as second,
    ):
        _put_strange_things(library, "early", first)
        inventory.note(b"")
        with house.daemon():
            _put_strange_things(library, "late", second)
            inventory.note(b"")
            inventory.land(library / "late-folder.jpg" / "copy.jpg", known[0])
            inventory.land(library / "copy.jpg", known[1])
            house.wait(lambda: len(house.quarantined()) == 2, "both copies in quarantine")
            house.wait_idle()
            with Index.read(house.state) as index:
                rows = {row.path.name for row in index.files.files()}

        assert {path.name for path in library.glob("*-*")} >= {
            f"{when}-{what}.jpg" for when in ("early", "late") for what in ("pipe", "socket", "empty", "folder")
        }
        assert rows <= {"photo-0.jpg", "photo-1.jpg", "early-empty.jpg", "late-empty.jpg"}


def _put_strange_things(library: Path, when: str, listening: socket.socket) -> None:
    os.mkfifo(library / f"{when}-pipe.jpg")
    listening.bind(str(library / f"{when}-socket.jpg"))
    (library / f"{when}-empty.jpg").touch()
    (library / f"{when}-folder.jpg").mkdir()


def test_f23_photos_with_odd_names_are_put_away_told_and_brought_back(house: House) -> None:
    known = stock(house, 2)
    with nothing_lost(house) as inventory, house.daemon():
        for number, name in enumerate(_NAMES):
            inventory.land(house.library / os.fsdecode(name), known[number % 2])
        landed = house.tree()
        house.wait(lambda: len(house.quarantined()) == len(_NAMES), "every copy in quarantine")
        house.wait_idle()
    log = (house.state.parent / "daemon.log").read_bytes().decode()
    listed = house.run("log")
    plain, _ = house.start("log").communicate(timeout=60)
    house.run("undo", "--all", "--yes")

    assert house.tree() == landed
    # JSON gives the names whole; everywhere else a name writes no line and no color of its own.
    assert {os.fsencode(Path(one["from"]).name) for one in listed} == set(_NAMES)
    assert {os.fsencode(Path(one["file"]).name) for one in told(house, "finding")} == set(_NAMES)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", log + plain)
    assert not [line for line in (log + plain).splitlines() if line.startswith("line.jpg")]
    manifest = house.library / ".pictrace" / "quarantine" / "manifest.jsonl"
    lines = [json.loads(line) for line in manifest.read_bytes().split(b"\n") if line]
    assert [line["event"] for line in lines].count("restored") == len(_NAMES)


def test_f24_a_photo_that_is_renamed_while_it_is_processed_is_known_by_its_last_name(house: House) -> None:
    house.configure(quiet="100ms")
    stock(house, 2)
    content, other = jpeg(30), jpeg(31)
    with nothing_lost(house) as inventory, house.daemon():
        path = inventory.land(house.library / "name-0.jpg", content)
        lower = inventory.land(house.library / "img_0001.jpg", other)
        for number in range(30):
            path = path.rename(house.library / f"name-{number + 1}.jpg")
            time.sleep(0.1)  # the fault itself: it is renamed all the time
        upper = lower.rename(house.library / "IMG_0001.JPG")
        house.wait_idle()
        house.wait(lambda: _known(house) >= {path.name, upper.name}, "the last names")
        inventory.land(house.library / "copy.jpg", content)
        inventory.land(house.library / "copy-too.jpg", other)
        house.wait(lambda: len(house.quarantined()) == 2, "the copies of what was renamed")
        house.wait_idle()

    assert set(house.tree()) == _known(house) == {"photo-0.jpg", "photo-1.jpg", path.name, upper.name}
    assert {Path(one["other"]).name for one in told(house, "finding")} == {path.name, upper.name}


def _known(house: House) -> set[str]:
    """Return the names of the files that are there by the index, and only those."""
    with Index.read(house.state) as index:
        return {row.path.name for row in index.files.files() if row.state.value == "present"}
