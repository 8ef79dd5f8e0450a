"""Whatever lies in a folder, the command ends with a clear word and no photo changes."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

from pictrace.service.status import read_status

from .conftest import House  # type: ignore[import-not-found]

Photo = Callable[..., Path]


def test_a_scan_names_each_file_it_cannot_read(house: House, photo: Photo) -> None:
    library = house.library
    good = photo("good.jpg", folder=library)
    (library / "empty.jpg").write_bytes(b"")
    (library / "half.jpg").write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    (library / "text.jpg").write_text("no picture at all")
    os.mkfifo(library / "pipe.jpg")
    (library / "folder.jpg").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(library / "socket.jpg"))

    events = house.run("scan", str(library), "--dry-run")

    unreadable = {Path(event["file"]).name for event in events if event["event"] == "unreadable"}
    assert unreadable == {"empty.jpg", "half.jpg", "text.jpg"}
    assert events[-1]["photos"] == 4


def test_odd_names_are_found_and_named_exactly(house: House, photo: Photo) -> None:
    source = photo("plain.jpg", folder=house.library).read_bytes()
    odd = [b"not-\xff-utf8.jpg", b"new\nline.jpg", b"-rf.jpg", "emoji 🏔.jpg".encode(), b"x" * 240 + b".jpg"]
    for name in odd:
        (house.library / os.fsdecode(name)).write_bytes(source)

    events = house.run("scan", str(house.library), "--dry-run")

    named = {os.fsencode(Path(event["file"]).name) for event in events if event["event"] == "finding"}
    named |= {os.fsencode(Path(event["other"]).name) for event in events if event["event"] == "finding"}
    assert named >= set(odd) | {b"plain.jpg"}


def test_a_scan_touches_nothing(house: House, photo: Photo) -> None:
    photo("a.jpg", folder=house.library)
    before = sorted(os.listdir(house.library))

    house.run("scan", str(house.library), "--dry-run")

    assert sorted(os.listdir(house.library)) == before


def test_a_folder_that_is_not_there_is_a_usage_error(house: House) -> None:
    house.run("scan", str(house.library / "nowhere"), code=2)


def test_a_wrong_config_exits_with_78(house: House) -> None:
    house.config.write_text("version: 1\nrootz: []\n")

    process = house.start("scan", str(house.library))
    _, err = process.communicate(timeout=60)

    assert process.returncode == 78
    assert "rootz" in err
    assert f"{house.config}:2" in err


def test_a_bad_file_is_told_until_it_goes(house: House, photo: Photo) -> None:
    photo("good.jpg", folder=house.library)
    bad = house.library / "bad.jpg"

    def kinds() -> set[str]:
        return {one["kind"] for one in (read_status(house.state) or {"degraded": []})["degraded"]}

    with house.daemon():
        bad.write_text("no picture at all")
        house.wait(lambda: "unreadable" in kinds(), "the bad file in status")
        bad.unlink()
        house.wait(lambda: "unreadable" not in kinds(), "nothing said of a file that is gone")
